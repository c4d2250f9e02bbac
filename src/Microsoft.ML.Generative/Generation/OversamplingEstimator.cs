using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
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
    private const long CandidatesPerRow = 4, FewestCandidates = 500;

    private readonly MLContext _context;
    private readonly IHost _host;
    private readonly IEstimator<IGenerativeTransformer> _generator;
    private readonly ILabelConditionable? _conditionable;
    private readonly OversampleOptions _options;
    private readonly SyntheticRows _synthetic;
    private readonly int _seed;

    internal OversamplingEstimator(MLContext context, IEstimator<IGenerativeTransformer> generator, OversampleOptions options)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _conditionable = generator as ILabelConditionable;
        if (options.Mode == OversampleMode.LabelConditional && _conditionable is null)
            throw new ArgumentException("OversampleOptions: Mode is LabelConditional, but the model cannot be conditioned on a label. Use PerClass or Automatic.");
        if (_conditionable?.LabelColumnName is { } own && own != options.LabelColumnName)
        {
            throw new ArgumentException($"OversampleOptions: LabelColumnName is {options.LabelColumnName}, but the model is conditioned on {own}. "
                + "Leave its label out: oversampling sets it.");
        }
        _context = context;
        _host = ((IHostEnvironment)context).Register("Oversample");
        _seed = options.Seed ?? _host.Rand.Next();
        _generator = generator;
        _options = options;
        _synthetic = new SyntheticRows(_host, options.LabelColumnName, options.IsSyntheticColumnName);
    }

    private bool IsConditional => _options.Mode != OversampleMode.PerClass && _conditionable is not null;

    private IEstimator<IGenerativeTransformer> Generator =>
        _conditionable?.ConditionedOn(IsConditional ? _options.LabelColumnName : null) ?? _generator;

    /// <summary>Checks the columns that are read. The schema does not change.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _synthetic.GetOutputSchema(inputSchema, _conditionable?.FeatureColumnName);
        Generator.GetOutputSchema(inputSchema);
        return inputSchema;
    }

    /// <summary>Counts the classes, fits the model, or one model per class, and prepares the synthetic rows; none are drawn before somebody reads them.</summary>
    /// <param name="input">The rows to balance.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, there are not two classes, a class has too few rows, or a feature is not finite.</exception>
    public ITransformer Fit(IDataView input)
    {
        GetOutputSchema(SchemaShapes.Of(input.Schema));
        var features = _conditionable is { FeatureColumnName: var name } ? input.Schema[name] : (DataViewSchema.Column?)null;
        var census = LabelCensus.Take(input, input.Schema[_options.LabelColumnName], features);
        var plans = ClassRatios.Plan(census, _options.Ratio, _options.RatioByLabel, _options.MinimumRows);
        _synthetic.Log(plans);

        var growing = plans.Where(plan => plan.Added > 0).ToList();
        if (growing.Count == 0) return new OversamplingTransformer(_host, input, null, []);
        var models = new List<IGenerativeTransformer>();
        try
        {
            var drawn = (IsConditional ? DrawConditional(input, census, growing, models) : DrawPerClass(input, census, growing, models)).ToList();
            return new OversamplingTransformer(_host, input, _synthetic.Append(input, census, drawn), models);
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }
    }

    private IEnumerable<(ClassPlan, IDataView)> DrawConditional(
        IDataView input, LabelCensus census, List<ClassPlan> growing, List<IGenerativeTransformer> models)
    {
        var labelled = Labelled(input, census);
        var model = Generator.Fit(labelled);
        models.Add(model);
        var odds = Odds(labelled, census, model);
        foreach (var plan in growing)
            yield return (plan, Draw(model, RowsOf(input, census, plan), plan, new SampleOptions { Label = census.Labels.ValueOf(plan.Number) }, odds));
    }

    private IEnumerable<(ClassPlan, IDataView)> DrawPerClass(
        IDataView input, LabelCensus census, List<ClassPlan> growing, List<IGenerativeTransformer> models)
    {
        var odds = Odds(Labelled(input, census), census, null);
        foreach (var plan in growing)
        {
            var rows = RowsOf(input, census, plan);
            var model = Generator.Fit(rows);
            models.Add(model);
            yield return (plan, Draw(model, rows, plan, new SampleOptions(), odds));
        }
    }

    private static IDataView Labelled(IDataView input, LabelCensus census) =>
        census.UnlabelledRows == 0 ? input : new LabelledRowsView(input, census.Labels, null, census.Rows.Sum());

    private ClassOdds? Odds(IDataView labelled, LabelCensus census, IGenerativeTransformer? model) =>
        _options.Selectivity == 0 || _conditionable is null ? null : new ClassOdds(_context, labelled, census, _conditionable.FeatureColumnName, model);

    private static LabelledRowsView RowsOf(IDataView input, LabelCensus census, ClassPlan plan) => new(input, census.Labels, plan.Number, plan.Rows);

    // candidates in number, of which the odds keep as many as the class is to get
    private IDataView Draw(IGenerativeTransformer model, IDataView real, ClassPlan plan, SampleOptions sampling, ClassOdds? odds)
    {
        int seed = (int)RandomSeeds.Of(_seed, plan.Number);
        if (odds is null) return Draw(model, real, plan.Added, seed, sampling);
        var candidates = Draw(model, real, Math.Max(FewestCandidates, plan.Added * CandidatesPerRow), seed, sampling);
        var logWeights = odds.Log(candidates, plan.Number);
        for (int i = 0; i < logWeights.Length; i++) logWeights[i] *= _options.Selectivity;
        return new ResampledView(candidates, ResampledView.Choose(logWeights, plan.Added, new Random(seed)));
    }

    private IDataView Draw(IGenerativeTransformer model, IDataView real, long rows, int seed, SampleOptions sampling)
    {
        if (_options.Source == OversampleSource.Prior) return model.Sample(rows, seed, sampling);
        try
        {
            return model.Vary(real, rows, seed, sampling with { Temperature = _options.Temperature });
        }
        catch (NotSupportedException e)
        {
            throw new InvalidOperationException("OversampleOptions: Source is Posterior, but the model cannot vary rows. Use Prior.", e);
        }
    }
}
