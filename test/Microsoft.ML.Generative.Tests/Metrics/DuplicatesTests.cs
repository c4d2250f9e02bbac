using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class DuplicatesTests
{
    [Fact]
    public void RowsThatEqualATrainingRowInEveryColumnAreCounted()
    {
        var tables = MadeUpTable.Read(
            [(1, "a"), (2, "b"), (double.NaN, ""), (1, "a")],
            [(1, "a"), (1, "b"), (2, "b"), (1, "a"), (double.NaN, ""), (double.NaN, "a"), (1.0000001, "a"), (1, "A")]);
        Assert.Equal(4, Duplicates.Count(tables[0], tables[1]));
        Assert.Equal(new CopyMetrics(4, 0.5, null, 4, 8, 0), Evaluation.Copies(tables[0], tables[1], null));
        Assert.Equal(new CopyMetrics(4, 1, 0.5, 4, 4, 8), Evaluation.Copies(tables[0], tables[0], tables[1]));
    }
}
