using Microsoft.ML.Generative;
using Microsoft.ML.Generative.Metrics;

namespace Microsoft.ML;

/// <summary>Metrics that judge synthetic rows, one by one: <c>mlContext.Generative.Metrics</c>. All at once: <see cref="GenerativeCatalog.Evaluate(IDataView, IDataView, EvaluateOptions?)"/>.</summary>
/// <remarks>Rows are read into memory: texts, keys and Booleans as categories, numbers, dates (in days) and the slots of <c>Vector&lt;Single&gt;</c> as numbers. Both views need the columns of
/// the first argument; further ones of the others, such as a mark of synthetic rows, do not matter. A column that is missing or of a type that can't be compared, a view without rows, is an
/// <see cref="ArgumentException"/> that names it.
/// <para>Metrics of features compare rows by a column <c>Vector&lt;Single&gt;</c>, with distances as they are: standardise slots of different units before (<c>NormalizeMeanVariance</c>), by the real rows. All pairs of rows are
/// compared in blocks, so 50,000 × 50,000 rows need no more memory than the rows do. The order of the rows does not matter. A column that is missing or not of known size, sizes that differ, a number that is NaN or infinite,
/// and too few rows are an <see cref="ArgumentException"/> that says where.</para></remarks>
public sealed partial class MetricsCatalog
{
    private readonly MLContext _context;

    internal MetricsCatalog(MLContext context) => _context = context;

    /// <summary>How alike single columns are to those of real rows.</summary>
    /// <param name="real">Real rows: those the model was trained on, or others.</param>
    /// <param name="synthetic">Synthetic rows.</param>
    public ColumnShapeMetrics ColumnShapes(IDataView real, IDataView synthetic)
    {
        var tables = Read(("the real rows", real), ("the synthetic rows", synthetic));
        return Evaluation.ColumnShapes(tables[0], tables[1]);
    }

    /// <summary>How far the numbers of single columns are from those of real rows.</summary>
    /// <param name="real">Real rows: those the model was trained on, or others, with a column of numbers or dates at least.</param>
    /// <param name="synthetic">Synthetic rows.</param>
    public WassersteinMetrics Wasserstein(IDataView real, IDataView synthetic)
    {
        var tables = Read(("the real rows", real), ("the synthetic rows", synthetic));
        return Evaluation.Wasserstein(tables[0], tables[1]);
    }

    /// <summary>How alike pairs of columns are to those of real rows.</summary>
    /// <param name="real">Real rows: those the model was trained on, or others, of two columns or more.</param>
    /// <param name="synthetic">Synthetic rows.</param>
    public PairMetrics Pairs(IDataView real, IDataView synthetic)
    {
        var tables = Read(("the real rows", real), ("the synthetic rows", synthetic));
        return Evaluation.Pairs(tables[0], tables[1]);
    }

    /// <summary>How well a classifier tells synthetic rows from real ones.</summary>
    /// <param name="real">Real rows that the model was not trained on, 50 or more.</param>
    /// <param name="synthetic">Synthetic rows, 50 or more.</param>
    /// <param name="classifier">See <see cref="EvaluateOptions.Classifier"/>.</param>
    /// <param name="seed">Seed of the folds.</param>
    public DetectionMetrics Detection(IDataView real, IDataView synthetic, IEstimator<ITransformer>? classifier = null, int seed = 0)
    {
        var tables = Read(("the real rows", real), ("the synthetic rows", synthetic));
        return Evaluation.Detect(_context, tables[0], tables[1], classifier, seed);
    }

    /// <summary>How near synthetic rows are to the training row closest to them. Every row is compared with every training row, in blocks.</summary>
    /// <param name="training">The rows that the model was trained on.</param>
    /// <param name="synthetic">Synthetic rows.</param>
    /// <param name="heldOut">Real rows that it was not trained on, to compare with; null for none.</param>
    public ClosestRecordMetrics ClosestRecord(IDataView training, IDataView synthetic, IDataView? heldOut = null)
    {
        var tables = ReadTraining(training, synthetic, heldOut);
        return Evaluation.Closest(tables[0], tables[1], tables.ElementAtOrDefault(2));
    }

    /// <summary>How many synthetic rows are a training row again.</summary>
    /// <inheritdoc cref="ClosestRecord" path="/param"/>
    public CopyMetrics Copies(IDataView training, IDataView synthetic, IDataView? heldOut = null)
    {
        var tables = ReadTraining(training, synthetic, heldOut);
        return Evaluation.Copies(tables[0], tables[1], tables.ElementAtOrDefault(2));
    }

    /// <summary>What synthetic rows are worth for learning to predict a label.</summary>
    /// <param name="synthetic">Synthetic rows to learn from.</param>
    /// <param name="test">Real rows to test on, which the model was not trained on.</param>
    /// <param name="labelColumnName">Column that has two values in the test rows.</param>
    /// <param name="classifier">See <see cref="EvaluateOptions.Classifier"/>.</param>
    public TrainOnSyntheticMetrics TrainOnSynthetic(IDataView synthetic, IDataView test, string labelColumnName, IEstimator<ITransformer>? classifier = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        var tables = Read(("the test rows", test), ("the synthetic rows", synthetic));
        return Evaluation.Learn(_context, tables[1], tables[0], labelColumnName, classifier);
    }

    private static IReadOnlyList<ComparedTable> ReadTraining(IDataView training, IDataView synthetic, IDataView? heldOut) => heldOut is null
        ? Read(("the training rows", training), ("the synthetic rows", synthetic))
        : Read(("the training rows", training), ("the synthetic rows", synthetic), ("the rows held out", heldOut));

    private static IReadOnlyList<ComparedTable> Read(params (string, IDataView View)[] tables)
    {
        foreach (var table in tables) ArgumentNullException.ThrowIfNull(table.View);
        return ComparedTable.Read(tables);
    }
}
