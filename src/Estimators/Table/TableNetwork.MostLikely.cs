using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What is most likely of single columns given what is known of the row: all in one pass, as the network takes any columns as known. Each hole gets what has the least expected
/// error by itself; holes of a row need not go together, which is what draws are for.</summary>
internal sealed partial class TableNetwork
{
    public Tensor MostLikely(Tensor x, Tensor known, Tensor? condition)
    {
        var (inward, outward) = _layers.Tables();
        var knownColumns = KnownColumns(known);
        var sum = _layers.Start(condition) + Sum(Tokens(x), knownColumns, inward);   // (batch, hidden)
        var areKnown = knownColumns.amin([0]).ToFloats();
        var result = x.unbind(1).ToArray();
        for (int j = 0; j < _columns.Count; j++)
        {
            if (areKnown[j] == 1) continue;
            using var scope = NewDisposeScope();
            var chances = Logits(j, sum, outward, AnyValue).softmax(-1);                // (batch, tokens)
            var isKnown = knownColumns.select(1, j).to(@bool);                          // (batch,)
            var (token, position) = _centres[j].Of(chances);
            Put(_columns[j].Token, token);
            if (_columns[j].Position is { } feature) Put(feature, position);

            void Put(int feature, Tensor values) => result[feature] = where(isKnown, x.select(1, feature), values).MoveToOuterDisposeScope();
        }
        return stack(result, 1);
    }
}
