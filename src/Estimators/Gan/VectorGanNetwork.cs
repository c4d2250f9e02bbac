using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A GAN of a column of features.</summary>
internal sealed class VectorGanNetwork : GanNetwork, IReconstructor, IOnnxExportable
{
    // in deviations of a feature: there is hardly anything in data that is narrower
    private const double LeastNoise = 0.02;

    private static readonly IReadOnlyList<int> DefaultHidden = [128, 128, 128], DefaultImageHidden = [256];

    private readonly InputTransform _transform;
    private readonly RowHead _rows;

    public VectorGanNetwork(GanOptions options, NetworkInput input, Initializer initializer) : base(options, input, input.Spans, options.Image is null ? DefaultHidden : DefaultImageHidden, LeastNoise, isHard: false, initializer)
    {
        register_module("transform", _transform = new InputTransform(input, options.UsesCorrelation && input.CanBeWhitened, initializer));
        _rows = new RowHead(input.Spans);
    }

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    protected override Tensor Restore(Tensor y, Generator generator) => _transform.Invert(_rows.Round(y));

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _transform.Invert(Again(Prepare(x), condition));

    protected override OnnxValue Prepare(OnnxValue x) => _transform.Apply(x);

    protected override OnnxValue Restore(OnnxValue y, OnnxValue? noise) => _transform.Invert(_rows.Round(y));

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) =>
        kind == OnnxGraph.Reconstruct ? _transform.Invert(Again(Prepare(x), condition)) : Compute(kind, x, condition);
}
