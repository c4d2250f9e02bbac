using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Trains a linear model by L-BFGS: minimises the mean of the row losses, weighted, plus (L2 / 2) · ‖w‖² divided by the sum of
/// the row weights, plus L1 · ‖w‖₁ divided by the number of rows. Biases are not regularised.
/// </summary>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected LbfgsTrainerBase(IHost host, TOptions options, SchemaShape.Column label)
        : base(host, TrainerColumns.Features(options.FeatureColumnName), label, TrainerColumns.Weight(options.ExampleWeightColumnName))
    {
        Contracts.CheckParam(options.NumberOfThreads is null or > 0, nameof(options.NumberOfThreads), "Must be positive (or empty for default)");
        Contracts.CheckParam(options.L2Regularization >= 0, nameof(options.L2Regularization), "Must be non-negative");
        Contracts.CheckParam(options.L1Regularization >= 0, nameof(options.L1Regularization), "Must be non-negative");
        Contracts.CheckParam(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), "Must be positive");
        Contracts.CheckParam(options.HistorySize > 0, nameof(options.HistorySize), "Must be positive");
        Contracts.CheckParam(options.MaximumNumberOfIterations > 0, nameof(options.MaximumNumberOfIterations), "Must be positive");
        TrainerOptions = options;
    }

    /// <summary>Wants normalised features and goes through the data often.</summary>
    public override TrainerInfo Info { get; } = new(caching: true);

    private protected TOptions TrainerOptions { get; }

    private protected TModel Train(IDataView data, Func<TrainingRows, int> countBiases, Func<TrainingRows, LinearObjective> makeObjective,
        Action<double[]> initialize, Func<TrainingRows, double[], TModel> makeModel)
    {
        using var channel = Host.Start("Training");
        var rows = TrainingRowsReader.Read(channel, data, FeatureColumn.Name, LabelColumn.Name, TrainerOptions.ExampleWeightColumnName, NoTrainingInstancesMessage);
        int biasCount = countBiases(rows);
        var objective = makeObjective(rows);
        var parameters = new double[objective.ParameterCount];
        if (initialize != null) initialize(parameters);
        else if (TrainerOptions.InitialWeightsDiameter > 0)
            for (int i = 0; i < parameters.Length; i++) parameters[i] = TrainerOptions.InitialWeightsDiameter * (Host.Rand.NextSingle() - 0.5f);

        channel.Info(MessageSensitivity.None, "Beginning optimization");
        channel.Info(MessageSensitivity.None, "num vars: {0}", parameters.Length);
        var minimizer = new LbfgsMinimizer(TrainerOptions.HistorySize, biasCount, TrainerOptions.L1Regularization / (double)rows.Count, TrainerOptions.EnforceNonNegativity);
        minimizer.Minimize(objective.Evaluate, parameters, TrainerOptions.OptimizationTolerance, TrainerOptions.MaximumNumberOfIterations);
        if (TrainerOptions.L1Regularization > 0 && !TrainerOptions.Quiet)
            channel.Info(MessageSensitivity.None, "L1 regularization selected {0} of {1} weights.",
                biasCount + parameters.Skip(biasCount).Count(weight => weight != 0), parameters.Length);
        return makeModel(rows, parameters);
    }

    private protected int ThreadCount => TrainerOptions.NumberOfThreads ?? Environment.ProcessorCount;

    /// <summary>Options of the trainers that use L-BFGS.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        /// <summary>The weight of half the squared norm of the weights. Default 1.</summary>
        public float L2Regularization = 1;

        /// <summary>The weight of the sum of the magnitudes of the weights. Default 1.</summary>
        public float L1Regularization = 1;

        /// <summary>Training ends when the mean loss improves by less than this. Default 1e-7.</summary>
        public float OptimizationTolerance = 1e-7f;

        /// <summary>How many steps the curvature estimate remembers. Default 20.</summary>
        public int HistorySize = 20;

        /// <summary>The most iterations. Default: no limit.</summary>
        public int MaximumNumberOfIterations = int.MaxValue;

        /// <summary>Whether to say less in the log.</summary>
        public bool Quiet;

        /// <summary>The width of the uniform distribution that the weights start from; 0 for zeros.</summary>
        public float InitialWeightsDiameter;

        /// <summary>How many threads sum up the gradient; null for one per processor.</summary>
        public int? NumberOfThreads;

        /// <summary>Whether weights must not be negative.</summary>
        public bool EnforceNonNegativity;

        /// <summary>Makes default options.</summary>
        protected OptionsBase()
        {
        }
    }
}
