using System.Globalization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>One flow: z = f(y) with f a chain of bijections, log p(y) = log p(z) + log |det dz/dy|.</summary>
internal sealed class FlowChain : nn.Module
{
    private readonly List<Bijection> _bijections = [];
    private readonly FlowBase _base;

    /// <param name="number">Which of several: it has an order of the features of its own.</param>
    public FlowChain(FlowOptions options, NetworkInput input, int number, Initializer initializer) : base(nameof(FlowChain))
    {
        int features = input.Features, order = number * (options.Transforms + 2);
        var conditioning = new Conditioning(
            options.HiddenSizes ?? [DefaultSize(features)], options.ResidualBlocks, options.Activation, options.Training.Dropout ?? FlowOptions.DefaultDropout, input.ConditionSize);
        if (options.Warp) Add(new ArcSinh());
        for (int i = 0; i < options.Transforms; i++)
        {
            if (options.ActNorm) Add(new ActNorm(features, initializer));
            Mix(options.Mixing, order++, first: i == 0);
            Add(Layer());
        }
        bool isAutoregressive = options.Base == FlowBaseDistribution.AutoregressiveMixture;
        if (isAutoregressive) Mix(options.Mixing, order, first: options.Transforms == 0);
        register_module("base", _base = options.Base switch
        {
            FlowBaseDistribution.Standard => new StandardBase(features),
            FlowBaseDistribution.Diagonal => new MixtureBase(features, 1, initializer),
            FlowBaseDistribution.Mixture => new MixtureBase(features, options.BaseComponents, initializer),
            _ => new AutoregressiveMixtureBase(features, options.BaseComponents, conditioning, initializer),
        });

        Bijection Layer()
        {
            ElementwiseTransform affine = new AffineTransform();
            var transform = options.Transform == FlowTransform.Affine ? affine : new ComposedTransform(affine, new SplineTransform(options.Bins, options.TailBound, initializer));
            // a single feature has no other half
            return options.Structure == FlowStructure.Coupling && features > 1
                ? new Coupling(features, transform, conditioning, initializer)
                : new Autoregressive(features, transform, conditioning, initializer);
        }

        void Mix(FlowMixing mixing, int order, bool first)
        {
            if (features == 1) return;
            if (mixing != FlowMixing.Reverse) Add(Permutation.Shuffle(features, order, initializer));
            else if (!first) Add(Permutation.Reverse(features, initializer));
            else if (number > 0) Add(Permutation.Shuffle(features, number, initializer));
            if (mixing == FlowMixing.Linear) Add(new LuLinear(features, initializer));
        }
    }

    /// <summary>Units where the user gives no sizes: 8 per feature within 128 and 256.</summary>
    private static int DefaultSize(int features) => Math.Clamp(8 * features, 128, 256);

    public int NoiseWidth => _base.NoiseWidth;

    /// <summary>Starts the bijections that start from rows.</summary>
    public void Start(Tensor y, Tensor? condition)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var bijection in _bijections)
        {
            (bijection as IDataInitialized)?.Initialize(y);
            y = bijection.Forward(y, condition, null).Z;
        }
    }

    /// <param name="y">(batch, features)</param>
    /// <returns>(batch,), nats</returns>
    public Tensor LogDensity(Tensor y, Tensor? condition, TrainingStep? step)
    {
        Tensor? sum = null;
        foreach (var bijection in _bijections)
        {
            (y, var logDeterminant) = bijection.Forward(y, condition, step);
            if (logDeterminant is not null) sum = sum is null ? logDeterminant : sum + logDeterminant;
        }
        var logDensity = _base.LogDensity(y, condition, step);
        return sum is null ? logDensity : logDensity + sum;
    }

    /// <returns>z, (batch, features)</returns>
    public Tensor ToBase(Tensor y, Tensor? condition) => _bijections.Aggregate(y, (x, bijection) => bijection.Forward(x, condition, null).Z);

    /// <returns>The code, (batch, features)</returns>
    public Tensor Encode(Tensor y, Tensor? condition) => _base.Encode(ToBase(y, condition), condition);

    /// <param name="noise">(batch, width of the noise), standard normal.</param>
    /// <returns>y, (batch, features)</returns>
    public Tensor FromNoise(Tensor noise, Tensor? condition) =>
        Enumerable.Reverse(_bijections).Aggregate(_base.FromNoise(noise, condition), (z, bijection) => bijection.Inverse(z, condition));

    /// <summary>Noise that <see cref="FromNoise(Tensor, Tensor?)"/> makes y of.</summary>
    public Tensor ToNoise(Tensor y, Tensor? condition, Generator generator) => _base.ToNoise(ToBase(y, condition), condition, generator);

    /// <inheritdoc cref="LogDensity(Tensor, Tensor?, TrainingStep?)"/>
    public OnnxValue LogDensity(OnnxValue y, OnnxValue? condition)
    {
        OnnxValue? sum = null;
        foreach (var bijection in _bijections)
        {
            (y, var logDeterminant) = bijection.Forward(y, condition);
            if (logDeterminant is not null) sum = sum is null ? logDeterminant : sum + logDeterminant;
        }
        var logDensity = _base.LogDensity(y, condition);
        return sum is null ? logDensity : logDensity + sum;
    }

    /// <inheritdoc cref="Encode(Tensor, Tensor?)"/>
    public OnnxValue Encode(OnnxValue y, OnnxValue? condition) =>
        _base.Encode(_bijections.Aggregate(y, (x, bijection) => bijection.Forward(x, condition).Z), condition);

    /// <inheritdoc cref="FromNoise(Tensor, Tensor?)"/>
    public OnnxValue FromNoise(OnnxValue noise, OnnxValue? condition) =>
        Enumerable.Reverse(_bijections).Aggregate(_base.FromNoise(noise, condition), (z, bijection) => bijection.Inverse(z, condition));

    private void Add(Bijection bijection)
    {
        register_module("bijection" + _bijections.Count.ToString(CultureInfo.InvariantCulture), bijection);
        _bijections.Add(bijection);
    }
}
