using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A variational autoencoder of a column of features: p(x|z) is Gaussian or Bernoulli, as the spans say. Of images convolutions stand before the encoder's layers and behind the decoder's.</summary>
internal sealed class VectorVaeNetwork : VaeNetwork, ISampler, IReconstructor, IOnnxExportable
{
    // e^−6 of the features' variance
    private const double LowestVariance = 0.0025;

    // that are decoded at a time: bounds memory
    private const int MostImages = 512;

    private readonly InputTransform _transform;
    private readonly SpanLikelihood _likelihood;
    private readonly ImageEncoder? _look;
    private readonly ImageDecoder? _paint;

    public VectorVaeNetwork(VaeOptions options, NetworkInput input, Initializer initializer)
        : this(options, input, Look(options, initializer), Paint(options, initializer), initializer)
    {
    }

    private VectorVaeNetwork(VaeOptions options, NetworkInput input, ImageEncoder? look, ImageDecoder? paint, Initializer initializer)
        : base(options, input, look?.Outputs ?? input.Features, paint?.Inputs ?? input.Features, latentSize: Math.Clamp(input.Features / 2, 2, 64),
            look is null ? DenseStack.DefaultSizes(input.Features) : [VaeOptions.ImageHiddenSize], initializer)
    {
        if (look is not null) register_module("look", _look = look);
        if (paint is not null) register_module("paint", _paint = paint);
        register_module("transform", _transform = new InputTransform(input, options.UsesCorrelation && input.CanBeWhitened, initializer));
        register_module("likelihood", _likelihood = new SpanLikelihood(input, options.FixedVariance, LowestVariance, initializer));
    }

    private static ImageEncoder? Look(VaeOptions options, Initializer initializer) => options.Image is { } image ? new ImageEncoder(image, options.ImageChannels, initializer) : null;

    private static ImageDecoder? Paint(VaeOptions options, Initializer initializer) => options.Image is { } image ? new ImageDecoder(image, options.ImageChannels, initializer) : null;

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    protected override Tensor Seen(Tensor y) => _look is null ? y : _look.Call(y);

    protected override Tensor Finish(Tensor layers)
    {
        if (_paint is null) return layers;
        var rows = RowBlocks.Compute(layers.reshape(-1, _paint.Inputs), null, MostImages, (block, _) => _paint.Call(block));
        return rows.view([.. layers.shape[..^1], Input.Features]);
    }

    protected override Tensor LogLikelihood(Tensor y, Tensor output) => _likelihood.LogDensity(y, output);

    protected override Tensor TotalLogLikelihood(Tensor y, Tensor output) => _likelihood.TotalLogDensity(y, output);

    protected override Tensor LogVolume(Tensor x) => _transform.LogVolume;

    protected override Tensor Draw(Tensor output, double temperature, Generator generator) => _transform.Invert(_likelihood.Draw(output, temperature, generator));

    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Draw(DecodePrior(rows, condition, generator), 1, generator);

    public Tensor Reconstruct(Tensor x, Tensor? condition) => _transform.Invert(_likelihood.Mean(Decode(Encode(x, condition), condition, null)));

    protected override IReadOnlyList<int> RowNoiseWidths => [Input.Features];   // around its mean

    protected override OnnxValue Prepare(OnnxValue x) => _transform.Apply(x);

    protected override OnnxValue Seen(OnnxValue y) => _look is null ? y : _look.Call(y);

    protected override OnnxValue Finish(OnnxValue layers) => _paint is null ? layers : _paint.Call(layers);

    protected override int Outputs => Input.Features;

    protected override OnnxValue LogLikelihood(OnnxValue y, OnnxValue output) => _likelihood.LogDensity(y, output);

    protected override OnnxValue LogVolume(OnnxValue x) => x.Graph.Weights(_transform.LogVolume);   // (1,)

    protected override OnnxValue Draw(OnnxValue output, OnnxValue noise) => _transform.Invert(_likelihood.Draw(output, 1, noise));

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) =>
        kind == OnnxGraph.Reconstruct ? _transform.Invert(_likelihood.Mean(Decode(Code(x, condition), condition))) : Compute(kind, x, condition);
}
