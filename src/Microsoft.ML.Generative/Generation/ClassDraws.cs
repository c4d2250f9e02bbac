using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Generation;

/// <summary>One fit of oversampling: the models, and the rows that they draw for the classes that grow.</summary>
/// <param name="context">Where the linear classifier comes from.</param>
/// <param name="options">How rows are drawn.</param>
/// <param name="seed">Seed of the draws.</param>
/// <param name="input">The real rows.</param>
/// <param name="census">Their classes.</param>
/// <param name="columns">The columns that odds go by; null if they are not known, then no draw is preferred.</param>
internal sealed class ClassDraws(
    MLContext context, OversampleOptions options, int seed, IDataView input, LabelCensus census, IReadOnlyList<string>? columns) : IDisposable
{
    private const long CandidatesPerRow = 4, FewestCandidates = 500;

    private readonly List<IGenerativeTransformer> _models = [];
    private readonly AugmentedRows _rows = new(input, census, options.IsSyntheticColumnName);

    public IReadOnlyList<IDisposable> Models => _models;

    /// <summary>Fits one conditional model on all rows that have a label.</summary>
    public AppendedView FromOneModel(IEstimator<IGenerativeTransformer> generator, IReadOnlyList<ClassPlan> growing)
    {
        var model = Fit(generator, Labelled);
        var odds = Odds(model);
        return _rows.Append([.. growing.Select(plan =>
            (plan, Draw(model, plan, RowsOf(plan), new SampleOptions { Label = census.Labels.ValueOf(plan.Number) }, odds)))]);
    }

    /// <summary>Fits a model on the rows of each class.</summary>
    public AppendedView FromModelPerClass(IEstimator<IGenerativeTransformer> generator, IReadOnlyList<ClassPlan> growing)
    {
        var odds = Odds(null);
        return _rows.Append([.. growing.Select(plan =>
        {
            var rows = RowsOf(plan);
            return (plan, Draw(Fit(generator, rows), plan, rows, new SampleOptions(), odds));
        })]);
    }

    private IDataView Labelled => census.UnlabelledRows == 0 ? input : new LabelledRowsView(input, census.Labels, null, census.Rows.Sum());

    private LabelledRowsView RowsOf(ClassPlan plan) => new(input, census.Labels, plan.Number, plan.Rows);

    private ClassOdds? Odds(IGenerativeTransformer? model) =>
        options.Selectivity == 0 || columns is null ? null : new ClassOdds(context, Labelled, census, columns, model);

    private IGenerativeTransformer Fit(IEstimator<IGenerativeTransformer> generator, IDataView rows)
    {
        var model = generator.Fit(rows);
        _models.Add(model);
        return model;
    }

    // candidates in number, of which the odds keep as many as the class is to get
    private IDataView Draw(IGenerativeTransformer model, ClassPlan plan, IDataView real, SampleOptions sampling, ClassOdds? odds)
    {
        int classSeed = (int)RandomSeeds.Of(seed, plan.Number);
        long rows = odds is null ? plan.Added : Math.Max(FewestCandidates, plan.Added * CandidatesPerRow);
        var drawn = _rows.Conform(plan, Draw(model, real, rows, classSeed, sampling));
        if (odds is null) return drawn;
        double[] logWeights = [.. odds.Log(drawn, plan.Number).Select(odd => options.Selectivity * odd)];
        return new ResampledView(drawn, ResampledView.Choose(logWeights, plan.Added, new Random(classSeed)));
    }

    private IDataView Draw(IGenerativeTransformer model, IDataView real, long rows, int classSeed, SampleOptions sampling)
    {
        if (options.Source == OversampleSource.Prior) return model.Sample(rows, classSeed, sampling);
        try
        {
            return model.Vary(real, rows, classSeed, sampling with { Temperature = options.Temperature });
        }
        catch (NotSupportedException e)
        {
            throw new InvalidOperationException("OversampleOptions: Source is Posterior, but the model cannot vary rows. Use Prior.", e);
        }
    }

    public void Dispose() => _models.ForEach(model => model.Dispose());
}
