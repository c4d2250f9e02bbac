using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Tests.Scoring;

namespace Microsoft.ML.Generative.Tests.Generation;

public class AppendedViewTests
{
    private readonly MLContext _ml = new(seed: 1);

    private AppendedView View(params int[] rows)
    {
        int id = 0;
        var schema = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(0)).Schema;
        return new AppendedView([.. rows.Select(count => new ViewPart(
            new ConformedView(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ => new ScoredInput { Id = id++, Name = $"row {id - 1}", Features = new float[3] }).ToList()),
                schema, new Dictionary<string, object>()), count))]);
    }

    [Fact]
    public void RowsComePartByPart()
    {
        var view = View(3, 0, 2, 1);
        Assert.Equal([0, 1, 2, 3, 4, 5], view.GetColumn<int>("Id"));
        Assert.Equal(6, view.GetRowCount());
    }

    [Fact]
    public void AShuffledCursorMixesThePartsAndLosesNone()
    {
        var view = View(500, 0, 300, 200);
        var order = Shuffled(view, seed: 3);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order, Shuffled(view, seed: 3));

        // hypergeometric: of any 100 rows 50 ± 4.7 come from the first part; five deviations
        for (int i = 0; i < 1000; i += 100) Assert.InRange(order.Skip(i).Take(100).Count(id => id < 500), 26, 74);
    }

    [Fact]
    public void MoreOrFewerRowsThanWereCountedAreAllRead()
    {
        var inner = View(10, 10);
        var miscounted = new AppendedView([new ViewPart(inner, 2), new ViewPart(inner, 50)]);
        Assert.Equal(Enumerable.Range(0, 20).SelectMany(id => new[] { id, id }), Shuffled(miscounted, seed: 1).Order());
    }

    [Fact]
    public void NoTwoRowsShareAnId()
    {
        var view = View(5, 5, 5);
        using var cursor = view.GetRowCursor([]);
        var getter = cursor.GetIdGetter();
        var ids = new HashSet<DataViewRowId>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            getter(ref id);
            Assert.True(ids.Add(id));
        }
        Assert.Equal(15, ids.Count);
    }

    [Fact]
    public void OnlyWantedColumnsAreOpened()
    {
        var recording = new RecordingView(_ml.Data.LoadFromEnumerable(ScoredInput.Rows(2)));
        var view = new AppendedView([new ViewPart(recording, 2), new ViewPart(recording, 2)]);
        Assert.Equal(["row 0", "row 1", "row 0", "row 1"], view.GetColumn<string>("Name"));
        Assert.Equal(["Name", "Name"], recording.Opened);
        Assert.Equal(0, recording.Open);
    }

    private static List<int> Shuffled(IDataView view, int seed)
    {
        var order = new List<int>();
        using var cursor = view.GetRowCursor([view.Schema["Id"]], new Random(seed));
        var getter = cursor.GetGetter<int>(view.Schema["Id"]);
        int id = 0;
        while (cursor.MoveNext())
        {
            getter(ref id);
            order.Add(id);
        }
        return order;
    }
}
