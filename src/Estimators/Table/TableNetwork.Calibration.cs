using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Small errors of the conditionals add up along a chain: drawn rows have shares of tokens that are a little off. What the shares of each column are multiplied with, whatever is
/// known, is set so that they come out as in the rows to learn from. It is a bias like others, but for that the loss does not train it, so that densities stay exact.</summary>
internal sealed partial class TableNetwork
{
    private const int CalibrationRows = 20_000, CalibrationRounds = 2, CalibrationIterations = 3;

    // a share is not more than multiplied or divided by e at a time
    private const double MostShift = 1;

    // rows that a token is taken to have where it has none
    private const double LeastCount = 0.3;

    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(CalibrationRows, _ranks.device);
        var (shares, condition) = Learn(batches);
        for (int round = 0; round < CalibrationRounds; round++) CalibrateOnce(shares, condition, generator);
    }

    // of each column the shares of its tokens, none of which is 0, and the conditions of some rows over and over
    private (Tensor[] Shares, Tensor? Condition) Learn(IEnumerable<Batch> batches)
    {
        var counts = zeros(_columns.Sum(column => (long)column.Categories), int64, _ranks.device);
        var given = new List<Tensor>();
        long rows = 0;
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            counts.add_(bincount((Tokens(batch.X) + _layers.Offsets.to(int64)).flatten(), minlength: counts.shape[0]));
            if (batch.Condition is { } condition && rows < CalibrationRows) given.Add(condition.clone().MoveToOuterDisposeScope());
            rows += batch.Rows;
        }
        var shares = counts.to(float32).clamp_min(LeastCount).div_(rows).split([.. _columns.Select(column => (long)column.Categories)]);
        if (given.Count == 0) return (shares, null);
        var all = cat(given);
        return (shares, all.index_select(0, arange(CalibrationRows, int64, all.device).remainder(all.shape[0])));
    }

    private void CalibrateOnce(Tensor[] shares, Tensor? condition, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (inward, outward) = _layers.Tables();
        var sum = _layers.Start(condition).expand(CalibrationRows, -1);
        foreach (int j in _order)
        {
            using var columnScope = NewDisposeScope();
            var wanted = shares[j];                                                        // (tokens,)
            var chances = _layers.Logits(j, sum, outward).softmax(-1);                     // (rows, tokens)
            var shift = zeros_like(wanted);
            for (int i = 0; i < CalibrationIterations; i++)
            {
                var ratio = (wanted / chances.mean([0]).clamp_min(1e-9)).log().clamp(-MostShift, MostShift);
                shift.add_(ratio);
                chances = chances * ratio.exp();
                chances = chances / chances.sum(-1, keepdim: true);
            }
            _layers.Shift(j, shift);
            var uniform = empty(CalibrationRows, 1, device: sum.device).uniform_(0, 1, generator);
            sum = (sum + _layers.Terms(j, TokenDraws.Choose(chances, uniform), inward)).MoveToOuterDisposeScope();
        }
    }
}
