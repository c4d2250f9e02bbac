using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Tests.Generation;

public class SampleDataViewTests
{
    private static readonly KeyDataViewType Key = new(typeof(uint), 2);

    private static SampleDataView View(ISampleSource source, long rows) => new(source,
    [
        new FloatSampleColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 2), 0, 2, SlotNames()),
        new FloatSampleColumn("Batch", NumberDataViewType.Single, 0),
        new FloatSampleColumn("Precise", NumberDataViewType.Double, 1),
        new FloatSampleColumn("Odd", BooleanDataViewType.Instance, 2),
        new ChoiceSampleColumn<uint>("Label", Key, [2, 1], 2),
        new ChoiceSampleColumn<ReadOnlyMemory<char>>("Name", TextDataViewType.Instance, ["even".AsMemory(), "odd".AsMemory()], 2),
        new ConstantSampleColumn<bool>("IsSynthetic", BooleanDataViewType.Instance, true),
    ], rows);

    private static DataViewSchema.Annotations SlotNames()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(2, ["a".AsMemory(), "b".AsMemory()]));
        return builder.ToAnnotations();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public void EveryColumnShowsItsPartOfTheRow(int rows)
    {
        var view = View(new CountingSource(batchRows: 4), rows);
        var places = Enumerable.Range(0, rows).Select(i => (Batch: i / 4, Row: i % 4)).ToList();

        Assert.Equal(rows, view.GetRowCount());
        Assert.Equal(places.Select(at => new[] { at.Batch, (float)at.Row }), view.GetColumn<float[]>("Features"));
        Assert.Equal(places.Select(at => (float)at.Batch), view.GetColumn<float>("Batch"));
        Assert.Equal(places.Select(at => (double)at.Row), view.GetColumn<double>("Precise"));
        Assert.Equal(places.Select(at => (at.Row + at.Batch) % 2 == 1), view.GetColumn<bool>("Odd"));
        Assert.Equal(places.Select(at => (at.Row + at.Batch) % 2 == 1 ? 1u : 2u), view.GetColumn<uint>("Label"));
        Assert.Equal(places.Select(at => (at.Row + at.Batch) % 2 == 1 ? "odd" : "even"), view.GetColumn<string>("Name"));
        Assert.Equal(places.Select(_ => true), view.GetColumn<bool>("IsSynthetic"));
    }

    [Fact]
    public void TheSchemaIsAsGiven()
    {
        var schema = View(new CountingSource(4), 1).Schema;
        Assert.Equal(["Features", "Batch", "Precise", "Odd", "Label", "Name", "IsSynthetic"], schema.Select(column => column.Name));
        Assert.Equal(Key, schema["Label"].Type);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["a", "b"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void ABatchIsDrawnOnceAndTheLastOneIsShort()
    {
        var source = new CountingSource(4);
        using var cursor = Open(View(source, 10));
        var features = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"]);
        var odd = cursor.GetGetter<bool>(cursor.Schema["Odd"]);
        VBuffer<float> vector = default;
        bool flag = false;
        while (cursor.MoveNext())
        {
            features(ref vector);
            features(ref vector);
            odd(ref flag);
        }
        Assert.Equal([(0, 4), (1, 4), (2, 2)], source.Drawn);
    }

    [Fact]
    public void NothingIsDrawnForWhatNobodyReads()
    {
        var source = new CountingSource(4);
        var view = View(source, 10);
        Assert.Equal(10, view.GetColumn<bool>("IsSynthetic").Count());
        Assert.Empty(source.Drawn);

        using var cursor = Open(view);
        var read = cursor.GetGetter<float>(view.Schema["Batch"]);
        float value = 0;
        for (int i = 0; i < 10; i++) Assert.True(cursor.MoveNext());
        read(ref value);
        Assert.Equal(2, value);
        Assert.Equal([(2, 2)], source.Drawn);
    }

    [Fact]
    public void CursorsAndThreadsSeeTheSameRows()
    {
        var view = View(new CountingSource(16), 1000);
        var expected = view.GetColumn<float[]>("Features").ToArray();
        Parallel.For(0, 8, _ => Assert.Equal(expected, view.GetColumn<float[]>("Features")));
    }

    [Fact]
    public void MemoryDoesNotGrowWithTheRows()
    {
        long few = Allocated(2_000), many = Allocated(50_000);
        Assert.True(many - few < 10_000, $"48000 more rows allocated {many - few} bytes more.");

        static long Allocated(long rows)
        {
            var view = View(new QuietSource(), rows);
            ReadAll(view);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadAll(view);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static void ReadAll(IDataView view)
        {
            using var cursor = Open(view);
            var features = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Features"]);
            var name = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Name"]);
            VBuffer<float> vector = default;
            ReadOnlyMemory<char> text = default;
            while (cursor.MoveNext())
            {
                features(ref vector);
                name(ref text);
            }
        }
    }

    [Fact]
    public void IdsAreTheRowsNumbers()
    {
        using var cursor = Open(View(new CountingSource(4), 3));
        var getter = cursor.GetIdGetter();
        DataViewRowId id = default;
        for (ulong i = 0; cursor.MoveNext(); i++)
        {
            getter(ref id);
            Assert.Equal(new DataViewRowId(i, 0), id);
        }
    }

    [Fact]
    public void NegativeRowsAreAnError() => Assert.Equal("The number of rows to draw must be 0 or more. (Parameter 'rows')\nActual value was -1.",
        Assert.Throws<ArgumentOutOfRangeException>(() => View(new CountingSource(4), -1)).Message.ReplaceLineEndings("\n"));

    [Fact]
    public void AFailedBatchIsDrawnAgainRatherThanShown()
    {
        using var cursor = Open(View(new OnceFailingSource(), 2));
        var read = cursor.GetGetter<float>(cursor.Schema["Batch"]);
        float value = 0;
        Assert.True(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => read(ref value));
        read(ref value);
        Assert.Equal(7, value);
    }

    [Fact]
    public void ASourceOfOneCursorIsClosedWithIt()
    {
        var source = new PerCursorSource();
        var view = View(source, 5);
        using (var cursor = Open(view))
        {
            Assert.Equal((1, 0), (source.Opened, source.Closed));
            Assert.True(cursor.MoveNext());
        }
        Assert.Equal((1, 1), (source.Opened, source.Closed));
    }

    private static DataViewRowCursor Open(IDataView view) => view.GetRowCursor(view.Schema);

    private sealed class QuietSource : ISampleSource
    {
        public int Width => 3;

        public void Generate(long batch, int rows, float[] destination) => Array.Clear(destination);
    }

    private sealed class OnceFailingSource : ISampleSource
    {
        private bool _failed;

        public int Width => 3;

        public void Generate(long batch, int rows, float[] destination)
        {
            if (!_failed)
            {
                _failed = true;
                throw new InvalidOperationException("Out of memory.");
            }
            Array.Fill(destination, 7);
        }
    }

    private sealed class PerCursorSource(PerCursorSource? parent = null) : ISampleSource, IDisposable
    {
        public int Opened { get; private set; }

        public int Closed { get; private set; }

        public int Width => 3;

        public void Generate(long batch, int rows, float[] destination) => Array.Clear(destination);

        public ISampleSource ForCursor()
        {
            Opened++;
            return new PerCursorSource(this);
        }

        public void Dispose() => parent!.Closed++;
    }
}
