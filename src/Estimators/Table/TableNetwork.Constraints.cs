using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Constraints on columns: in which order these are drawn, and several of them together.</summary>
internal sealed partial class TableNetwork
{
    // what is accepted less often than this allows for is left as it was drawn last
    private const int MostAttempts = 100;

    // shares first, whatever the rest is; then what is restricted, most of all first, so that what is drawn after it is likely to be allowed
    private IEnumerable<int> Order(DrawTerms terms) => terms.Restrictions is not { } restrictions
        ? _order
        : _order.OrderBy(j => restrictions[j] is not { } restriction ? 2 : restriction.Replaces ? -1 : Share(j, restriction));

    // of the rows to learn from, what a restriction allows
    private double Share(int column, TokenRestriction restriction)
    {
        var counts = _columns[column].Counts;
        return counts.Zip(restriction.Weights, (count, weight) => count * weight).Sum() / Math.Max(1, counts.Sum());
    }

    /// <summary>Draws several restricted columns given that all of them are allowed. One after the other they would be drawn without regard to whether those after them will be; so a row is accepted with
    /// the chance that those after the first had to be allowed, and drawn again if it is not (rejection sampling).</summary>
    /// <param name="columns">The columns, in order.</param>
    /// <param name="sum">(batch, hidden) of what is known</param>
    /// <param name="known">(batch, columns), 1 where the column stays as it is; null where all are drawn.</param>
    /// <returns>Of each column (batch,) Int64, its tokens; whatever comes where it is known</returns>
    private Tensor[] Together(int[] columns, Tensor sum, Tensor? known, Tensor inward, Tensor outward, DrawTerms terms, Generator generator)
    {
        long rows = sum.shape[0];
        Tensor[] result = [.. columns.Select(_ => zeros(rows, int64, sum.device))];
        var pending = arange(rows, int64, sum.device);
        for (int attempt = 0; attempt < MostAttempts && pending.shape[0] > 0; attempt++)
        {
            using var scope = NewDisposeScope();
            var partial = sum.index_select(0, pending);                                             // (pending, hidden)
            var chance = ones(pending.shape[0], 1, device: sum.device);                             // of being accepted
            for (int i = 0; i < columns.Length; i++)
            {
                int j = columns[i];
                var isKnown = known?.select(1, j).index_select(0, pending).to(@bool).unsqueeze(1);   // (pending, 1)
                var drawn = TokenDraws.Choose(Logits(j, partial, outward, terms).softmax(-1), Random());
                result[i].index_copy_(0, pending, drawn);
                if (i > 0)
                {
                    var weights = tensor(terms.Restrictions![j]!.Weights.Select(weight => (float)weight).ToArray(), device: sum.device);
                    var allowed = Unrestricted(j, partial, outward, terms).softmax(-1).mul_(weights).sum(-1, keepdim: true);
                    chance = chance * (isKnown is null ? allowed : where(isKnown, ones_like(allowed), allowed));
                }
                var grown = _layers.Terms(j, drawn, inward).add_(partial);
                partial = isKnown is null ? grown : where(isKnown, partial, grown);
            }
            pending = pending.index_select(0, Random().gt(chance).squeeze(1).nonzero().squeeze(1)).MoveToOuterDisposeScope();

            Tensor Random() => empty(partial.shape[0], 1, device: sum.device).uniform_(0, 1, generator);
        }
        return result;
    }
}
