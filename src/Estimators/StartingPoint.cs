using System.Globalization;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A trained model that training goes on from, which stays as it is, and the layers that are to stay.</summary>
internal sealed class StartingPoint
{
    /// <summary>Highest learning rate as a share of that of a new model, where the user gives none: at the full rate the weights would lose what they know.</summary>
    public const double LearningRateScale = 0.1;

    private readonly FittedModel _source;
    private readonly IReadOnlyList<string> _frozen;

    /// <exception cref="ObjectDisposedException">Its network is gone.</exception>
    public StartingPoint(FittedModel source, IReadOnlyList<string>? frozen)
    {
        _source = source;
        _frozen = frozen ?? [];
        CheckAlive();
        Layers = source.Network.named_parameters().SelectMany(p => LayersOf(p.Item1)).Distinct().ToList();
        FreezesAll = source.Network.named_parameters().All(p => IsFrozen(p.Item1));
    }

    /// <summary>What can be frozen: everything that has weights in it.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Whether no weight is left to train.</summary>
    public bool FreezesAll { get; }

    /// <summary>The columns as the model knows them.</summary>
    /// <exception cref="ArgumentException">The rows to learn from have others; the message says which and what was expected.</exception>
    public RowEncoding Encoding(DataViewSchema schema)
    {
        CheckAlive();
        _source.Encoding.Check(schema);
        if (_source.Encoding.Label is { } label) KeyValues.CheckSame($"label column '{label.Name}'", label.Annotations, schema[label.Name].Annotations);
        return _source.Encoding;
    }

    /// <summary>The network once more, with the weights and the input transform that it has.</summary>
    /// <exception cref="ArgumentException">The rows to learn from are of another kind than the network can learn.</exception>
    public GenerativeNetwork CreateNetwork(GenerativeOptions options, FeatureStatistics statistics, Device device, ITrainingLog log)
    {
        _source.Encoding.Check(statistics, _source.Network.Input.Spans);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = options.CreateNetwork(_source.Network.Input with { Correlation = null }, Initializer.Blank(device, long.MaxValue, long.MaxValue));
        foreach (var (copy, original) in ModelPersistence.State(network).Zip(ModelPersistence.State(_source.Network))) copy.Tensor.copy_(original.Tensor);
        foreach (var (_, parameter) in network.named_parameters().Where(p => IsFrozen(p.Item1))) parameter.requires_grad = false;
        log.Info(string.Create(CultureInfo.InvariantCulture,
            $"Going on from a trained model: {Numbers(network, trained: true)} weights are trained, {Numbers(network, trained: false)} are frozen."));
        return network;
    }

    /// <summary>Tells this start from others: what is frozen is not in a checkpoint.</summary>
    public long Fingerprint()
    {
        long hash = 0;
        foreach (var (name, tensor) in ModelPersistence.State(_source.Network))
        {
            hash = RandomSeeds.Of(hash, IsFrozen(name) ? 1 : 0);
            foreach (float number in tensor.ToFloats()) hash = RandomSeeds.Of(hash, BitConverter.SingleToInt32Bits(number));
        }
        return hash;
    }

    private void CheckAlive() => ObjectDisposedException.ThrowIf(_source.IsDisposed, typeof(GenerativeTransformer));

    private bool IsFrozen(string weights) => _frozen.Any(layer => LayersOf(weights).Contains(layer));

    // "encoder.0.weight" belongs to encoder and to encoder.0; what belongs to none goes by its own name
    private static IEnumerable<string> LayersOf(string weights)
    {
        if (!weights.Contains('.', StringComparison.Ordinal)) yield return weights;
        for (int dot = weights.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = weights.IndexOf('.', dot + 1)) yield return weights[..dot];
    }

    private static long Numbers(GenerativeNetwork network, bool trained) => network.parameters().Where(p => p.requires_grad == trained).Sum(p => p.numel());
}
