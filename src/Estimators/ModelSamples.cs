using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws rows from a fitted model: features, then the number of the label, if it has one.</summary>
internal abstract class ModelSamples(FittedModel model, int seed) : ISampleSource
{
    protected FittedModel Model { get; } = model;

    public int Width => Model.InputWidth;

    public int BatchRows { get; } = (model.Network as ISampler)?.RowsAtOnce ?? 256;

    public void Generate(long batch, int rows, float[] destination)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var generator = new Generator((ulong)RandomSeeds.Of(seed, batch), Model.Device);
        var (x, given) = Draw(batch, rows, generator);   // (rows, features), (rows, the number of the label and the context)
        (given is null ? x : cat([x, given], 1)).CopyTo(destination.AsSpan(0, rows * Width));
        Finish(destination.AsSpan(0, rows * Width));
    }

    /// <summary>Does what is left to do to drawn rows.</summary>
    protected virtual void Finish(Span<float> rows)
    {
    }

    protected abstract (Tensor X, Tensor? Given) Draw(long batch, int rows, Generator generator);

    public virtual ISampleSource ForCursor() => this;
}

/// <summary>Draws from what the model has learnt of all rows, or of those with one label, or for given contexts, or as a request asks for.</summary>
internal sealed class PriorSamples : ModelSamples, IDisposable
{
    private readonly int _seed;
    private readonly int? _label;
    private readonly IDataView? _contexts;
    private readonly DrawRequest? _request;
    private readonly ISampler _sampler;
    private readonly double? _guidance;
    private CyclicRows? _contextRows, _givenRows;

    /// <param name="label">Number of the label to draw; null for all, as often as they were in training.</param>
    /// <param name="contexts">View with the column of the context; null for a model without one.</param>
    /// <param name="guidance">Weight of guidance; null for the model's own.</param>
    /// <param name="request">What is asked of the rows; null for nothing.</param>
    public PriorSamples(FittedModel model, int seed, int? label, IDataView? contexts, double? guidance, DrawRequest? request) : base(model, seed)
    {
        _guidance = guidance;
        _seed = seed;
        _request = request;
        _label = label;
        _contexts = contexts;
        _sampler = model.Network as ISampler ?? throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' can't draw rows.");
        if (guidance is not null && _sampler is not IGuidedSampler) throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' can't be guided. SampleOptions.GuidanceWeight is for TrainDiffusion.");
        if (guidance is not null && _sampler is IGuidedSampler { CanBeGuided: false })
            throw new ArgumentException("SampleOptions.GuidanceWeight is given, but the model has not learned rows both with a label and without. Train it with LabelColumnName, and ConditionDropout above 0.");
        if (model.Encoding.Context is { } context)
        {
            if (contexts is null) throw new ArgumentException($"The model is conditioned on column '{context.Column.Name}'; give SampleOptions.Context, a view with that column.");
            context.Column.Check(contexts.Schema);
        }
        else if (contexts is not null) throw new ArgumentException("SampleOptions.Context is given, but the model is not conditioned on a context. Train it with ContextColumnName.");
    }

    public override ISampleSource ForCursor() => Model.Encoding.Context is null && _request?.Rows is null ? this : new PriorSamples(Model, _seed, _label, _contexts, _guidance, _request)
    {
        _contextRows = Model.Encoding.Context is { Column: var column } ? new CyclicRows(_contexts!, [_contexts!.Schema[column.Name]], column.CreateEncoder, column.Width) : null,
        _givenRows = _request?.Rows is null ? null : _request.CreateReader(),
    };

    protected override (Tensor X, Tensor? Given) Draw(long batch, int rows, Generator generator)
    {
        var condition = Model.Encoding.Condition;
        var known = _givenRows is null ? null : Read(_givenRows, batch, rows, Width);
        if (condition.Size == 0) return (Sample(rows, known, null, generator), null);
        var given = cat([.. Labels(rows, known, generator), .. Contexts(batch, rows)], 1);   // (rows, the number of the label and the context)
        return (Sample(rows, known, condition.Of(given), generator), given);
    }

    protected override void Finish(Span<float> rows) => _request?.Place(rows, Width);

    private Tensor Sample(long rows, Tensor? known, Tensor? condition, Generator generator) =>
        _request is not null ? _request.Draw(rows, known, condition, generator)
        : _guidance is { } guidance ? ((IGuidedSampler)_sampler).Sample(rows, condition, guidance, generator)
        : _sampler is IEvenSampler even ? even.SampleEvenly(rows, condition, generator)
        : _sampler.Sample(rows, condition, generator);

    private IEnumerable<Tensor> Labels(int rows, Tensor? known, Generator generator)
    {
        if (Model.Encoding.Label is null) yield break;
        yield return _request is { GivesLabel: true } ? known!.narrow(1, Model.Encoding.Features, 1)
            : _label is { } number ? full(rows, 1, number, float32, Model.Device)
            : multinomial(tensor(Model.LabelShares, float32, Model.Device), rows, true, generator).to(float32).unsqueeze(1);
    }

    private IEnumerable<Tensor> Contexts(long batch, int rows)
    {
        int width = Model.Encoding.ContextWidth;
        if (width == 0) yield break;
        yield return Read(_contextRows!, batch, rows, width);
    }

    private Tensor Read(CyclicRows source, long batch, int rows, int width)
    {
        var values = new float[rows * width];
        source.Read(batch * BatchRows, rows, values);
        return TensorTransfer.ToTensor(values, rows, width, Model.Device);
    }

    public void Dispose()
    {
        _contextRows?.Dispose();
        _givenRows?.Dispose();
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

    protected override (Tensor X, Tensor? Given) Draw(long batch, int rows, Generator generator)
    {
        var encoded = new float[rows * Width];
        _rows!.Read(batch * BatchRows, rows, encoded);
        var source = Model.ToBatch(encoded, rows);
        var x = _sampler.Vary(source.X, source.Condition, _temperature, generator);
        int features = Model.Encoding.Features;
        return (x, source.Condition is null ? null : TensorTransfer.ToTensor(encoded, rows, Width, Model.Device).narrow(1, features, Width - features));
    }

    public void Dispose() => _rows?.Dispose();
}
