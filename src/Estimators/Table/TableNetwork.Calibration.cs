using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Small errors of the conditionals add up along a chain: drawn rows have shares of tokens that are a little off. What the shares of each column are multiplied with, whatever is
/// known, is set so that they come out as in the rows to learn from. It is a bias of the model like others, so that densities stay exact.</summary>
internal sealed partial class TableNetwork
{
    private const int CalibrationRows = 20_000, CalibrationRounds = 2, CalibrationIterations = 3;

    // a share is not more than multiplied or divided by e at a time
    private const double MostShift = 1;

    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(CalibrationRows, _ranks.device);
        var condition = Input.ConditionSize > 0 ? Conditions(batches) : null;
        for (int round = 0; round < CalibrationRounds; round++) CalibrateOnce(condition, generator);
    }

    private static Tensor Conditions(IEnumerable<Batch> batches)
    {
        var given = new List<Tensor>();
        foreach (var batch in batches)
            if (given.Sum(part => part.shape[0]) < CalibrationRows) given.Add(batch.Condition!.clone());
        var all = cat(given);
        return all.index_select(0, arange(CalibrationRows, int64, all.device).remainder(all.shape[0]));
    }

    private void CalibrateOnce(Tensor? condition, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (inward, outward) = _layers.Tables();
        var sum = _layers.Start(condition).expand(CalibrationRows, -1);
        foreach (int j in _order)
        {
            using var columnScope = NewDisposeScope();
            var counts = _columns[j].Counts;
            double total = counts.Sum(count => (double)count);
            var wanted = tensor(counts.Select(count => (float)(Math.Max(count, 0.3) / total)).ToArray(), device: sum.device);
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
            sum = (sum + _layers.Terms(j, Chosen(chances, uniform), inward)).MoveToOuterDisposeScope();
        }
    }
}
