using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Columns of a table as one vector for a linear classifier, by steps of ML.NET: categories are one-hot, dates and numbers are numbers, the mean of the column where they are
/// missing.</summary>
internal static class TableFeatures
{
    // of a text the first ones; a key of more is left out
    private const int MostCategories = 1000;

    /// <param name="schema">Schema of the rows.</param>
    /// <param name="columns">Names of columns that a table can have.</param>
    /// <param name="output">Name of the vector.</param>
    public static IEstimator<ITransformer> Estimator(MLContext context, DataViewSchema schema, IReadOnlyList<string> columns, string output)
    {
        var chain = new EstimatorChain<ITransformer>();
        var parts = new List<string>();
        foreach (var column in columns.Select(name => schema[name]))
        {
            string part = $"{output}.{parts.Count}";
            if (Steps(context, column, part) is not { } steps) continue;
            chain = chain.Append(steps);
            parts.Add(part);
        }
        return chain.Append(context.Transforms.Concatenate(output, [.. parts]));
    }

    // null for a column that is left out
    private static IEstimator<ITransformer>? Steps(MLContext context, DataViewSchema.Column column, string output)
    {
        var conversion = context.Transforms.Conversion;
        // the mean of a column that has no numbers is none either
        var known = context.Transforms.ReplaceMissingValues(output, output, MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(context.Transforms.ReplaceMissingValues(output, output, MissingValueReplacingEstimator.ReplacementMode.DefaultValue));
        return column.Type switch
        {
            TextDataViewType => context.Transforms.Categorical.OneHotEncoding(output, column.Name, maximumNumberOfKeys: MostCategories),
            KeyDataViewType key => key.Count <= MostCategories ? conversion.MapKeyToVector(output, column.Name) : null,
            VectorDataViewType => context.Transforms.CopyColumns(output, column.Name).Append(known),
            DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType =>
                conversion.ConvertType(output, column.Name, DataKind.Int64).Append(conversion.ConvertType(output, output, DataKind.Single)),
            _ => conversion.ConvertType(output, column.Name, DataKind.Single).Append(known),
        };
    }
}
