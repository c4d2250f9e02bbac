using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class SchemaTests
{
    public static TheoryData<DataViewType, string> Names => new()
    {
        { NumberDataViewType.Single, "Single" },
        { TextDataViewType.Instance, "String" },
        { BooleanDataViewType.Instance, "Boolean" },
        { new KeyDataViewType(typeof(uint), 5), "Key<UInt32, 0-4>" },
        { new VectorDataViewType(NumberDataViewType.Single, 12), "Vector<Single, 12>" },
        { new VectorDataViewType(NumberDataViewType.Single), "Vector<Single>" },
        { new VectorDataViewType(NumberDataViewType.Single, 1, 3), "Vector<Single, 1, 3>" },
        { new VectorDataViewType(NumberDataViewType.Single, 0, 3), "Vector<Single, *, 3>" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void TypesAreNamedAsInMessagesOfMLNet(DataViewType type, string name) => Assert.Equal(name, type.ToString());

    [Fact]
    public void TypesAreEqualByWhatTheySay()
    {
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(uint), 3));
        Assert.NotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), new KeyDataViewType(typeof(byte), 3));
        Assert.NotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 3), NumberDataViewType.UInt32);
        var vector = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        Assert.Equal(vector, new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.NotEqual(vector, new VectorDataViewType(NumberDataViewType.Single, 6));
        Assert.NotEqual(vector, new VectorDataViewType(NumberDataViewType.Double, 2, 3));
        Assert.Equal((6, true, false), (vector.Size, vector.IsKnownSize, new VectorDataViewType(NumberDataViewType.Single).IsKnownSize));
    }

    [Theory]
    [InlineData(typeof(int), 3ul)]
    [InlineData(typeof(byte), 256ul)]
    [InlineData(typeof(uint), 0ul)]
    public void ImpossibleKeysAreRefused(Type type, ulong count) => Assert.Throws<ArgumentOutOfRangeException>(() => new KeyDataViewType(type, count));

    [Fact]
    public void OfTwoColumnsWithOneNameTheLastCounts()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("a", NumberDataViewType.Single);
        builder.AddColumn("b", NumberDataViewType.Single);
        builder.AddColumn("a", TextDataViewType.Instance);
        var schema = builder.ToSchema();
        Assert.Equal(2, schema["a"].Index);
        Assert.Equal([true, false, false], schema.Select(column => column.IsHidden));
        Assert.Null(schema.GetColumnOrNull("c"));
        Assert.Contains("c", Assert.Throws<ArgumentOutOfRangeException>(() => schema["c"]).Message);
        Assert.Equal(["b", "a"], Tables.ShapeOf(schema).Select(column => column.Name)); // a shape has no hidden columns
    }

    [Fact]
    public void AnnotationsGiveTheirValues()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("flag", BooleanDataViewType.Instance, true);
        builder.Add("names", new VectorDataViewType(NumberDataViewType.Int32, 2), (ref VBuffer<int> value) => value = new(2, [3, 4]));
        var annotations = builder.ToAnnotations();
        bool flag = false;
        annotations.GetValue("flag", ref flag);
        VBuffer<int> names = default;
        annotations.GetValue("names", ref names);
        Assert.True(flag);
        Assert.Equal([3, 4], names.DenseValues());
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("other", ref flag));
        Assert.Throws<InvalidOperationException>(() => annotations.GetValue("names", ref flag));
        Assert.Throws<ArgumentException>(() => builder.Add("wrong", NumberDataViewType.Single, (ref int value) => value = 1));
    }

    [Fact]
    public void ShapeOfASchemaSaysVectorsKeysAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> _) => { });
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("scalar", NumberDataViewType.Single);
        builder.AddColumn("vector", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        builder.AddColumn("variable", new VectorDataViewType(new KeyDataViewType(typeof(byte), 3)));
        var shape = Tables.ShapeOf(builder.ToSchema());
        Assert.Equal([SchemaShape.Column.VectorKind.Scalar, SchemaShape.Column.VectorKind.Vector, SchemaShape.Column.VectorKind.VariableVector], shape.Select(c => c.Kind));
        Assert.Equal([false, false, true], shape.Select(c => c.IsKey));
        Assert.Equal([NumberDataViewType.Single, NumberDataViewType.Single, NumberDataViewType.Byte], shape.Select(c => c.ItemType));
        Assert.Equal("SlotNames", Assert.Single(shape[1].Annotations).Name);
        Assert.Null(default(SchemaShape.Column).Name);
    }

    [Fact]
    public void RowIdsForkIntoDifferentOnes()
    {
        var id = new DataViewRowId(5, 0);
        var made = new[] { id, id.Fork(), id.Next(), id.Fork().Next(), id.Next().Fork(), id.Combine(new(6, 0)), id.Combine(new(7, 0)), new DataViewRowId(6, 0).Combine(id) };
        Assert.Equal(made.Length, made.Distinct().Count());
        Assert.Equal(id.Fork(), new DataViewRowId(5, 0).Fork());
    }
}
