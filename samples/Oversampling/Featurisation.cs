using Csv;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Oversampling;

/// <summary>Columns as features: texts one-hot, all else numbers, holes filled with the mean, everything standardised.</summary>
internal static class Featurisation
{
    public const string Features = "(features)";

    // a category of few rows is no help to a classifier, and a column of thousands of them would be all that a model learns
    private const int MostCategories = 100;

    public static IEstimator<ITransformer> Of(MLContext ml, IReadOnlyList<TableColumn> columns)
    {
        InputOutputColumnPair[] texts = Pairs(columns.Where(column => column.Type is TextDataViewType));
        InputOutputColumnPair[] numbers = Pairs(columns.Where(column => column.Type is not TextDataViewType));
        var steps = new EstimatorChain<ITransformer>();
        if (texts.Length > 0) steps = steps.Append<ITransformer>(ml.Transforms.Categorical.OneHotEncoding(texts, maximumNumberOfKeys: MostCategories));
        if (numbers.Length > 0)
        {
            steps = steps.Append<ITransformer>(ml.Transforms.Conversion.ConvertType(numbers, DataKind.Single))
                .Append<ITransformer>(ml.Transforms.ReplaceMissingValues(numbers, MissingValueReplacingEstimator.ReplacementMode.Mean));
        }
        return steps.Append(ml.Transforms.Concatenate(Features, [.. columns.Select(column => column.Name)]))
            .Append(ml.Transforms.NormalizeMeanVariance(Features, fixZero: false));
    }

    private static InputOutputColumnPair[] Pairs(IEnumerable<TableColumn> columns) => [.. columns.Select(column => new InputOutputColumnPair(column.Name, column.Name))];
}
