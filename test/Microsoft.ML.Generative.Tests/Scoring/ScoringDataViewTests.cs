using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Tests.Scoring;

public class ScoringDataViewTests
{
    private readonly MLContext _ml = new(seed: 1);

    private RecordingView View(int rows) => new(_ml.Data.LoadFromEnumerable(ScoredInput.Rows(rows)));

    private static float Sum(ScoredInput row) => row.Features[0] + row.Features[1] + row.Features[2];

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(200, 1)]
    [InlineData(200, 7)]
    [InlineData(200, 199)]
    [InlineData(200, 200)]
    [InlineData(2500, 0)]
    public void EveryRowGetsItsOwnValuesWhateverTheBatch(int rows, int batchRows)
    {
        var expected = ScoredInput.Rows(rows);
        var scored = new ScoringDataView(View(rows), new SumModel(), batchRows);

        Assert.Equal(expected.Select(Sum), scored.GetColumn<float>("Score"));
        Assert.Equal(expected.Select(row => Sum(row) > 0), scored.GetColumn<bool>("Flag"));
        Assert.Equal(expected.SelectMany(row => row.Features.Select(x => 2 * x)), scored.GetColumn<float[]>("Twice").SelectMany(x => x));
    }

    [Fact]
    public void ColumnsPassedOnStayWithTheirRow()
    {
        var scored = new ScoringDataView(View(1500), new SumModel(), 64);
        using var cursor = scored.GetRowCursor(scored.Schema);
        var readName = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Name"]);
        var readFeatures = cursor.GetGetter<VBuffer<float>>(scored.Schema["Features"]);
        var readTwice = cursor.GetGetter<VBuffer<float>>(scored.Schema["Twice"]);
        ReadOnlyMemory<char> name = default;
        VBuffer<float> features = default, twice = default;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            Assert.Equal(i, cursor.Position);
            readTwice(ref twice);
            readName(ref name);
            readFeatures(ref features);
            Assert.Equal($"row {i}", name.ToString());
            Assert.Equal(features.DenseValues().Select(x => 2 * x), twice.DenseValues());
        }
        Assert.Equal(-1, cursor.Position);
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void TheInputIsReadOnceUnlessColumnsArePassedOn()
    {
        var view = View(10);
        var scored = new ScoringDataView(view, new SumModel());
        Read(scored, "Score");
        Assert.Equal(["Features"], view.Opened);

        view.Opened.Clear();
        Read(scored, "Score", "Name");
        Assert.Equal(["Features", "Name"], view.Opened);

        view.Opened.Clear();
        Read(scored, "Name", "Id");
        Assert.Equal(["Id,Name"], view.Opened);

        view.Opened.Clear();
        Read(scored);
        Assert.Equal([""], view.Opened);
        Assert.Equal(0, view.Open);
    }

    [Fact]
    public void OnlyWantedOutputsAreComputed()
    {
        var model = new SumModel();
        var scored = new ScoringDataView(View(10), model);
        Read(scored, "Flag");
        Read(scored, "Score", "Twice", "Name");
        Read(scored, "Name");
        Assert.Equal([(10, "Flag"), (10, "Score,Twice")], model.Calls);
    }

    [Fact]
    public void BatchesGrowToTheirFullSize()
    {
        var model = new SumModel();
        Read(new ScoringDataView(View(13_000), model), "Score");
        Assert.Equal([64, 128, 256, 512, 1024, 2048, 4096, 4096, 776], model.Calls.Select(call => call.Rows));

        model.Calls.Clear();
        Assert.Equal(3, _ml.Data.TakeRows(new ScoringDataView(View(5000), model), 3).GetColumn<float>("Score").Count());
        Assert.Equal([64], model.Calls.Select(call => call.Rows));
    }

    [Fact]
    public void NothingIsAllocatedPerRow()
    {
        long few = Allocated(4000), many = Allocated(24000);
        Assert.True(many - few < 20_000, $"20000 more rows allocated {many - few} bytes more.");

        long Allocated(int rows)
        {
            var scored = new ScoringDataView(new ConstantRows(rows), new SumModel(), 512);
            ReadVectors(scored);
            long before = GC.GetAllocatedBytesForCurrentThread();
            ReadVectors(scored);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        static void ReadVectors(IDataView scored)
        {
            using var cursor = scored.GetRowCursor(scored.Schema);
            var twice = cursor.GetGetter<VBuffer<float>>(scored.Schema["Twice"]);
            var score = cursor.GetGetter<float>(scored.Schema["Score"]);
            var features = cursor.GetGetter<VBuffer<float>>(scored.Schema["Features"]);
            var id = cursor.GetIdGetter();
            VBuffer<float> vector = default, input = default;
            float number = 0;
            DataViewRowId rowId = default;
            while (cursor.MoveNext())
            {
                twice(ref vector);
                score(ref number);
                features(ref input);
                id(ref rowId);
            }
        }
    }

    [Theory]
    [InlineData("Score")]
    [InlineData("Score", "Name")]
    [InlineData("Name")]
    public void RowsKeepTheirIds(params string[] columns)
    {
        var view = View(300);
        Assert.Equal(Ids(view), Ids(new ScoringDataView(view, new SumModel(), 32), columns));
    }

    [Fact]
    public void CursorsAreIndependent()
    {
        var scored = new ScoringDataView(View(400), new SumModel(), 16);
        using var first = scored.GetRowCursor([scored.Schema["Score"]]);
        using var second = scored.GetRowCursor([scored.Schema["Score"]]);
        var readFirst = first.GetGetter<float>(scored.Schema["Score"]);
        var readSecond = second.GetGetter<float>(scored.Schema["Score"]);
        var expected = ScoredInput.Rows(400).Select(Sum).ToArray();
        float value = 0;
        for (int i = 0; first.MoveNext(); i++)
        {
            if (i % 2 == 0) second.MoveNext();
            readFirst(ref value);
            Assert.Equal(expected[i], value);
            readSecond(ref value);
            Assert.Equal(expected[i / 2], value);
        }
    }

    [Fact]
    public void ThreadsMayReadAtOnce()
    {
        var scored = new ScoringDataView(_ml.Data.LoadFromEnumerable(ScoredInput.Rows(3000)), new SumModel(), 50);
        var expected = ScoredInput.Rows(3000).Select(Sum).ToArray();
        Parallel.For(0, 8, _ => Assert.Equal(expected, scored.GetColumn<float>("Score")));
    }

    [Fact]
    public void ShufflingIsRefusedAndTheOrderKept()
    {
        var scored = new ScoringDataView(View(500), new SumModel());
        Assert.False(scored.CanShuffle);
        Assert.Equal(500, scored.GetRowCount());
        var cursor = Assert.Single(scored.GetRowCursorSet(scored.Schema, 4, new Random(1)));
        var readId = cursor.GetGetter<int>(scored.Schema["Id"]);
        for (int i = 0, id = 0; cursor.MoveNext(); i++)
        {
            readId(ref id);
            Assert.Equal(i, id);
        }
    }

    [Fact]
    public void AnAddedColumnHidesOneOfTheSameName()
    {
        var scored = new ScoringDataView(View(5), new SumModel("Name"));
        Assert.Equal(["Id", "Name", "Name", "Features", "Flag", "Twice"], scored.Schema.Select(column => column.Name));
        Assert.True(scored.Schema[1].IsHidden);
        Assert.Equal(ScoredInput.Rows(5).Select(Sum), scored.GetColumn<float>("Name"));
        Assert.Equal(["row 0", "row 1", "row 2", "row 3", "row 4"], scored.GetColumn<string>(scored.Schema[1]));
    }

    [Fact]
    public void OtherColumnsAreClosedToTheReader()
    {
        var scored = new ScoringDataView(View(5), new SumModel());
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        Assert.True(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.False(cursor.IsColumnActive(scored.Schema["Flag"]));
        Assert.False(cursor.IsColumnActive(scored.Schema["Features"]));
        Assert.Equal("Column 'Flag' is not active in this row. Name it among the columns needed when the cursor is opened.",
            Assert.Throws<ArgumentException>(() => cursor.GetGetter<bool>(scored.Schema["Flag"])).Message);
        Assert.Equal("Column 'Score' is Single: its getter takes System.Single, not System.Boolean.",
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<bool>(scored.Schema["Score"])).Message);
    }

    [Fact]
    public void ReadingBeforeTheFirstOrAfterTheLastRowIsAnError()
    {
        var scored = new ScoringDataView(View(1), new SumModel());
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var read = cursor.GetGetter<float>(scored.Schema["Score"]);
        float value = 0;
        Assert.Throws<InvalidOperationException>(() => read(ref value));
        Assert.True(cursor.MoveNext());
        read(ref value);
        Assert.False(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => read(ref value));
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(20)]
    public void AnInputThatChangesBetweenTwoReadsIsAnError(int change)
    {
        int rows = 100;
        var changing = _ml.Data.LoadFromEnumerable(Changing());
        var scored = new ScoringDataView(changing, new SumModel());
        Assert.Equal("The input had another number of rows when it was read a second time. "
            + "It must give the same rows each time; if it cannot, cache it with Data.Cache.",
            Assert.Throws<InvalidOperationException>(() => Read(scored, "Score", "Name")).Message);

        IEnumerable<ScoredInput> Changing()
        {
            rows += change;
            foreach (var row in ScoredInput.Rows(rows)) yield return row;
        }
    }

    [Fact]
    public void CursorsAreClosedWhenTheModelFails()
    {
        var view = View(5);
        var scored = new ScoringDataView(view, new FailingModel());
        Assert.Throws<InvalidOperationException>(() => scored.GetRowCursor([scored.Schema["Score"], scored.Schema["Name"]]));
        Assert.Equal(0, view.Open);
    }

    private static void Read(IDataView view, params string[] columns)
    {
        using var cursor = view.GetRowCursor(columns.Select(name => view.Schema[name]));
        while (cursor.MoveNext())
        {
        }
    }

    private static List<DataViewRowId> Ids(IDataView view, params string[] columns)
    {
        var ids = new List<DataViewRowId>();
        using var cursor = view.GetRowCursor(columns.Select(name => view.Schema[name]));
        var getter = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getter(ref id);
            ids.Add(id);
        }
        return ids;
    }
}
