using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>
/// What stands between the rows and the network, as part of it, so that it is saved and exported with it: x̃ = (x − mean) / scale, then, if wanted, half-whitening,
/// y = C^(−1/4)·x̃ with C the correlation of the continuous features.
/// </summary>
/// <remarks>Half-whitening takes the square root of the ratio between strong and weak directions: what is rare about a row often shows in weak directions, which plain
/// standardising hides behind the strong ones, and which full whitening (C^(−1/2)) would bury in noise.</remarks>
internal sealed class InputTransform : nn.Module
{
    /// <summary>With more features than this, the matrices would outweigh the network.</summary>
    public const int MostWhitenedFeatures = 1024;

    private readonly Tensor? _whiten;     // (features, features)
    private readonly Tensor? _unwhiten;   // (features, features)

    public InputTransform(NetworkInput input, bool halfWhitening, Initializer initializer) : base(nameof(InputTransform))
    {
        Mean = this.Own("mean", initializer.Fixed(input.Mean));
        Scale = this.Own("scale", initializer.Fixed(input.Scale));
        double logVolume = input.Scale.Sum(s => Math.Log(s));
        if (halfWhitening && input.Correlation is null)
        {
            _whiten = this.Own("whiten", initializer.Identity(input.Features));
            _unwhiten = this.Own("unwhiten", initializer.Identity(input.Features));
        }
        else if (halfWhitening)
        {
            using var scope = NewDisposeScope();
            var correlation = tensor(input.Correlation!).to(float64).view(input.Features, input.Features);
            var (values, vectors) = linalg.eigh(correlation);
            var fourthRoots = values.pow(0.25);
            _whiten = this.Own("whiten", (vectors / fourthRoots).mm(vectors.t()).to(float32).to(initializer.Device));
            _unwhiten = this.Own("unwhiten", (vectors * fourthRoots).mm(vectors.t()).to(float32).to(initializer.Device));
            logVolume += fourthRoots.log().sum().item<double>();
        }
        LogVolume = this.Own("logVolume", initializer.Fixed([(float)logVolume]));
    }

    /// <summary>(features,)</summary>
    public Tensor Mean { get; }

    /// <summary>(features,)</summary>
    public Tensor Scale { get; }

    /// <summary>(1,) log |dx / dy|: what a log-density of transformed rows loses in the units of the rows.</summary>
    public Tensor LogVolume { get; }

    /// <summary>Whether y is x, as it is for zeros and ones.</summary>
    public bool IsIdentity => _whiten is null && Array.TrueForAll(Mean.ToFloats(), mean => mean == 0) && Array.TrueForAll(Scale.ToFloats(), scale => scale == 1);

    /// <returns>y, (batch, features)</returns>
    public Tensor Apply(Tensor x)
    {
        var standardized = (x - Mean).div_(Scale);
        return _whiten is null ? standardized : standardized.mm(_whiten);
    }

    /// <returns>x, (batch, features)</returns>
    public Tensor Invert(Tensor y) => addcmul(Mean, _unwhiten is null ? y : y.mm(_unwhiten), Scale, 1);

    /// <inheritdoc cref="Apply(Tensor)"/>
    public OnnxValue Apply(OnnxValue x)
    {
        var standardized = (x - x.Graph.Weights(Mean)) / x.Graph.Weights(Scale);
        return _whiten is null ? standardized : standardized.MatMul(x.Graph.Weights(_whiten));
    }

    /// <inheritdoc cref="Invert(Tensor)"/>
    public OnnxValue Invert(OnnxValue y) =>
        (_unwhiten is null ? y : y.MatMul(y.Graph.Weights(_unwhiten))) * y.Graph.Weights(Scale) + y.Graph.Weights(Mean);
}
