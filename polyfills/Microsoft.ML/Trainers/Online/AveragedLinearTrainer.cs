using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Trains a linear model by steps along the gradient of a loss, one row at a time; the model is the average over all rows, or the last.</summary>
public abstract class AveragedLinearTrainer<TTransformer, TModel> : OnlineLinearTrainer<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    // the sums of an average are brought up to date once the steps not yet in them are this share of those that are
    private const double Tolerance = 0.01f;

    private readonly AveragedLinearOptions _options;

    private protected AveragedLinearTrainer(IHost host, AveragedLinearOptions options, SchemaShape.Column label) : base(host, options, label)
    {
        Contracts.CheckParam(options.LearningRate > 0, nameof(options.LearningRate), "must be positive");
        _options = options;
    }

    /// <summary>What the output moves by, per unit of learning rate, when it is so for a row with that label; null where nothing is to be done.</summary>
    private protected abstract double? Step(double output, float label);

    private protected (float[] Weights, float Bias) Learn(IDataView data, LinearModelParameters start)
    {
        using var channel = Host.Start("Training");
        var rows = TrainingRowsReader.Read(channel, data, FeatureColumn.Name, LabelColumn.Name, null, NoTrainingInstancesMessage);
        if (_options.Shuffle && !data.CanShuffle) channel.Warning(MessageSensitivity.None, "Training data does not support shuffling, so ignoring request to shuffle");
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        // the bias comes last
        double[] parameters = new double[rows.FeatureCount + 1];
        if (start != null)
        {
            Contracts.CheckParam(start.Weights.Count == rows.FeatureCount, "modelParameters", "The input training data must have the same features used to train the input predictor.");
            for (int i = 0; i < rows.FeatureCount; i++) parameters[i] = start.Weights[i];
            parameters[^1] = start.Bias;
        }
        double[] sums = [.. parameters];
        double counted = 0, uncounted = 0, stepsCounted = 0, stepsUncounted = 0;
        for (int iteration = 0; iteration < _options.NumberOfIterations; iteration++)
        {
            if (_options.Shuffle && data.CanShuffle) Host.Rand.Shuffle(order);
            foreach (int row in order)
            {
                if (Step(parameters[^1] + rows.Dot(row, parameters.AsSpan()[..^1]), rows.Labels[row]) is { } step)
                {
                    if (uncounted > 0 && stepsCounted * Tolerance <= stepsUncounted) Count();
                    step *= _options.LearningRate;
                    rows.AddScaled(row, step, parameters.AsSpan()[..^1]);
                    parameters[^1] += step;
                    stepsUncounted += Math.Abs(step);
                }
                uncounted++;
            }
            Count();
        }
        double[] result = _options.Averaged ? [.. sums.Select(sum => sum / counted)] : parameters;
        Contracts.Check(result.All(value => float.IsFinite((float)value)), "The weights/bias contain invalid values (NaN or Infinite). "
            + "Potential causes: high learning rates, no normalization, high initial weights, etc.");
        return ([.. result.SkipLast(1).Select(weight => (float)weight)], (float)result[^1]);

        void Count()
        {
            for (int i = 0; i < sums.Length; i++) sums[i] += uncounted * parameters[i];
            (counted, uncounted) = (counted + uncounted, 0);
            (stepsCounted, stepsUncounted) = (stepsCounted + stepsUncounted, 0);
        }
    }
}

/// <summary>Options of the trainers that average.</summary>
public abstract class AveragedLinearOptions : OnlineLinearOptions
{
    /// <summary>What the steps are multiplied by. Default 1.</summary>
    public float LearningRate = 1;

    /// <summary>Whether the model is the average over all rows rather than the last. Default true.</summary>
    public bool Averaged = true;

    /// <summary>Makes default options.</summary>
    protected AveragedLinearOptions()
    {
    }
}
