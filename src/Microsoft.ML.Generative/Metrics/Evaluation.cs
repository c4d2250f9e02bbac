namespace Microsoft.ML.Generative.Metrics;

/// <summary>The metrics of tables, out of rows that were read: what the catalog gives one by one, and all together.</summary>
internal static class Evaluation
{
    /// <summary>Fewer rows than these say nothing about detection: the AUROC would scatter by more than 0.06.</summary>
    public const int FewestDetectionRows = 50;

    public static SampleMetrics Of(MLContext context, IDataView real, IDataView synthetic, EvaluateOptions options)
    {
        options.Validate();
        (string, IDataView) made = ("the synthetic rows", synthetic), unseen = options.HeldOut is { } others ? ("the rows held out", others) : ("the real rows", real);
        List<(string, IDataView)> views = [("the real rows", real), made];
        if (options.HeldOut is not null) views.Add(unseen);
        // what is named can be wrong: this goes before what takes long
        var features = options.FeatureColumnName is { } name ? FeatureEvaluation.Read(FeatureReader.Pair(unseen, made, name)) : default;
        var tables = ComparedTable.Read(views, options.ColumnNames);
        var score = options.ProbabilityColumnName is { } probabilities
            ? ClassProbabilities.Score(new("the synthetic rows", synthetic, probabilities), Math.Min(FeatureDefaults.Splits, tables[1].Rows)) : null;

        var metrics = Of(context, tables[0], tables[1], tables.ElementAtOrDefault(2), options) with { InceptionScore = score };
        return options.FeatureColumnName is null ? metrics : FeatureEvaluation.AddTo(metrics, features.Real, features.Synthetic, options.Seed);
    }

    private static SampleMetrics Of(MLContext context, ComparedTable real, ComparedTable synthetic, ComparedTable? heldOut, EvaluateOptions options)
    {
        var unseen = heldOut ?? real;
        var learnt = options.LabelColumnName is { } label ? Learn(context, real, synthetic, heldOut, label, options.Classifier) : null;   // first: a label can be wrong
        return new SampleMetrics
        {
            ColumnShapes = ColumnShapes(real, synthetic),
            Wasserstein = real.Columns.Any(c => c is NumberColumn) ? Wasserstein(real, synthetic) : null,
            Pairs = real.Columns.Count > 1 ? Pairs(real, synthetic) : null,
            Detection = Math.Min(unseen.Rows, synthetic.Rows) < FewestDetectionRows ? null : Detect(context, unseen, synthetic, options.Classifier, options.Seed),
            ClosestRecord = Closest(real, synthetic, heldOut),
            Copies = Copies(real, synthetic, heldOut),
            TrainOnSynthetic = learnt,
        };
    }

    public static ColumnShapeMetrics ColumnShapes(ComparedTable real, ComparedTable synthetic)
    {
        var columns = ColumnShape.Of(real, synthetic);
        return new(columns.Average(c => c.Value), columns, real.Rows, synthetic.Rows);
    }

    /// <exception cref="ArgumentException">There is no column of numbers.</exception>
    public static WassersteinMetrics Wasserstein(ComparedTable real, ComparedTable synthetic)
    {
        ColumnWasserstein[] columns = [.. ComparedTable.Pair(real, synthetic).Where(pair => pair.First is NumberColumn).Select(pair => Wasserstein((NumberColumn)pair.First, (NumberColumn)pair.Second))];
        if (columns.Length == 0) throw new ArgumentException("There is no column of numbers or dates; the Wasserstein distance needs one.");
        return new(columns.Select(c => c.Scaled).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average(), columns, real.Rows, synthetic.Rows);
    }

    private static ColumnWasserstein Wasserstein(NumberColumn real, NumberColumn synthetic)
    {
        double[] a = [.. real.Values.Where(double.IsFinite)], b = [.. synthetic.Values.Where(double.IsFinite)];
        if (a.Length == 0 || b.Length == 0) return new(real.Name, double.NaN, double.NaN, double.NaN, a.Length, b.Length);
        var distances = OneDimensionalTransport.Between(a, b);
        return new(real.Name, distances.W1, Math.Sqrt(distances.W2Squared), distances.W1 / Moments.Of(a).Deviation, a.Length, b.Length);
    }

    /// <exception cref="ArgumentException">There is one column only.</exception>
    public static PairMetrics Pairs(ComparedTable real, ComparedTable synthetic)
    {
        var pairs = ContingencySimilarity.Of(real, synthetic);
        if (pairs.Count == 0) throw new ArgumentException($"'{real.Columns[0].Name}' is the only column; pairs need two.");
        return new(pairs.Average(p => p.Value), pairs, real.Rows, synthetic.Rows);
    }

    /// <exception cref="ArgumentException">There are too few rows.</exception>
    public static DetectionMetrics Detect(MLContext context, ComparedTable real, ComparedTable synthetic, IEstimator<ITransformer>? classifier, int seed)
    {
        int rows = Math.Min(real.Rows, synthetic.Rows);
        if (rows < FewestDetectionRows)
            throw new ArgumentException($"There are {real.Rows} real and {synthetic.Rows} synthetic rows; detection needs {FewestDetectionRows} or more of each.");
        return new(Detection.Auroc(context, classifier ?? BoostedTrees.For(context, 2 * rows), real, synthetic, seed), rows, rows);
    }

    public static ClosestRecordMetrics Closest(ComparedTable real, ComparedTable synthetic, ComparedTable? heldOut)
    {
        var closest = new ClosestRecord(real);
        double median = ClosestRecord.Median(closest.Distances(synthetic));
        if (heldOut is null) return new(median, null, null, real.Rows, synthetic.Rows, 0);
        double usual = ClosestRecord.Median(closest.Distances(heldOut));
        return new(median, usual, median == usual ? 1 : median / usual, real.Rows, synthetic.Rows, heldOut.Rows);
    }

    public static CopyMetrics Copies(ComparedTable real, ComparedTable synthetic, ComparedTable? heldOut)
    {
        int count = Duplicates.Count(real, synthetic);
        return new(count, (double)count / synthetic.Rows, heldOut is null ? null : (double)Duplicates.Count(real, heldOut) / heldOut.Rows,
            real.Rows, synthetic.Rows, heldOut?.Rows ?? 0);
    }

    public static TrainOnSyntheticMetrics Learn(MLContext context, ComparedTable synthetic, ComparedTable test, string label, IEstimator<ITransformer>? classifier) =>
        new(TrainOnSynthetic.Auroc(context, classifier ?? BoostedTrees.For(context, synthetic.Rows), synthetic, test, label), null, synthetic.Rows, test.Rows);

    private static TrainOnSyntheticMetrics Learn(MLContext context, ComparedTable real, ComparedTable synthetic, ComparedTable? heldOut, string label, IEstimator<ITransformer>? classifier)
    {
        var learnt = Learn(context, synthetic, heldOut ?? real, label, classifier);
        return heldOut is null ? learnt : learnt with { RealAuroc = Learn(context, real, heldOut, label, classifier).Auroc };
    }
}
