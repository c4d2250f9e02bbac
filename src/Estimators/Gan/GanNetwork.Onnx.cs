using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal abstract partial class GanNetwork
{
    /// <inheritdoc cref="GenerativeNetwork.Prepare"/>
    protected abstract OnnxValue Prepare(OnnxValue x);

    /// <inheritdoc cref="Restore(Tensor, Generator?)"/>
    protected abstract OnnxValue Restore(OnnxValue y);

    public IReadOnlyList<int> NoiseWidths => [LatentSize + _head.NoiseWidth];

    private protected OnnxValue Compute(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => Score(x, condition),
        OnnxGraph.Encode => Code(Prepare(x), condition),
        OnnxGraph.Sample => Restore(_head.Apply(_generator.Call(x.Narrow(1, 0, LatentSize).BesideCondition(condition)), _head.NoiseWidth == 0 ? null : x.Narrow(1, LatentSize, _head.NoiseWidth))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue Score(OnnxValue x, OnnxValue? condition)
    {
        var y = Prepare(x);
        if (_options.Score == GanScore.Discriminator)
            return -_discriminator.Call(BesideCompanions(y, condition), Enumerable.Range(1, _options.Packing - 1).Aggregate(condition, (all, _) => all!.BesideCondition(condition)));
        var again = Again(y, condition);
        var (residual, features) = (y - again, _discriminator.Features(BesideCompanions(y, condition)) - _discriminator.Features(BesideCompanions(again, condition)));
        return (residual * residual / x.Graph.Weights(_residualVariance)).Mean(-1) + (features * features / x.Graph.Weights(_featureVariance)).Mean(-1) * (float)FeatureWeight;
    }

    private protected OnnxValue Again(OnnxValue y, OnnxValue? condition) => _head.Apply(_generator.Call(Code(y, condition).BesideCondition(condition)), null);

    private OnnxValue Code(OnnxValue y, OnnxValue? condition) => _encoder.Call(y.BesideCondition(condition));

    // the noise of the companions is the same for every row: it comes into the graph as weights
    private OnnxValue BesideCompanions(OnnxValue y, OnnxValue? condition)
    {
        for (int i = 0; i < _options.Packing - 1; i++)
        {
            var z = y.Narrow(1, 0, 1).Fill(0) + y.Graph.Weights(_companions!.narrow(0, i, 1));   // the same in every row
            y = y.Concatenate(1, _head.Apply(_generator.Call(z.Narrow(1, 0, LatentSize).BesideCondition(condition)), _head.NoiseWidth == 0 ? null : z.Narrow(1, LatentSize, _head.NoiseWidth)));
        }
        return y;
    }
}
