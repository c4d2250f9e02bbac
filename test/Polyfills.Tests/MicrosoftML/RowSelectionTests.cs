using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class RowSelectionTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Rows(int count = 20) => _ml.Data.LoadFromEnumerable(Sample.Rows(count));

    [Fact]
    public void TakeAndSkipReadNoMoreThanTheyNeed()
    {
        var rows = new CountedRows<Sample>(Sample.Rows(100));
        var part = _ml.Data.TakeRows(_ml.Data.SkipRows(_ml.Data.LoadFromEnumerable(rows), 10), 3);
        Assert.Equal([10, 11, 12], part.Ids());
        Assert.Equal(13, rows.Rows);
    }

    [Fact]
    public void TakeAndSkipKnowTheirRowCount()
    {
        var list = _ml.Data.LoadFromEnumerable(Sample.Rows(5).ToList());
        Assert.Equal(2, _ml.Data.TakeRows(list, 2).GetRowCount());
        Assert.Equal(5, _ml.Data.TakeRows(list, 9).GetRowCount());
        Assert.Equal(3, _ml.Data.SkipRows(list, 2).GetRowCount());
        Assert.Equal(0, _ml.Data.SkipRows(list, 9).GetRowCount());
        Assert.Empty(_ml.Data.SkipRows(list, 9).Ids());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(list, 0));
    }

    [Fact]
    public void FilterByColumnTakesTheLowerBoundButNotTheUpper()
    {
        var values = new[] { float.NaN, 1, 2, 3, float.PositiveInfinity };
        var view = _ml.Data.LoadFromEnumerable(values.Select((value, i) => new Sample { Id = i, Number = value, Vector = [0, 0] }));
        Assert.Equal([1, 2], _ml.Data.FilterRowsByColumn(view, "Number", 1, 3).Ids());
        Assert.Equal([3], _ml.Data.FilterRowsByColumn(view, "Number", lowerBound: 3).Ids());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(view, "Text", 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(view, "Number", 1, 1));
    }

    [Fact]
    public void FilterReadsItsColumnEvenIfNobodyElseDoes()
    {
        var view = _ml.Data.FilterRowsByColumn(Rows(), "Number", 1, 2);
        Assert.Null(view.GetRowCount());
        using var cursor = view.GetRowCursor([view.Schema["Id"]]);
        Assert.False(cursor.IsColumnActive(view.Schema["Number"]));
        int count = 0;
        while (cursor.MoveNext())
            Assert.Equal(count++, cursor.Position);
        Assert.Equal(2, count);
    }

    [Fact]
    public void FilterByKeyFractionTakesThatPartOfTheKeys()
    {
        var view = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Keyed { Id = i, Key = (uint)i }));
        Assert.Equal([0, 1, 2, 3, 4], _ml.Data.FilterRowsByKeyColumnFraction(view, "Key", 0, 0.5).Ids());
        Assert.Equal([8, 9], _ml.Data.FilterRowsByKeyColumnFraction(view, "Key", 0.8).Ids()); // 10 and 11 are missing keys
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByKeyColumnFraction(view, "Id"));
    }

    [Fact]
    public void MissingValuesAreNaNAndMissingKeys()
    {
        Keyed[] rows =
        [
            new() { Id = 0, Key = 1, Values = [1, 2] },
            new() { Id = 1, Key = 99, Values = [1, 2] },
            new() { Id = 2, Key = 1, Values = [1, float.NaN] },
            new() { Id = 3, Key = 1, Values = [float.PositiveInfinity, 0] },
        ];
        var view = _ml.Data.LoadFromEnumerable(rows);
        Assert.Equal([0, 2, 3], _ml.Data.FilterRowsByMissingValues(view, "Key").Ids());
        Assert.Equal([0, 3], _ml.Data.FilterRowsByMissingValues(view, "Key", "Values").Ids());
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(view, "Id"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByMissingValues(view));
    }

    [Fact]
    public void ShuffleGivesAllRowsOnceInAnOrderThatFollowsFromTheSeed()
    {
        var shuffled = _ml.Data.ShuffleRows(Rows(50), seed: 3, shufflePoolSize: 8);
        var ids = shuffled.Ids();
        Assert.NotEqual(Enumerable.Range(0, 50), ids);
        Assert.Equal(Enumerable.Range(0, 50), ids.Order());
        Assert.Equal(ids, shuffled.Ids());
        Assert.Equal(ids, _ml.Data.ShuffleRows(Rows(50), seed: 3, shufflePoolSize: 8).Ids());
        Assert.NotEqual(ids, _ml.Data.ShuffleRows(Rows(50), seed: 4, shufflePoolSize: 8).Ids());
        Assert.True(shuffled.CanShuffle);
    }

    [Fact]
    public void ShuffleKeepsTheColumnsOfARowTogether()
    {
        var rows = _ml.Data.CreateEnumerable<Sample>(_ml.Data.ShuffleRows(Rows(30), seed: 1, shufflePoolSize: 5), reuseRowObject: false);
        foreach (var row in rows)
            Assert.Equal((Sample.Of(row.Id).Text, row.Id / 2f, (float)-row.Id), (row.Text, row.Number, row.Vector[1]));
    }

    [Fact]
    public void ShuffleKeepsTheIdentifiersOfRows()
    {
        var view = Rows(20);
        Assert.Equal(RowIds(view).OrderBy(pair => pair.Id), RowIds(_ml.Data.ShuffleRows(view, 5, 4)).OrderBy(pair => pair.Id));

        static (int Id, DataViewRowId Row)[] RowIds(IDataView view)
        {
            var pairs = new List<(int, DataViewRowId)>();
            using var cursor = view.GetRowCursor(view.Schema);
            var (readId, readRow) = (cursor.GetGetter<int>(view.Schema["Id"]), cursor.GetIdGetter());
            int id = 0;
            DataViewRowId row = default;
            while (cursor.MoveNext())
            {
                readId(ref id);
                readRow(ref row);
                pairs.Add((id, row));
            }
            return [.. pairs];
        }
    }

    [Fact]
    public void BootstrapAndItsComplementAreTheRowsThatComeAndThoseThatDoNot()
    {
        var sample = _ml.Data.BootstrapSample(Rows(500), seed: 9).Ids();
        var rest = _ml.Data.BootstrapSample(Rows(500), seed: 9, complement: true).Ids();
        Assert.Equal(Enumerable.Range(0, 500), sample.Concat(rest).Distinct().Order());
        Assert.Empty(sample.Intersect(rest));
        Assert.InRange(sample.Length, 400, 600); // Poisson numbers of mean 1: 500 with a standard deviation of 22
        Assert.InRange(rest.Length, 130, 240); // a share of 1/e: 184 with a standard deviation of 11
        Assert.Equal(sample, _ml.Data.BootstrapSample(Rows(500), seed: 9).Ids());
    }

    [Fact]
    public void CacheReadsEachColumnOnce()
    {
        var rows = new CountedRows<Sample>(Sample.Rows(6));
        var cache = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(0, rows.Enumerations);
        Assert.Equal(Enumerable.Range(0, 6), cache.Ids());
        Assert.Equal(Enumerable.Range(0, 6), cache.Ids());
        Assert.Equal((1, 6L), (rows.Enumerations, cache.GetRowCount()));
        Assert.Equal([5f, -5], cache.GetColumn<float[]>("Vector").Last());
        Assert.Equal("t5", cache.GetColumn<string>("Text").Last());
        Assert.Equal(3, rows.Enumerations); // once more for each of the other two
        _ = cache.GetColumn<float[]>("Vector").Count();
        Assert.Equal(3, rows.Enumerations);
    }

    [Fact]
    public void CachePrefetchesTogether()
    {
        var rows = new CountedRows<Sample>(Sample.Rows(6));
        var cache = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(rows), "Id", "Text");
        _ = cache.Ids();
        _ = cache.GetColumn<string>("Text").Count();
        Assert.Equal(1, rows.Enumerations);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.Cache(Rows(), "Nowhere"));
    }

    [Fact]
    public void CacheComesInRandomOrderWhenAsked()
    {
        var cache = _ml.Data.Cache(Rows(40));
        Assert.True(cache.CanShuffle);
        var (ids, again) = (Read(new(1)), Read(new(1)));
        Assert.NotEqual(Enumerable.Range(0, 40), ids);
        Assert.Equal(Enumerable.Range(0, 40), ids.Order());
        Assert.Equal(ids, again);

        List<int> Read(Random random)
        {
            using var cursor = cache.GetRowCursor([cache.Schema["Id"]], random);
            var getter = cursor.GetGetter<int>(cache.Schema["Id"]);
            var read = new List<int>();
            for (int id = 0; cursor.MoveNext(); read.Add(id))
                getter(ref id);
            return read;
        }
    }

    [Fact]
    public void CacheKeepsSparseVectorsAndVectorsOfAnySize()
    {
        VBuffer<float>[] vectors = [new(9, 1, [2f], [5]), new(3, [1f, 2, 3]), new(0, []), new(70_000, new float[70_000])];
        var view = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(vectors.Select(vector => new SparseRow { Vector = vector })));
        Assert.Equal(vectors.Select(v => (v.Length, v.IsDense, v.GetValues().Length)),
            view.GetColumn<VBuffer<float>>("Vector").Select(v => (v.Length, v.IsDense, v.GetValues().Length)));
        Assert.Equal(2f, view.First<float>("Vector").GetItemOrDefault(5));
    }

    private sealed class Keyed
    {
        public int Id { get; set; }

        [KeyType(10)]
        public uint Key { get; set; }

        public float[] Values { get; set; } = [0];
    }

    private sealed class SparseRow
    {
        public VBuffer<float> Vector { get; set; }
    }
}
