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
        return _centres.Fill(x, known, j => Logits(j, sum, outward, DrawTerms.AnyValue).softmax(-1));
    }
}
