using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Spreads discrete features evenly over the cells around their values, x + u with u from [−½, ½), so that they have a density; the chance of x is the mean density of its cell
/// (Uria et al., 2013; Theis et al., 2016, section 3.1). Features are discrete if they are binary or held whole numbers only.
/// </summary>
internal sealed class Dequantization : nn.Module
{
    private readonly Tensor _step;      // (features,) 1 for discrete features, else 0
    private readonly Tensor _lowest;    // (features,) of discrete features
    private readonly Tensor _highest;
    private readonly Tensor _offsets;   // (samples·features,) fixed points of the cell
    private readonly int _samples;
    private bool? _isNeeded;

    public Dequantization(NetworkInput input, bool enabled, int samples, Initializer initializer) : base(nameof(Dequantization))
    {
        _samples = samples;
        var ranges = new WholeNumbers?[input.Features];
        if (enabled)
        {
            for (int i = 0; i < ranges.Length; i++) ranges[i] = input.WholeNumbers?[i];
            foreach (var span in input.Spans.Where(s => s.Kind is SpanKind.Binary or SpanKind.Categorical))
                Array.Fill(ranges, new WholeNumbers(0, 1), span.Start, span.Width);
        }
        _step = this.Own("step", initializer.Fixed(ranges.Select(r => r is null ? 0f : 1f).ToArray()));
        _lowest = this.Own("lowest", initializer.Fixed(ranges.Select(r => r?.Lowest ?? 0).ToArray()));
        _highest = this.Own("highest", initializer.Fixed(ranges.Select(r => r?.Highest ?? 0).ToArray()));
        _offsets = this.Own("offsets", initializer.Fixed(LatinHypercube(samples, input.Features)));
    }

    /// <summary>Whether any feature is discrete.</summary>
    public bool IsNeeded => _isNeeded ??= _step.sum().item<float>() > 0;

    public int Samples => _samples;

    /// <summary>A uniform draw from the cell of every discrete feature, less its centre; 0 for the others.</summary>
    /// <returns>As <paramref name="like"/>.</returns>
    public Tensor Noise(Tensor like, Generator generator) => empty_like(like, requires_grad: false).uniform_(-0.5, 0.5, generator).mul_(_step);

    /// <summary>The fixed points of the cell at which the density is taken: the same for every row, so that no row's value depends on others.</summary>
    /// <returns>(samples, features)</returns>
    public Tensor Offsets() => _offsets.view(_samples, -1) * _step;

    /// <summary>The values again: the nearest whole number within the range of the training rows.</summary>
    public Tensor Undo(Tensor x)
    {
        if (!IsNeeded) return x;
        return where(_step.to(@bool), x.add(0.5).floor().maximum(_lowest).minimum(_highest), x);
    }

    /// <inheritdoc cref="Undo(Tensor)"/>
    public OnnxValue Undo(OnnxValue x)
    {
        if (!IsNeeded) return x;
        var graph = x.Graph;
        var whole = (x + 0.5f).Floor().Maximum(graph.Weights(_lowest)).Minimum(graph.Weights(_highest));
        return graph.Weights(_step).Greater(graph.Scalar(0.5f)).Select(whole, x);
    }

    // every feature's points lie evenly over the cell, in an order of its own (McKay et al., 1979)
    private static float[] LatinHypercube(int samples, int features)
    {
        var result = new float[samples * features];
        for (int feature = 0; feature < features; feature++)
        {
            var order = Enumerable.Range(0, samples).OrderBy(sample => RandomSeeds.Of(feature, sample)).ToArray();
            for (int sample = 0; sample < samples; sample++) result[sample * features + feature] = (order[sample] + 0.5f) / samples - 0.5f;
        }
        return result;
    }
}
