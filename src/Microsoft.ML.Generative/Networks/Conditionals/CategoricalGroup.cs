using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Categories by the logits of their chances. Variables with fewer categories than the widest are padded with impossible ones.</summary>
internal sealed class CategoricalGroup : VariableGroup
{
    // a logit that no chance is left of, and that 0 makes 0
    private const float Impossible = -1e9f;

    private readonly int[] _widths;
    private readonly Tensor? _padding;   // (count, width): 0, or impossible

    public CategoricalGroup(IReadOnlyList<int> variables, int[] widths, Initializer initializer) : base(variables)
    {
        _widths = widths;
        Width = widths.Max();
        if (widths.All(width => width == Width)) return;
        var padding = widths.SelectMany(width => Enumerable.Range(0, Width).Select(i => i < width ? 0 : Impossible)).ToArray();
        _padding = this.Own("padding", initializer.Fixed(padding).view(Count, Width));
    }

    public override int Width { get; }

    public override int ParametersPerVariable => Width;

    public override int NoisePerVariable => 1;

    public override float[] StartingParameters(float[] average, long rows) => average.Select(share => (float)Math.Log(Smoothed(share, rows))).ToArray();

    public override Tensor LogDensities(Tensor x, Tensor parameters, int? one = null) => one is { } number
        ? (x * parameters.narrow(-1, 0, _widths[number]).log_softmax(-1)).sum(-1, keepdim: true)
        : (x.unflatten(-1, Count, Width) * Logits(parameters).log_softmax(-1)).sum(-1);   // (…, count)

    public override Tensor TotalLogDensity(Tensor x, Tensor parameters) => LogDensities(x, parameters).sum();

    public override Tensor Draw(Tensor parameters, Tensor noise, int? one = null) => one is { } number
        ? Choose(parameters.narrow(-1, 0, _widths[number]).unsqueeze(-2).softmax(-1), noise.narrow(-1, 0, 1)).squeeze(-2)
        : Choose(Logits(parameters).softmax(-1), noise.narrow(-1, 0, 1)).flatten(-2);

    public override Tensor Mean(Tensor parameters) => Logits(parameters).softmax(-1).flatten(-2);

    public override OnnxValue LogDensities(OnnxValue x, OnnxValue parameters) => (x.Reshape(-1, Count, Width) * Logits(parameters).LogSoftmax()).Sum(-1);

    public override OnnxValue Draw(OnnxValue parameters, OnnxValue noise, int? one = null) => one is { } number
        ? Choose(parameters.Narrow(-1, 0, _widths[number]).Unsqueeze(-2).Softmax(), noise.Narrow(-1, 0, 1), _widths[number]).Squeeze(-2)
        : Choose(Logits(parameters).Softmax(), noise.Narrow(-1, 0, 1), Width).Reshape(-1, Count * Width);

    private Tensor Logits(Tensor parameters)
    {
        var logits = parameters.unflatten(-1, Count, Width);   // (…, count, width)
        return _padding is null ? logits : logits + _padding;
    }

    private OnnxValue Logits(OnnxValue parameters)
    {
        var logits = parameters.Reshape(-1, Count, Width);
        return _padding is null ? logits : logits + logits.Graph.Weights(_padding);
    }
}
