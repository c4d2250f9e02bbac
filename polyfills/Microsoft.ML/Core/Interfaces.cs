using Microsoft.ML.Data;

namespace Microsoft.ML
{
    /// <summary>Can be written to a model file.</summary>
    public interface ICanSaveModel
    {
        /// <summary>Writes everything that loading needs.</summary>
        void Save(ModelSaveContext ctx);
    }

    /// <summary>Makes views of a source, such as a file.</summary>
    public interface IDataLoader<in TSource> : ICanSaveModel
    {
        /// <summary>A view of the source; nothing is read yet.</summary>
        IDataView Load(TSource input);

        /// <summary>The columns of the views.</summary>
        DataViewSchema GetOutputSchema();
    }

    /// <summary>Makes a loader from a sample of the source.</summary>
    public interface IDataLoaderEstimator<in TSource, out TLoader>
        where TLoader : IDataLoader<TSource>
    {
        /// <summary>Makes the loader.</summary>
        TLoader Fit(TSource input);

        /// <summary>What the columns will be.</summary>
        SchemaShape GetOutputSchema();
    }

    /// <summary>Turns views into views.</summary>
    public interface ITransformer : ICanSaveModel
    {
        /// <summary>Whether each row of the output comes from one row of the input, so that <see cref="GetRowToRowMapper"/> works.</summary>
        bool IsRowToRowMapper { get; }

        /// <summary>The columns of the output.</summary>
        DataViewSchema GetOutputSchema(DataViewSchema inputSchema);

        /// <summary>The output; nothing is computed yet.</summary>
        IDataView Transform(IDataView input);

        /// <summary>The same for single rows.</summary>
        IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema);
    }

    /// <summary>Learns a transformer from data.</summary>
    public interface IEstimator<out TTransformer>
        where TTransformer : ITransformer
    {
        /// <summary>Learns.</summary>
        TTransformer Fit(IDataView input);

        /// <summary>What the columns of the transformer's output will be.</summary>
        SchemaShape GetOutputSchema(SchemaShape inputSchema);
    }

    /// <summary>A transformer that predicts with a model.</summary>
    public interface IPredictionTransformer<out TModel> : ITransformer
        where TModel : class
    {
        /// <summary>The model.</summary>
        TModel Model { get; }
    }

    /// <summary>A transformer that predicts from one column.</summary>
    public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel>
        where TModel : class
    {
        /// <summary>The name of that column.</summary>
        string FeatureColumnName { get; }

        /// <summary>The type of that column.</summary>
        DataViewType FeatureColumnType { get; }
    }
}

namespace Microsoft.ML.Data
{
    /// <summary>Computes the columns of an output row from an input row.</summary>
    public interface IRowToRowMapper
    {
        /// <summary>The columns that come in.</summary>
        DataViewSchema InputSchema { get; }

        /// <summary>The columns that go out.</summary>
        DataViewSchema OutputSchema { get; }

        /// <summary>The input columns that those output columns need.</summary>
        IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns);

        /// <summary>The output row that follows <paramref name="input"/> wherever it goes.</summary>
        DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns);
    }
}

namespace Microsoft.ML.Trainers
{
    /// <summary>An estimator that trains a model.</summary>
    public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
        where TTransformer : IPredictionTransformer<TModel>
        where TModel : class
    {
        /// <summary>What the trainer wants of its data.</summary>
        TrainerInfo Info { get; }
    }
}
