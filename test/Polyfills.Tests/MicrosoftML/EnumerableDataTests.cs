using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class EnumerableDataTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void NothingIsEnumeratedBeforeACursorMoves()
    {
        var rows = new CountedRows<Sample>(Sample.Rows(5));
        var view = _ml.Data.LoadFromEnumerable(rows);
        Assert.Null(view.GetRowCount());
        using (var cursor = view.GetRowCursor(view.Schema))
        {
            Assert.Equal(0, rows.Rows);
            Assert.True(cursor.MoveNext());
            Assert.Equal(1, rows.Rows);
        }
        Assert.Equal([0, 1, 2, 3, 4], view.Ids());
        Assert.Equal([0, 1, 2, 3, 4], view.Ids());
        Assert.Equal(3, rows.Enumerations);
    }

    [Fact]
    public void CollectionsKnowTheirRowCount() => Assert.Equal(7, _ml.Data.LoadFromEnumerable(Sample.Rows(7).ToList()).GetRowCount());

    [Fact]
    public void EndlessRowsCanBeTakenFrom()
    {
        IEnumerable<Sample> Endless()
        {
            for (int i = 0; ; i++)
                yield return Sample.Of(i);
        }
        Assert.Equal([0, 1, 2], _ml.Data.TakeRows(_ml.Data.LoadFromEnumerable(Endless()), 3).Ids());
    }

    [Fact]
    public void OnlyActiveColumnsAreRead()
    {
        var view = _ml.Data.LoadFromEnumerable([new Touchy()]);
        using var cursor = view.GetRowCursor([view.Schema["Fine"]]);
        Assert.True(cursor.MoveNext());
        Assert.True(cursor.IsColumnActive(view.Schema["Fine"]));
        Assert.False(cursor.IsColumnActive(view.Schema["Broken"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<float>(view.Schema["Broken"]));
        Assert.ThrowsAny<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Fine"])); // it is an int
        int value = 0;
        cursor.GetGetter<int>(view.Schema["Fine"])(ref value);
        Assert.Equal(3, value);
    }

    [Fact]
    public void CursorsAreIndependent()
    {
        var view = _ml.Data.LoadFromEnumerable(Sample.Rows(4));
        using var first = view.GetRowCursor(view.Schema);
        using var second = view.GetRowCursor(view.Schema);
        var (readFirst, readSecond) = (first.GetGetter<int>(view.Schema["Id"]), second.GetGetter<int>(view.Schema["Id"]));
        first.MoveNext();
        first.MoveNext();
        second.MoveNext();
        int a = 0, b = 0;
        readFirst(ref a);
        readSecond(ref b);
        Assert.Equal((1, 0, 1L, 0L), (a, b, first.Position, second.Position));
    }

    [Fact]
    public void CursorEndsAndStaysThere()
    {
        var view = _ml.Data.LoadFromEnumerable(Sample.Rows(1));
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.Equal(-1, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void VectorsReuseTheBufferOfTheCaller()
    {
        var view = _ml.Data.LoadFromEnumerable(Sample.Rows(3));
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Vector"]);
        var buffer = new VBuffer<float>(2, new float[2]);
        var memory = buffer.GetValues();
        while (cursor.MoveNext())
            getter(ref buffer);
        Assert.True(memory == buffer.GetValues()); // the same memory
        Assert.Equal([2f, -2], buffer.DenseValues());
    }

    [Fact]
    public void AttributesMakeTheColumns()
    {
        var schema = _ml.Data.LoadFromEnumerable(Array.Empty<Attributed>()).Schema;
        Assert.Equal(["Field", "Renamed", "Fixed", "Any", "Shaped", "Sparse", "Key", "Time"], schema.Select(column => column.Name));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Double, 3), schema["Fixed"].Type);
        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance), schema["Any"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2, 2), schema["Shaped"].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 4), schema["Key"].Type);
        Assert.Same(BooleanDataViewType.Instance, schema["Renamed"].Type);
        Assert.Same(DateTimeDataViewType.Instance, schema["Time"].Type);
    }

    [Fact]
    public void KeysCountFromOneAndTooLargeOnesAreMissing()
    {
        var view = _ml.Data.LoadFromEnumerable(new uint[] { 0, 3, 4, 9 }.Select(key => new Attributed { Key = key }));
        Assert.Equal([1u, 4, 0, 0], view.GetColumn<uint>("Key"));
        Assert.Equal([1u, 4, 0, 0], _ml.Data.CreateEnumerable<KeyOnly>(view, reuseRowObject: false).Select(row => row.Key)); // as they are
    }

    [Fact]
    public void SparseVectorsStaySparse()
    {
        var view = _ml.Data.LoadFromEnumerable([new Attributed { Sparse = new(9, 1, [2f], [5]) }]);
        var vector = view.First<float>("Sparse");
        Assert.Equal((9, 1, 2f), (vector.Length, vector.GetValues().Length, vector.GetItemOrDefault(5)));
    }

    [Fact]
    public void NullTextIsEmptyAndNullArrayHasNoValues()
    {
        var view = _ml.Data.LoadFromEnumerable([new Sample { Text = null!, Vector = null! }]);
        Assert.Equal("", view.GetColumn<string>("Text").Single());
        Assert.Equal(0, view.First<float>("Vector").Length);
    }

    [Fact]
    public void NullRowIsAnError()
    {
        var view = _ml.Data.LoadFromEnumerable(new Sample[] { null! });
        Assert.Throws<InvalidOperationException>(() => view.Ids());
    }

    [Fact]
    public void SchemaDefinitionRenamesAndRetypes()
    {
        var definition = SchemaDefinition.Create(typeof(Sample));
        definition["Vector"].ColumnType = new VectorDataViewType(NumberDataViewType.Single);
        definition["Number"].ColumnName = "Weight";
        definition["Weight"].AddAnnotation("Note", "in kg", TextDataViewType.Instance);
        var schema = _ml.Data.LoadFromEnumerable(Sample.Rows(1), definition).Schema;
        Assert.False(((VectorDataViewType)schema["Vector"].Type).IsKnownSize);
        Assert.Null(schema.GetColumnOrNull("Number"));
        ReadOnlyMemory<char> note = default;
        schema["Weight"].Annotations.GetValue("Note", ref note);
        Assert.Equal("in kg", note.ToString());

        definition["Id"].ColumnType = TextDataViewType.Instance;
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Sample.Rows(1), definition));
    }

    [Fact]
    public void SchemaGivesTypesAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Answer", NumberDataViewType.Int32, 42);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Vector", new VectorDataViewType(NumberDataViewType.Single, 5), annotations.ToAnnotations());
        var schema = _ml.Data.LoadFromEnumerable(Sample.Rows(1), builder.ToSchema()).Schema;
        int answer = 0;
        schema["Vector"].Annotations.GetValue("Answer", ref answer);
        Assert.Equal((42, 5), (answer, ((VectorDataViewType)schema["Vector"].Type).Size));

        builder.AddColumn("Lacking", NumberDataViewType.Single);
        Assert.Contains("Lacking", Assert.Throws<InvalidOperationException>(() => _ml.Data.LoadFromEnumerable(Sample.Rows(1), builder.ToSchema())).Message);
    }

    [Theory]
    [InlineData(typeof(TwoNames))]
    [InlineData(typeof(KeyOfInt))]
    [InlineData(typeof(VectorOfScalar))]
    [InlineData(typeof(Unheard))]
    public void ImpossibleClassesAreRefused(Type type) => Assert.Throws<ArgumentOutOfRangeException>(() => SchemaDefinition.Create(type));

    [Fact]
    public void ObjectsComeBackAsTheyWere()
    {
        var view = _ml.Data.LoadFromEnumerable(Sample.Rows(3));
        var rows = _ml.Data.CreateEnumerable<Sample>(view, reuseRowObject: false).ToArray();
        Assert.Equal(Sample.Rows(3).Select(r => (r.Id, r.Number, r.Text, r.Vector[0], r.Vector[1])), rows.Select(r => (r.Id, r.Number, r.Text, r.Vector[0], r.Vector[1])));
        var reused = _ml.Data.CreateEnumerable<Sample>(view, reuseRowObject: true).ToArray();
        Assert.Single(reused.Distinct());
        Assert.Equal(2, reused[0].Id);
    }

    [Fact]
    public void ObjectsAreMadeAsTheyAreAskedFor()
    {
        var rows = new CountedRows<Sample>(Sample.Rows(9));
        var objects = _ml.Data.CreateEnumerable<Sample>(_ml.Data.LoadFromEnumerable(rows), reuseRowObject: false);
        Assert.Equal(0, rows.Enumerations);
        Assert.Equal(0, objects.First().Id);
        Assert.Equal(1, rows.Rows);
    }

    [Fact]
    public void MissingColumnsAreAnErrorUnlessIgnored()
    {
        var view = _ml.Data.LoadFromEnumerable([new KeyOnly { Key = 2 }]);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<Sample>(view, reuseRowObject: false));
        Assert.Equal(0, _ml.Data.CreateEnumerable<Sample>(view, false, ignoreMissingColumns: true).Single().Id);
    }

    [Fact]
    public void ColumnOfAnotherTypeIsAnError()
    {
        var definition = SchemaDefinition.Create(typeof(KeyOnly));
        definition["Key"].ColumnName = "Number";
        var view = _ml.Data.LoadFromEnumerable(Sample.Rows(1));
        string message = Assert.Throws<InvalidOperationException>(() => _ml.Data.CreateEnumerable<KeyOnly>(view, false, false, definition)).Message;
        Assert.Contains("Can't bind the IDataView column 'Number' of type 'Single' to field or property 'Key' of type 'System.UInt32'", message);
    }

    [Fact]
    public void ColumnsComeAsValuesStringsAndArrays()
    {
        var view = _ml.Data.LoadFromEnumerable(Sample.Rows(2));
        Assert.Equal(["t0", "t1"], view.GetColumn<string>("Text"));
        Assert.Equal(["t0", "t1"], view.GetColumn<ReadOnlyMemory<char>>("Text").Select(text => text.ToString()));
        Assert.Equal([[0f, 0], [1f, -1]], view.GetColumn<float[]>(view.Schema["Vector"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetColumn<float>("Id"));
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetColumn<float>("Nowhere"));
    }

#pragma warning disable CS0649 // the fields are set by nobody: only their types matter
    private sealed class Touchy
    {
        public int Fine => 3;

        public float Broken => throw new InvalidOperationException("should not be read");
    }

    private sealed class Attributed
    {
        public float Field;

        [NoColumn]
        public object? Ignored;

        [ColumnName("Renamed")]
        public bool Flag { get; set; }

        [VectorType(3)]
        public double[] Fixed { get; set; } = [];

        public string[] Any { get; set; } = [];

        [VectorType(2, 2)]
        public float[] Shaped { get; set; } = [];

        public VBuffer<float> Sparse { get; set; }

        [KeyType(4)]
        public uint Key { get; set; }

        public DateTime Time { get; set; }

        public static int NotAColumn { get; set; }
    }

    private sealed class KeyOnly
    {
        public uint Key { get; set; }
    }

    private sealed class TwoNames
    {
        [ColumnName("B")]
        public int A;
        public int B;
    }

    private sealed class KeyOfInt
    {
        [KeyType(3)]
        public int Key;
    }

    private sealed class VectorOfScalar
    {
        [VectorType(3)]
        public float Value;
    }

    private sealed class Unheard
    {
        public List<int>? Value;
    }
#pragma warning restore CS0649
}
