using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers.FastTree;

/// <summary>Trains trees.</summary>
public abstract class FastTreeTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TOptions : TreeOptions, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected FastTreeTrainerBase(IHost host, TOptions options, SchemaShape.Column label)
        : base(host, TrainerColumns.Features(options.FeatureColumnName), label, TrainerColumns.Weight(options.ExampleWeightColumnName))
    {
        options.Check();
        TrainerOptions = options;
    }

    /// <summary>Does not need normalised features.</summary>
    public override TrainerInfo Info { get; } = new(normalization: false, caching: false, supportValid: true);

    private protected TOptions TrainerOptions { get; }
}

/// <summary>Trains trees that correct each other.</summary>
public abstract class BoostingFastTreeTrainerBase<TOptions, TTransformer, TModel> : FastTreeTrainerBase<TOptions, TTransformer, TModel>
    where TOptions : BoostedTreeOptions, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private protected BoostingFastTreeTrainerBase(IHost host, TOptions options, SchemaShape.Column label) : base(host, options, label)
    {
    }
}
