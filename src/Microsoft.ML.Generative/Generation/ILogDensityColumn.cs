namespace Microsoft.ML.Generative.Generation;

/// <summary>A transformer that may add a column of log-densities.</summary>
internal interface ILogDensityColumn
{
    /// <summary>Name of the column; null if the model has no density.</summary>
    string? LogDensityColumnName { get; }
}
