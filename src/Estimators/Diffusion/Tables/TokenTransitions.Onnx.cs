using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class TokenTransitions
{
    // as the logarithm of a number of single precision allows
    private const float Most = 1e30f;

    /// <inheritdoc cref="Fresh(TorchSharp.torch.Tensor)"/>
    public OnnxValue Fresh(OnnxValue uniform)
    {
        var ends = uniform.Graph.Weights(_ends);
        var drawn = _sizes.Select((size, j) => (uniform.Narrow(1, j, 1) + j).GreaterOrEqual(ends.Narrow(0, _offsets[j], size)).ToFloat().Sum(1, keepDimension: true).Minimum(uniform.Graph.Scalar(size - 1)) + _offsets[j]).ToArray();
        return drawn.Length == 1 ? drawn[0] : drawn[0].Concatenate(1, drawn.AsSpan(1));
    }

    /// <inheritdoc cref="Back(TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, double, double, TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)"/>
    /// <param name="earlier">A scalar.</param>
    /// <param name="now">A scalar.</param>
    public OnnxValue Back(OnnxValue state, OnnxValue clean, OnnxValue earlier, OnnxValue now, OnnxValue uniform, OnnxValue fresh)
    {
        var stay = now / earlier;
        var chance = state.Graph.Weights(_chances).GatherRows(state.ToIntegers());
        var ofClean = (state.Equal(clean).ToFloat() * stay + chance * (1f - stay)) * earlier;
        var ofState = chance * (stay * (1f - earlier));
        var place = uniform * (ofClean + chance * (1f - earlier));
        return ofClean.Greater(place).Select(clean, (ofClean + ofState).Greater(place).Select(state, fresh));
    }

    /// <inheritdoc cref="Divergence(TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, TorchSharp.torch.Tensor, double, double)"/>
    /// <param name="earlier">A scalar.</param>
    /// <param name="now">A scalar.</param>
    /// <returns>(batch, 1)</returns>
    public OnnxValue Divergence(OnnxValue logits, OnnxValue state, OnnxValue clean, OnnxValue earlier, OnnxValue now)
    {
        var graph = logits.Graph;
        var stay = now / earlier;
        OnnxValue? sum = null;
        for (int j = 0; j < _sizes.Length; j++)
        {
            var chances = graph.Weights(_chances).Narrow(0, _offsets[j], _sizes[j]);
            var numbers = graph.Constant([.. Enumerable.Range(_offsets[j], _sizes[j]).Select(token => (float)token)], _sizes[j]);
            var isState = state.Narrow(1, j, 1).Equal(numbers).ToFloat();
            var isClean = clean.Narrow(1, j, 1).Equal(numbers).ToFloat();
            var chance = (isState * chances).Sum(1, keepDimension: true);
            var ofNow = isState * now + chance * (1f - now);
            var ofStep = isState * stay + chance * (1f - stay);
            var truth = ofStep * (isClean * earlier + chances * (1f - earlier)) / (ofNow * isClean).Sum(1, keepDimension: true);
            var weights = logits.Narrow(1, _offsets[j], _sizes[j]).Softmax() / ofNow;
            var model = ofStep * (weights * earlier + chances * (1f - earlier) * weights.Sum(1, keepDimension: true));
            var divergence = (truth * (truth.Clamp(Least, Most).Log() - model.Clamp(Least, Most).Log())).Sum(1, keepDimension: true);
            sum = sum is null ? divergence : sum + divergence;
        }
        return sum!;
    }
}
