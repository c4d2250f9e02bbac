using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The log-partitions of a layer, one for each condition, less what hidden units usually add (see <see cref="RbmLayer.LogWeight(Tensor, RbmBiases)"/>), as part of a network: they are saved and exported with it.</summary>
internal sealed class RbmPartitions : nn.Module
{
    // held-out rows are measured some times in a training: less need be known of the log-partition then
    private const int StepsByMeasured = 5, MostHiddenSummed = 12;

    private readonly Tensor _errors;    // (conditions or 1,)
    private Tensor? _measured;          // (conditions or 1,) of the weights as they are, while held-out rows are measured

    public RbmPartitions(int conditions, Initializer initializer) : base(nameof(RbmPartitions))
    {
        Values = this.Own("values", initializer.Zeros(conditions));
        _errors = this.Own("errors", initializer.Zeros(conditions));
    }

    /// <summary>(conditions or 1,) nats</summary>
    public Tensor Values { get; }

    /// <summary>Largest standard error, nats.</summary>
    public double Error => _errors.max().item<float>();

    /// <summary>Once the weights are final.</summary>
    public void Estimate(RbmLayer layer, AnnealingOptions options, Generator generator)
    {
        var partitions = Of(layer, options, exactly: true, generator);
        Values.copy_(tensor(partitions.Select(p => (float)p.Value).ToArray()));
        _errors.copy_(tensor(partitions.Select(p => (float)p.StandardError).ToArray()));
    }

    /// <summary>Of the weights as they are, less exactly; the same until <see cref="Changed"/>.</summary>
    public Tensor WhileMeasuring(RbmLayer layer, Generator generator) => _measured ??=
        tensor(Of(layer, OptionsWhileMeasuring(layer), layer.Hidden <= MostHiddenSummed, generator).Select(p => (float)p.Value).ToArray(), device: Values.device).DetachFromDisposeScope();

    /// <summary>The weights are others now.</summary>
    public void Changed()
    {
        _measured?.Dispose();
        _measured = null;
    }

    /// <summary>The log-partition of every row, or of all of them.</summary>
    /// <param name="condition">(batch, conditions), one-hot, or null.</param>
    public OnnxValue Of(OnnxGraphWriter graph, OnnxValue? condition) =>
        condition is null ? graph.Weights(Values) : (condition * graph.Weights(Values)).Sum(1);

    private List<LogPartition> Of(RbmLayer layer, AnnealingOptions options, bool exactly, Generator generator) =>
        [.. Enumerable.Range(0, (int)Values.shape[0]).Select(condition =>
        {
            using var scope = NewDisposeScope();
            var partition = layer.LogPartition(layer.BiasesUnder(condition), options, exactly, generator);
            return partition with { Value = partition.Value - layer.Usual().to(float64).sum().item<double>() };
        })];

    private static AnnealingOptions OptionsWhileMeasuring(RbmLayer layer)
    {
        var options = new AnnealingOptions();
        return options with { Steps = options.StepsFor(layer.Weight.numel()) / StepsByMeasured, MostChains = options.Chains };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) Changed();
        base.Dispose(disposing);
    }
}
