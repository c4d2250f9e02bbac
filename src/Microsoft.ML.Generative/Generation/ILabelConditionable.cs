namespace Microsoft.ML.Generative.Generation;

/// <summary>An estimator whose model can be conditioned on a label.</summary>
internal interface ILabelConditionable
{
    /// <summary>The label column that it is conditioned on; null for none.</summary>
    string? LabelColumnName { get; }

    /// <summary>The column of features that it reads; null if it reads the columns of a table.</summary>
    string? FeatureColumnName { get; }

    /// <summary>The columns that it learns of rows of a schema, the label left out.</summary>
    IReadOnlyList<string> LearntColumns(SchemaShape schema);

    /// <summary>Whether <see cref="ConditionedOn"/> can be asked for this column, or for none.</summary>
    bool CanBeConditionedOn(string? labelColumnName) => true;

    /// <summary>The same estimator, conditioned on this label column and drawing the labels equally often in training; null undoes it.</summary>
    IEstimator<IGenerativeTransformer> ConditionedOn(string? labelColumnName);
}
