using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Trains a generative model on a column of features. Made by <c>mlContext.Generative.Train…</c>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Reads</term><description>the features (<c>Vector&lt;Single&gt;</c> of fixed size, finite) and the label, if it is conditioned on one.</description></item>
/// <item><term>Adds</term><description><c>Score</c> and <c>PredictedLabel</c>, and what else the model can give: <c>LogDensity</c>, <c>Reconstruction</c>, <c>Latent</c>.</description></item>
/// <item><term>Needs caching</term><description>no: the rows are read once and kept, up to <see cref="TrainingOptions.MemoryBudget"/>.</description></item>
/// </list>
/// Standardising the features is part of the model. Fitting never changes the estimator; fitting again starts anew and gives the same model.
/// </remarks>
/// <typeparam name="TOptions">Options of the model.</typeparam>
public sealed class GenerativeEstimator<TOptions> : IEstimator<GenerativeTransformer>, ILabelConditionable
    where TOptions : GenerativeOptions
{
    private readonly MLContext _context;
    private readonly TOptions _options;
    private readonly int _seed;
    private readonly StartingPoint? _start;   // null for a new model

    /// <exception cref="ArgumentException">Options are out of range; the message names all of them.</exception>
    internal GenerativeEstimator(MLContext context, TOptions options, StartingPoint? start = null) : this(context, options, SeedOf(context, options), start)
    {
    }

    private GenerativeEstimator(MLContext context, TOptions options, int seed, StartingPoint? start)
    {
        options.Validate();
        _context = context;
        _options = options;
        _seed = seed;
        _start = start;
    }

    string? ILabelConditionable.LabelColumnName => _options.LabelColumnName;

    string? ILabelConditionable.FeatureColumnName => _options.LearnsTable ? null : _options.FeatureColumnName;

    IReadOnlyList<string> ILabelConditionable.LearntColumns(SchemaShape schema) => _options.LearnsAllColumns ? Naming(schema)._options.LearntColumnNames : _options.LearntColumnNames;

    // a network that is there already has the inputs that it has
    bool ILabelConditionable.CanBeConditionedOn(string? labelColumnName) => _start is null || labelColumnName == _options.LabelColumnName;

    IEstimator<IGenerativeTransformer> ILabelConditionable.ConditionedOn(string? labelColumnName) => new GenerativeEstimator<TOptions>(
        _context, _options with { LabelColumnName = labelColumnName, Training = _options.Training with { BalanceLabels = labelColumnName is not null } }, _seed, _start);

    /// <summary>Trains the model.</summary>
    /// <param name="input">Rows to learn from, two or more.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type, or rows cannot be learnt from; the message says which and why.</exception>
    /// <exception cref="InvalidOperationException">Training broke down before there were weights worth keeping, or the GPU asked for is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step; later, the best weights so far are kept.</exception>
    public GenerativeTransformer Fit(IDataView input) => Fit(input, validation: null);

    /// <summary>Trains the model, and keeps the weights that are best on rows of your own choice.</summary>
    /// <param name="input">Rows to learn from, two or more.</param>
    /// <param name="validation">Rows to measure on, with the same columns; null for a share of the rows to learn from, as
    /// <see cref="TrainingOptions.ValidationFraction"/> says, which is ignored otherwise.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public GenerativeTransformer Fit(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var log = new ChannelLog(_context, _options.ModelName);
        if (_options.LearnsAllColumns) return Naming(SchemaShapes.Of(input.Schema), log).Fit(input, validation);
        var device = ComputeDevice.Of(_context, log);
        var encoding = _start?.Encoding(input.Schema) ?? RowEncoding.Find(input, _options, log);
        using var table = Read(input, encoding, learn: _start is null);
        if (table.Rows < 2)
            throw new ArgumentException($"There {(table.Rows == 0 ? "is no row" : "is one row")} to learn from; a generative model needs 2 or more. "
                                        + "Check filters and the path that the rows are loaded from.");
        if (encoding.Label is { Count: < 2 } label)
            throw new ArgumentException($"Label column '{label.Name}' has the one value {label.ValueOf(0)} in all rows; a model conditioned on it needs two or more. Leave LabelColumnName null.");
        if (validation is not null) encoding.Check(validation.Schema);
        using var validationTable = validation is null ? null : Read(validation, encoding, learn: false);
        if (validationTable is { Rows: 0 }) throw new ArgumentException("There is no row to measure on; give null to hold out some of the rows to learn from.");

        var network = _start?.CreateNetwork(_options, table.Statistics, device, log) ?? CreateNetwork(Describe(table, encoding, device), device);
        try
        {
            var report = Train(network, table, validationTable, device, log);
            using var rows = table.All(device);
            var model = new FittedModel(_options, encoding, network, device, _seed, table.Fingerprint, report)
            {
                TrainingColumns = [.. input.Schema.Select(column => column.Name)],
            };
            model.Calibrate(rows);
            return new GenerativeTransformer(model);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    // the same with the names of all columns that there are
    private GenerativeEstimator<TOptions> Naming(SchemaShape shape, ITrainingLog? log = null) =>
        new(_context, _options with { InputColumnNames = TableColumnType.All(shape, [_options.LabelColumnName, _options.ContextColumnName], log) }, _seed, _start);

    private TrainingTable Read(IDataView view, RowEncoding encoding, bool learn) =>
        TrainingTable.Read(view, encoding, _options.Training.MemoryBudget, learn, _options.Training.CancellationToken);

    /// <summary>The columns after the model has added its own.</summary>
    /// <exception cref="ArgumentException">A column that the model reads is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (_options.LearnsAllColumns) return Naming(inputSchema).GetOutputSchema(inputSchema);
        var requirement = _options.LearnsTable ? TableColumnType.Requirement : ColumnRequirement.Features;
        foreach (string name in _options.LearntColumnNames) SchemaShapes.Require(inputSchema, name, requirement);
        if (_options.LabelColumnName is { } label) SchemaShapes.Require(inputSchema, label, ColumnRequirement.Label);
        if (_options.ContextColumnName is { } context) SchemaShapes.Require(inputSchema, context, ColumnRequirement.Features);
        return SchemaShapes.With(inputSchema, ModelOutputs.Of(_options, features: 1, latentSize: 1, columns: _options.LearntColumnNames));
    }

    private NetworkInput Describe(TrainingTable table, RowEncoding encoding, Device device)
    {
        var input = encoding.Describe(table.Statistics, _options.TakesProportions, _options.ImageOfFeatures);
        if (!_options.UsesCorrelation || !input.CanBeWhitened) return input;
        using var rows = table.All(device);
        return input with { Correlation = Correlations.Of(rows, input) };
    }

    private GenerativeNetwork CreateNetwork(NetworkInput input, Device device)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)RandomSeeds.Of(_seed));
        return _options.CreateNetwork(input, new Initializer(generator, device));
    }

    private TrainingReport Train(GenerativeNetwork network, TrainingTable table, TrainingTable? validationTable, Device device, ChannelLog log)
    {
        var defaults = _options.DefaultTraining(network.Input with { Rows = table.Rows });
        if (_start is not null) defaults = defaults with { LearningRate = defaults.LearningRate * StartingPoint.LearningRateScale };
        double validationFraction = validationTable is not null ? 0 : _options.Training.ValidationFraction ?? defaults.ValidationFraction;
        var (rows, heldOut) = table.Split(validationFraction, _options.Training.BalanceLabels, RandomSeeds.Of(_seed, 1), device);
        using (rows)
        using (var validation = validationTable?.All(device) ?? heldOut)
        {
            if (_start is null && network is IInitialised initialised)
            {
                using var generator = new Generator((ulong)RandomSeeds.Of(_seed, 3), device);
                initialised.Initialise(() => rows.Batches(FittedModel.CalibrationBatchRows, null), generator, log, _options.Training.CancellationToken);
            }
            var plan = new TrainingPlan(_options.Training, defaults, rows.Count) { StartsTrained = _start is not null };
            long fingerprint = RandomSeeds.Of(table.Fingerprint, validationTable?.Fingerprint ?? 0, StartHash());
            var report = network.Objectives.All(objective => Player.IsFrozen(network, objective)) ? null : Train(plan, fingerprint);
            if (network is IMonitored monitored)
            {
                using var generator = new Generator((ulong)RandomSeeds.Of(_seed, 4), device);
                using var noGradient = no_grad();
                monitored.Report((validation ?? rows).Batches(FittedModel.CalibrationBatchRows, null, network.Prepare), generator, log);
            }
            if (network.Afterwards is { } stage && stage.Objectives.Any(objective => !Player.IsFrozen(network, objective))) report = TrainAfterwards(stage, report);
            if (validation is not null) (network as IHeldOutCalibrated)?.Calibrate(validation.Batches(FittedModel.CalibrationBatchRows, null));
            return report!;

            TrainingReport Train(TrainingPlan plan, long fingerprint)
            {
                using var loop = new TrainingLoop(network, plan, rows, validation, device, RandomSeeds.Of(_seed, 2), fingerprint, log);
                return loop.Run();
            }

            // the report is that of what comes first
            TrainingReport TrainAfterwards(TrainingStage stage, TrainingReport? before)
            {
                if (before?.End == TrainingEnd.Cancelled)
                {
                    log.Warning($"Cancelled before {string.Join(", ", stage.Objectives.Select(objective => objective.Name))} was trained.");
                    return before;
                }
                log.Info($"Now {string.Join(", ", stage.Objectives.Select(objective => objective.Name))}.");
                var own = new TrainingOptions { LearningRate = _options.Training.LearningRate, Steps = (int)Math.Min(stage.Defaults.Steps, plan.Steps), MemoryBudget = _options.Training.MemoryBudget, CancellationToken = _options.Training.CancellationToken };
                return Train(new TrainingPlan(own, _start is null ? stage.Defaults : stage.Defaults with { LearningRate = stage.Defaults.LearningRate * StartingPoint.LearningRateScale }, rows.Count) { IsAfterwards = true }, fingerprint) is var after && before is null ? after : before;
            }
        }
    }

    // what must not change between a checkpoint and the fit that goes on from it
    private long StartHash() => ModelJson.Serialize(_options).Aggregate(_start?.Fingerprint() ?? 17, (hash, c) => RandomSeeds.Of(hash, c));

    private static int SeedOf(MLContext context, TOptions options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        return options.Seed ?? ((Runtime.IHostEnvironment)context).Register(options.ModelName).Rand.Next();
    }
}
