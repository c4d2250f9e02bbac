using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Trains a linear model by going through the rows one at a time.</summary>
public abstract class OnlineLinearTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected OnlineLinearTrainer(IHost host, OnlineLinearOptions options, SchemaShape.Column label)
        : base(host, TrainerColumns.Features(options.FeatureColumnName), label)
    {
        Contracts.CheckParam(options.NumberOfIterations > 0, nameof(options.NumberOfIterations), "must be positive");
    }

    /// <summary>Wants normalised features and goes through the data often.</summary>
    public override TrainerInfo Info { get; } = new(calibration: true);

    /// <summary>Goes on from the weights of a model.</summary>
    public TTransformer Fit(IDataView trainData, LinearModelParameters modelParameters)
    {
        Contracts.CheckValue(trainData, nameof(trainData));
        CheckInputSchema(SchemaShape.Create(trainData.Schema));
        return MakeTransformer(Train(trainData, modelParameters), trainData.Schema);
    }

    private protected sealed override TModel TrainModelCore(IDataView data) => Train(data, null);

    private protected abstract TModel Train(IDataView data, LinearModelParameters start);
}

/// <summary>Options of the trainers that go through the rows one at a time.</summary>
public abstract class OnlineLinearOptions : TrainerInputBaseWithLabel
{
    /// <summary>How often all rows are gone through. Default 1.</summary>
    public int NumberOfIterations = 1;

    /// <summary>Whether in another order each time, if the data can do that. Default true.</summary>
    public bool Shuffle = true;

    /// <summary>Makes default options.</summary>
    protected OnlineLinearOptions()
    {
    }
}
