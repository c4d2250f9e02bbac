using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Tests.Scoring;

namespace Microsoft.ML.Generative.Tests.Generation;

public class CyclicRowsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private CyclicRows Rows(IDataView view) =>
        new(view, [view.Schema["Features"]], row => new VectorColumn("Features", 3, null).CreateEncoder(row), 3);

    [Fact]
    public void RowsComeRoundAgain()
    {
        var recording = new RecordingView(_ml.Data.LoadFromEnumerable(ScoredInput.Rows(5)));
        using (var rows = Rows(recording))
        {
            Assert.Equal([0, 1, 2, 3, 4, 0, 1], Read(rows, 0, 7));
            Assert.Equal([2, 3], Read(rows, 7, 2));       // goes on where it stood
            Assert.Equal([1, 2], Read(rows, 16, 2));      // leaves rows out
            Assert.Equal([4, 0, 1], Read(rows, 4, 3));    // goes back
        }
        Assert.Equal(0, recording.Open);
    }

    [Fact]
    public void NoRowsAreAnError()
    {
        using var rows = Rows(_ml.Data.LoadFromEnumerable(ScoredInput.Rows(0)));
        Assert.Equal("The view to draw for has no rows. Give at least one.", Assert.Throws<InvalidOperationException>(() => Read(rows, 0, 1)).Message);
    }

    private static IEnumerable<int> Read(CyclicRows rows, long first, int count)
    {
        var floats = new float[3 * count];
        rows.Read(first, count, floats);
        return floats.Where((_, i) => i % 3 == 0).Select(x => (int)x);
    }
}
