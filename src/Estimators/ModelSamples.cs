using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws rows from a fitted model: features, then the number of the label, if it has one.</summary>
internal abstract class ModelSamples(FittedModel model, int seed) : ISampleSource
{
    protected FittedModel Model { get; } = model;

    public int Width => Model.InputWidth;

    public void Generate(long batch, int rows, float[] destination)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var generator = new Generator((ulong)RandomSeeds.Of(seed, batch), Model.Device);
        var (x, labels) = Draw(batch, rows, generator);   // (rows, features), (rows, 1)
        (labels is null ? x : cat([x, labels], 1)).CopyTo(destination.AsSpan(0, rows * Width));
    }

    protected abstract (Tensor X, Tensor? Labels) Draw(long batch, int rows, Generator generator);

    public virtual ISampleSource ForCursor() => this;
}

/// <summary>Draws from what the model has learnt of all rows, or of those with one label.</summary>
internal sealed class PriorSamples(FittedModel model, int seed, int? label) : ModelSamples(model, seed)
{
    private readonly ISampler _sampler = model.Network as ISampler
        ?? throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' can't draw rows.");

    protected override (Tensor X, Tensor? Labels) Draw(long batch, int rows, Generator generator)
    {
        if (Model.Encoding.Label is null) return (_sampler.Sample(rows, null, generator), null);
        var labels = label is { } number
            ? full(rows, 1, number, float32, Model.Device)
            : multinomial(tensor(Model.LabelShares, float32, Model.Device), rows, true, generator).to(float32).unsqueeze(1);
        return (_sampler.Sample(rows, LabelCondition.OneHot(labels, 0, Model.Encoding.ConditionSize), generator), labels);
    }
}

/// <summary>Draws variations of the rows of a view, one after the other.</summary>
internal sealed class Variations : ModelSamples, IDisposable
{
    private readonly IDataView _source;
    private readonly int _seed;
    private readonly double _temperature;
    private readonly IVariationSampler _sampler;
    private CyclicRows? _rows;

    public Variations(FittedModel model, IDataView source, int seed, double temperature) : base(model, seed)
    {
        model.Check(source.Schema);
        _source = source;
        _seed = seed;
        _temperature = temperature;
        _sampler = model.Network as IVariationSampler
            ?? throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' can't draw variations of rows; use Sample.");
    }

    public override ISampleSource ForCursor() => new Variations(Model, _source, _seed, _temperature)
    {
        _rows = new CyclicRows(_source, Model.InputColumns.Select(c => _source.Schema[c]).ToList(), row => Model.CreateEncoder(row), Model.InputWidth),
    };

    protected override (Tensor X, Tensor? Labels) Draw(long batch, int rows, Generator generator)
    {
        var encoded = new float[rows * Width];
        _rows!.Read(batch * ((ISampleSource)this).BatchRows, rows, encoded);
        var given = Model.ToBatch(encoded, rows);
        var labels = given.Condition?.argmax(1, true).to(float32);
        return (_sampler.Vary(given.X, given.Condition, _temperature, generator), labels);
    }

    public void Dispose() => _rows?.Dispose();
}
