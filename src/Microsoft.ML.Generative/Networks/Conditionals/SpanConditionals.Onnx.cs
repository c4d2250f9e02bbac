using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The same, as nodes of an ONNX graph; values have two axes, (batch, …).</summary>
internal sealed partial class SpanConditionals
{
    /// <inheritdoc cref="LogDensity(TorchSharp.torch.Tensor, TorchSharp.torch.Tensor)"/>
    /// <param name="y">(batch, features), transformed</param>
    /// <param name="parameters">(batch, parameters)</param>
    /// <returns>(batch,), nats of transformed rows</returns>
    public OnnxValue LogDensity(OnnxValue y, OnnxValue parameters) => _groups
        .Select((group, g) => group.LogDensities(FeaturesOf(g, y), ParametersOf(g, parameters)).Sum(-1))
        .Aggregate((total, ofGroup) => total + ofGroup);

    /// <summary>Draws all variables, each by itself.</summary>
    /// <param name="parameters">(batch, parameters)</param>
    /// <param name="noise">(batch, variables·noise of a variable), standard normal</param>
    /// <returns>(batch, features), transformed</returns>
    public OnnxValue Draw(OnnxValue parameters, OnnxValue noise)
    {
        var perVariable = noise.Reshape(-1, Variables.Count, NoisePerVariable);
        var parts = _groups.Select((group, g) => group.Draw(ParametersOf(g, parameters),
            group.Count == Variables.Count ? perVariable : perVariable.Gather(1, group.Variables.Select(v => (long)v).ToArray()))).ToArray();
        var all = parts.Length == 1 ? parts[0] : parts[0].Concatenate(-1, parts[1..]);
        return _backToFeatures is null ? all : all.Gather(-1, ToLongs(_backToFeatures));
    }

    /// <summary>Draws one variable.</summary>
    /// <param name="parameters">(batch, its parameters)</param>
    /// <param name="noise">(batch, noise of a variable), standard normal</param>
    /// <returns>(batch, its width), transformed</returns>
    public OnnxValue Draw(int variable, OnnxValue parameters, OnnxValue noise)
    {
        var (group, number) = _places[variable];
        return _groups[group].Draw(parameters, noise.Unsqueeze(1), number);
    }

    private OnnxValue ParametersOf(int group, OnnxValue parameters) => _groups.Length == 1 ? parameters
        : parameters.Narrow(-1, _firstParameter[group], _groups[group].Count * _groups[group].ParametersPerVariable);

    private OnnxValue FeaturesOf(int group, OnnxValue y)
    {
        var features = _gather[group] is not null ? y.Gather(-1, ToLongs(_features[group]))
            : _groups.Length == 1 ? y
            : y.Narrow(-1, _features[group][0], _features[group].Length);
        return _isOwn[group] is { } isOwn ? features * y.Graph.Weights(isOwn) : features;
    }

    private static long[] ToLongs(int[] indices) => indices.Select(i => (long)i).ToArray();
}
