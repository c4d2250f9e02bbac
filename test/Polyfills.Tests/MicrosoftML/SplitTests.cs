using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class SplitTests
{
    private const int Count = 400;

    public static TheoryData<string?> SamplingKeys => [null, "Text", "Id", "Number", "Key", "Vector", "Day"];

    [Theory]
    [MemberData(nameof(SamplingKeys))]
    public void FoldsAreDisjointAndCoverAllRows(string? samplingKey)
    {
        var ml = new MLContext(5);
        var folds = ml.Data.CrossValidationSplit(ml.Data.LoadFromEnumerable(Grouped.Rows), 4, samplingKey);
        var tests = folds.Select(fold => fold.TestSet.Ids()).ToArray();
        Assert.Equal(Enumerable.Range(0, Count), tests.SelectMany(ids => ids).Order());
        foreach (var fold in folds)
            Assert.Equal(Enumerable.Range(0, Count).Except(fold.TestSet.Ids()), fold.TrainSet.Ids());
        Assert.All(tests, ids => Assert.InRange(ids.Length, 1, Count - 1));
    }

    [Theory]
    [MemberData(nameof(SamplingKeys))]
    public void RowsWithOneSamplingKeyStayTogether(string? samplingKey)
    {
        if (samplingKey is null or "Id")
            return;
        var ml = new MLContext(5);
        foreach (var fold in ml.Data.CrossValidationSplit(ml.Data.LoadFromEnumerable(Grouped.Rows), 3, samplingKey))
            Assert.Empty(fold.TestSet.GetColumn<string>("Text").Intersect(fold.TrainSet.GetColumn<string>("Text")));
    }

    [Fact]
    public void SplitHasTheFractionAndTheSchemaOfTheData()
    {
        var ml = new MLContext(5);
        var data = ml.Data.LoadFromEnumerable(Sample.Rows(10_000));
        var split = ml.Data.TrainTestSplit(data, testFraction: 0.2);
        int test = split.TestSet.Ids().Length;
        Assert.InRange(test, 1_800, 2_200); // 2,000 with a standard deviation of 40
        Assert.Equal(10_000 - test, split.TrainSet.Ids().Length);
        Assert.Equal(data.Schema.Select(column => column.Name), split.TrainSet.Schema.Select(column => column.Name));
        Assert.Null(split.TestSet.GetRowCount());
    }

    [Fact]
    public void SplitFollowsFromTheSeed()
    {
        int[] TestIds(int? contextSeed, int? seed)
        {
            var ml = new MLContext(contextSeed);
            return ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(Sample.Rows(100)), 0.3, seed: seed).TestSet.Ids();
        }
        Assert.Equal(TestIds(1, null), TestIds(1, null));
        Assert.NotEqual(TestIds(1, null), TestIds(2, null));
        Assert.Equal(TestIds(1, 7), TestIds(2, 7));
        Assert.Equal(TestIds(null, null), TestIds(null, null)); // as in ML.NET, where the split has a seed of its own
    }

    [Fact]
    public void SplitIsTheSameInEveryCursor()
    {
        var ml = new MLContext(3);
        var rows = new CountedRows<Sample>(Sample.Rows(50));
        var split = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(rows), 0.5);
        Assert.Equal(0, rows.Enumerations);
        Assert.Equal(split.TrainSet.Ids(), split.TrainSet.Ids());
        using var cursor = split.TrainSet.GetRowCursor([split.TrainSet.Schema["Id"]], new Random(1));
        var getter = cursor.GetGetter<int>(split.TrainSet.Schema["Id"]);
        var read = new List<int>();
        for (int id = 0; cursor.MoveNext(); read.Add(id))
            getter(ref id);
        Assert.Equal(split.TrainSet.Ids(), read);
    }

    [Fact]
    public void ImpossibleSplitsAreRefused()
    {
        var ml = new MLContext();
        var data = ml.Data.LoadFromEnumerable(Sample.Rows(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(data, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(data, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ml.Data.CrossValidationSplit(data, 1));
        Assert.Contains("Nowhere", Assert.Throws<ArgumentOutOfRangeException>(() => ml.Data.TrainTestSplit(data, 0.5, "Nowhere")).Message);
    }

    private sealed class Grouped
    {
        public int Id { get; set; }

        public string Text { get; set; } = "";

        public float Number { get; set; }

        [KeyType(40)]
        public uint Key { get; set; }

        public float[] Vector { get; set; } = [];

        public DateTime Day { get; set; }

        public static IEnumerable<Grouped> Rows => Enumerable.Range(0, Count).Select(id => (id, Group: id % 40)).Select(row => new Grouped
        {
            Id = row.id,
            Text = $"group {row.Group}",
            Number = row.Group,
            Key = (uint)row.Group,
            Vector = [row.Group, 1],
            Day = new DateTime(2020, 1, 1).AddDays(row.Group),
        });
    }
}
