using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Generative.Tests.Scoring;

public class SchemaShapesTests
{
    private readonly DataViewSchema _schema = Schema(
        ("Label", new KeyDataViewType(typeof(uint), 3)),
        ("Features", new VectorDataViewType(NumberDataViewType.Single, 4)),
        ("Words", new VectorDataViewType(TextDataViewType.Instance)),
        ("Age", NumberDataViewType.Single));

    private static DataViewSchema Schema(params (string Name, DataViewType Type)[] columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var (name, type) in columns) builder.AddColumn(name, type);
        return builder.ToSchema();
    }

    private static string Describe(SchemaShape shape) =>
        string.Join("; ", shape.Select(column => $"{column.Name}: {column.Kind} {(column.IsKey ? "key " : "")}{column.ItemType}"));

    [Fact]
    public void AShapeSaysWhatTheSchemaSays() => Assert.Equal(
        "Label: Scalar key UInt32; Features: Vector Single; Words: VariableVector String; Age: Scalar Single", Describe(SchemaShapes.Of(_schema)));

    [Fact]
    public void AnnotationsShowInTheShape()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, ["a".AsMemory(), "b".AsMemory()]));
        var shape = SchemaShapes.With(SchemaShapes.Of(_schema),
            [new OutputColumn("Latent", new VectorDataViewType(NumberDataViewType.Single, 2), 2, annotations.ToAnnotations())]);
        var slotNames = Assert.Single(shape.Single(column => column.Name == "Latent").Annotations);
        Assert.Equal(("SlotNames", Kind.Vector), (slotNames.Name, slotNames.Kind));
    }

    [Fact]
    public void AnAddedColumnTakesThePlaceOfOneOfTheSameName() => Assert.Equal(
        "Label: Scalar key UInt32; Features: Vector Single; Words: VariableVector String; Age: Scalar Boolean; Score: Scalar Single",
        Describe(SchemaShapes.With(SchemaShapes.Of(_schema),
            [new OutputColumn("Age", BooleanDataViewType.Instance, 1), new OutputColumn("Score", NumberDataViewType.Single, 1)])));

    [Theory]
    [InlineData("Fetures", "Column 'Fetures' is not there; the columns are 'Label', 'Features', 'Words', 'Age'. It must be Vector<Single> of known size. "
        + "Make it with Concatenate, or name another column.")]
    [InlineData("Age", "Column 'Age' is Single; it must be Vector<Single> of known size. Make it with Concatenate, or name another column.")]
    [InlineData("Label", "Column 'Label' is Key<UInt32>; it must be Vector<Single> of known size. Make it with Concatenate, or name another column.")]
    [InlineData("Words", "Column 'Words' is Vector<String> of unknown size; it must be Vector<Single> of known size. Make it with Concatenate, or name another column.")]
    public void FeaturesThatWillNotDoAreNamed(string column, string message) => Assert.Equal(message,
        Assert.Throws<ArgumentException>(() => SchemaShapes.Require(SchemaShapes.Of(_schema), column, ColumnRequirement.Features)).Message);

    [Fact]
    public void ALabelThatWillNotDoIsNamed() => Assert.Equal(
        "Column 'Features' is Vector<Single>; it must be a key, a Boolean, a text or a number. Make it with MapValueToKey, or name another column.",
        Assert.Throws<ArgumentException>(() => SchemaShapes.Require(SchemaShapes.Of(_schema), "Features", ColumnRequirement.Label)).Message);

    [Fact]
    public void WhatWillDoPasses()
    {
        SchemaShapes.Require(SchemaShapes.Of(_schema), "Features", ColumnRequirement.Features);
        SchemaShapes.Require(SchemaShapes.Of(_schema), "Label", ColumnRequirement.Label);
        SchemaShapes.Require(SchemaShapes.Of(_schema), "Age", ColumnRequirement.Label);
    }
}
