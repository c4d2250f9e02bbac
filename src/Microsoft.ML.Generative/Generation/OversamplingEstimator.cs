using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Generative;

/// <summary>
/// Balances classes with rows that a generative model draws, while a pipeline is being fitted and only then.
/// </summary>
/// <remarks>
/// <para>The steps that follow in the same chain of estimators are fitted on the real rows followed by the synthetic ones. Rows that the fitted
/// pipeline transforms later, test folds included, pass unchanged; in a saved model the step is an identity of stock ML.NET.</para>
/// <para>A synthetic row has the label and the columns that the model draws; all other columns are missing in it (NaN, the missing key, an empty text,
/// false or 0). Synthetic rows are drawn anew, to the same values, whenever the rows are read: append a cache checkpoint
/// where the next step reads them many times.</para>
/// <para>Input: the label column (key, Boolean, text or number) and the columns of the model. Output: the same columns.</para>
/// </remarks>
public sealed class OversamplingEstimator : IEstimator<ITransformer>
{
    private readonly MLContext _context;
    private readonly IHost _host;
    private readonly IEstimator<IGenerativeTransformer> _generator;
    private readonly ILabelConditionable? _conditionable;
    private readonly bool _isConditional;
    private readonly OversampleOptions _options;
    private readonly OversamplingChecks _checks;
    private readonly int _seed;

    internal OversamplingEstimator(MLContext context, IEstimator<IGenerativeTransformer> generator, OversampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _conditionable = generator as ILabelConditionable;
        bool canBeConditioned = _conditionable?.CanBeConditionedOn(options.LabelColumnName) ?? false;
        if (options.Mode == OversampleMode.LabelConditional && !canBeConditioned)
            throw new ArgumentException("OversampleOptions: Mode is LabelConditional, but the model cannot be conditioned on a label. Use PerClass or Automatic.");
        if (_conditionable?.LabelColumnName is { } own && own != options.LabelColumnName)
        {
            throw new ArgumentException($"OversampleOptions: LabelColumnName is {options.LabelColumnName}, but the model is conditioned on {own}. "
                + "Leave its label out: oversampling sets it.");
        }
        if (options.Mode == OversampleMode.PerClass && _conditionable?.CanBeConditionedOn(null) == false)
        {
            throw new ArgumentException($"OversampleOptions: Mode is PerClass, but the model goes on from one that is conditioned on {options.LabelColumnName}. "
                + "Use LabelConditional or Automatic.");
        }
        _context = context;
        _host = ((IHostEnvironment)context).Register("Oversample");
        _seed = options.Seed ?? _host.Rand.Next();
        _generator = generator;
        _options = options;
        _isConditional = options.Mode != OversampleMode.PerClass && canBeConditioned;
        _checks = new OversamplingChecks(_host, options.LabelColumnName, options.IsSyntheticColumnName);
    }

    private IEstimator<IGenerativeTransformer> Generator =>
        _conditionable?.ConditionedOn(_isConditional ? _options.LabelColumnName : null) ?? _generator;

    /// <summary>Checks the columns that are read. The schema does not change.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _checks.GetOutputSchema(inputSchema, _conditionable?.FeatureColumnName);
        Generator.GetOutputSchema(inputSchema);
        return inputSchema;
    }

    /// <summary>Counts the classes, fits the model, or one model per class, and weighs candidates for synthetic rows. Only how often each is taken is kept:
    /// they are drawn again when somebody reads them.</summary>
    /// <param name="input">The rows to balance.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, there are not two classes, a class has too few rows, or a feature is not finite.</exception>
    public ITransformer Fit(IDataView input)
    {
        var shape = SchemaShapes.Of(input.Schema);
        GetOutputSchema(shape);
        var features = _conditionable is { FeatureColumnName: { } name } ? input.Schema[name] : (DataViewSchema.Column?)null;
        var census = LabelCensus.Take(input, input.Schema[_options.LabelColumnName], features);
        var plans = ClassRatios.Plan(census, _options.Ratio, _options.RatioByLabel, _options.MinimumRows);
        _checks.Log(plans);

        var growing = plans.Where(plan => plan.Added > 0).ToList();
        if (growing.Count == 0) return new OversamplingTransformer(_host, input, null, []);
        var draws = new ClassDraws(_context, _options, _seed, input, census, _conditionable?.LearntColumns(shape).Where(column => column != _options.LabelColumnName).ToList());
        try
        {
            var augmented = _isConditional ? draws.FromOneModel(Generator, growing) : draws.FromModelPerClass(Generator, growing);
            return new OversamplingTransformer(_host, input, augmented, draws.Models);
        }
        catch
        {
            draws.Dispose();
            throw;
        }
    }
}
