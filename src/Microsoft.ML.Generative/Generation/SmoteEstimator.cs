using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Generative;

/// <summary>
/// Balances classes with SMOTE, the synthetic minority over-sampling technique, while a pipeline is being fitted and only then.
/// </summary>
/// <remarks>
/// <para>A synthetic row lies at a random place on the line from a row x of the class to one of the k rows of the class that are nearest to it:
/// x + u·(x′ − x), u uniform on [0, 1), x′ drawn from the k neighbours by Euclidean distance. Every row of the class starts as many lines as any other,
/// up to one; where the class has no more than k rows, k is their number less one.</para>
/// <para>The steps that follow in the same chain of estimators are fitted on the real rows followed by the synthetic ones. Rows that the fitted
/// pipeline transforms later, test folds included, pass unchanged; in a saved model the step is an identity of stock ML.NET. Columns other
/// than label and features are missing in synthetic rows (NaN, the missing key, an empty text, false or 0).</para>
/// <para>Input: the label column (key, Boolean, text or number) and the features, <c>Vector&lt;Single&gt;</c> of known size in comparable units. Output: the
/// same columns. The rows of the classes that grow are held in memory; neighbours are found by comparing all of them, n²·d steps for n rows of d features.</para>
/// <para>Chawla, Bowyer, Hall and Kegelmeyer: SMOTE: synthetic minority over-sampling technique. JAIR 16, 2002.</para>
/// </remarks>
public sealed class SmoteEstimator : IEstimator<ITransformer>
{
    // a line needs two ends
    private const int MinimumRows = 2;

    private readonly IHost _host;
    private readonly SmoteOptions _options;
    private readonly OversamplingChecks _checks;
    private readonly int _seed;

    internal SmoteEstimator(IHostEnvironment env, SmoteOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = env.Register("Smote");
        _seed = options.Seed ?? _host.Rand.Next();
        _options = options;
        _checks = new OversamplingChecks(_host, options.LabelColumnName, options.IsSyntheticColumnName);
    }

    /// <summary>Checks the columns that are read. The schema does not change.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _checks.GetOutputSchema(inputSchema, _options.FeatureColumnName);

    /// <summary>Counts the classes, then reads the rows of those that grow and finds their neighbours.</summary>
    /// <param name="input">The rows to balance.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, there are not two classes, a class that grows has one row, or a feature is not finite.</exception>
    public ITransformer Fit(IDataView input)
    {
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        var features = input.Schema[_options.FeatureColumnName];
        var census = LabelCensus.Take(input, input.Schema[_options.LabelColumnName], features);
        var plans = ClassRatios.Plan(census, _options.Ratio, _options.RatioByLabel, MinimumRows);
        _checks.Log(plans);

        var growing = plans.Where(plan => plan.Added > 0).ToList();
        if (growing.Count == 0) return new OversamplingTransformer(_host, input, null, []);
        var rows = new AugmentedRows(input, census, _options.IsSyntheticColumnName);
        var augmented = rows.Append([.. growing.Select(plan => (plan, rows.Conform(plan, Draw(input, census, plan, features))))]);
        return new OversamplingTransformer(_host, input, augmented, []);
    }

    private IDataView Draw(IDataView input, LabelCensus census, ClassPlan plan, DataViewSchema.Column features)
    {
        var rows = FeatureMatrix.Read(new LabelledRowsView(input, census.Labels, plan.Number, plan.Rows), features, plan.Rows);
        var source = new SmoteSource(rows, _options.Neighbours, (int)RandomSeeds.Of(_seed, plan.Number));
        return new SampleDataView(source, [new FloatSampleColumn(features.Name, features.Type, 0, rows.Columns)], plan.Added);
    }
}
