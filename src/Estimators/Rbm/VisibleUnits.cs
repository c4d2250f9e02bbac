using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Which units stand for the features of a row: Gaussian ones for numbers, binary ones for zeros and ones and for proportions, which are drawn as chances.</summary>
internal sealed class VisibleUnits
{
    private readonly bool[] _isProportion;

    public VisibleUnits(NetworkInput input)
    {
        var kinds = input.Spans.SelectMany(span => Enumerable.Repeat(span.Kind, span.Width)).ToArray();
        IsReal = [.. kinds.Select(kind => kind == SpanKind.Continuous)];
        _isProportion = [.. kinds.Select(kind => kind == SpanKind.Proportion)];
        // rows are standardised before the units see them
        Average = input.Average?.Select((mean, i) => IsReal[i] ? 0 : mean).ToArray();
    }

    public bool[] IsReal { get; }

    /// <summary>Mean of every unit over the training rows; null for a network that is filled from a file.</summary>
    public float[]? Average { get; }

    /// <summary>Draws a row as it is given to the user.</summary>
    /// <param name="input">From <see cref="RbmLayer.VisibleInput(Tensor, RbmBiases)"/>, which is overwritten.</param>
    /// <param name="temperature">Scale of the noise of Gaussian units.</param>
    public Tensor Drawn(RbmLayer layer, Tensor input, UnitNoise noise, double temperature)
    {
        if (!_isProportion.Contains(true)) return layer.DrawVisible(input, noise, temperature);
        var chances = layer.VisibleMean(input);
        return where(tensor(_isProportion, device: input.device), chances, layer.DrawVisible(input, noise, temperature));
    }
}
