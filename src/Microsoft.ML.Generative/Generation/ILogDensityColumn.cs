namespace Microsoft.ML.Generative.Generation;

/// <summary>A transformer that may add a column of log-densities.</summary>
internal interface ILogDensityColumn
{
    /// <summary>Name of the column; null if the model has no density.</summary>
    string? LogDensityColumnName { get; }

    /// <summary>The rows with that column, to compare labels by: it may lack what is the same for all labels, and be estimated more cheaply than the model's own.</summary>
    IDataView AddForComparison(IDataView rows);
}
