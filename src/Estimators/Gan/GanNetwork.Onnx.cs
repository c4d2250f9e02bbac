using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal abstract partial class GanNetwork
{
    /// <inheritdoc cref="GenerativeNetwork.Prepare"/>
    protected abstract OnnxValue Prepare(OnnxValue x);

    /// <inheritdoc cref="Restore(Tensor, Generator)"/>
    /// <param name="noise">(batch, <see cref="RestoredNoise"/>) standard normal; null for none.</param>
    protected abstract OnnxValue Restore(OnnxValue y, OnnxValue? noise);

    /// <summary>How many numbers of noise it takes to make rows of prepared ones.</summary>
    protected virtual int RestoredNoise => 0;

    public IReadOnlyList<int> NoiseWidths => RestoredNoise > 0 ? [DrawnNoise, RestoredNoise] : [DrawnNoise];

    // of every candidate, and to choose one
    private int DrawnNoise => _options.CandidatesForLoss * RowNoise + (_options.CandidatesForLoss > 1 ? _options.CandidatesForLoss : 0);

    private int RowNoise => LatentSize + _head.NoiseWidth;

    private protected OnnxValue Compute(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => Score(x, condition),
        OnnxGraph.Encode => Code(Prepare(x), condition),
        OnnxGraph.Sample => Restore(Draw(x.Narrow(1, 0, DrawnNoise), condition), RestoredNoise > 0 ? x.Narrow(1, DrawnNoise, RestoredNoise) : null),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue Draw(OnnxValue noise, OnnxValue? condition)
    {
        int candidates = _options.CandidatesForLoss;
        if (candidates == 1) return Generate(noise, condition);
        var repeated = condition?.Unsqueeze(1).Expand(1, candidates, 1).Reshape(-1, Input.ConditionSize);
        var drawn = Generate(noise.Narrow(1, 0, candidates * RowNoise).Reshape(-1, RowNoise), repeated);        // (batch·candidates, width)
        var gumbel = (-noise.Narrow(1, candidates * RowNoise, candidates).NormalDistribution().Clamp(LeastChance, 1 - LeastChance).Log()).Log();
        var chosen = (Judge(drawn, repeated).Reshape(-1, candidates) - gumbel).OneHotMaximum(candidates);       // (batch, candidates)
        return (drawn.Reshape(-1, candidates, _width) * chosen.Unsqueeze(-1)).Sum(1);
    }

    private OnnxValue Generate(OnnxValue noise, OnnxValue? condition) => _head.Apply(
        _generator.Call(noise.Narrow(1, 0, LatentSize).BesideCondition(condition)), _head.NoiseWidth == 0 ? null : noise.Narrow(1, LatentSize, _head.NoiseWidth));

    private OnnxValue Judge(OnnxValue y, OnnxValue? condition) =>
        _discriminator.Call(BesideCompanions(y, condition), Enumerable.Range(1, _options.Packing - 1).Aggregate(condition, (all, _) => all!.BesideCondition(condition)));

    /// <inheritdoc cref="Beyond(Tensor)"/>
    protected virtual OnnxValue? Beyond(OnnxValue x) => null;

    private OnnxValue Score(OnnxValue x, OnnxValue? condition)
    {
        var y = Prepare(x);
        var score = _options.Score == GanScore.Discriminator ? -Judge(y, condition) : Deviation(y, condition);
        return Beyond(x) is { } beyond ? score + beyond : score;
    }

    private OnnxValue Deviation(OnnxValue y, OnnxValue? condition)
    {
        var again = Again(y, condition);
        var (residual, features) = (y - again, _discriminator.Features(BesideCompanions(y, condition)) - _discriminator.Features(BesideCompanions(again, condition)));
        return (residual * residual / y.Graph.Weights(_residualVariance)).Mean(-1) + (features * features / y.Graph.Weights(_featureVariance)).Mean(-1) * (float)FeatureWeight;
    }

    private protected OnnxValue Again(OnnxValue y, OnnxValue? condition) => _head.Apply(_generator.Call(Code(y, condition).BesideCondition(condition)), null);

    private OnnxValue Code(OnnxValue y, OnnxValue? condition) => _encoder.Call(y.BesideCondition(condition));

    // the noise of the companions is the same for every row: it comes into the graph as weights
    private OnnxValue BesideCompanions(OnnxValue y, OnnxValue? condition)
    {
        for (int i = 0; i < _options.Packing - 1; i++)
        {
            var z = y.Narrow(1, 0, 1).Fill(0) + y.Graph.Weights(_companions!.narrow(0, i, 1));   // the same in every row
            y = y.Concatenate(1, Generate(z, condition));
        }
        return y;
    }
}
