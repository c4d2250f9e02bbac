using System.Globalization;
using Csv;
using Microsoft.ML;
using Microsoft.ML.Generative;

namespace ShareableTable;

/// <summary>How like the real rows the synthetic ones are, beside what other real rows get.</summary>
internal sealed class Report
{
    private const int Worst = 5;
    private readonly SampleMetrics? _metrics;
    private readonly ColumnShapeMetrics? _realShapes;
    private readonly PairMetrics? _realPairs;
    private readonly (string Label, double Synthetic, double? Real)? _learning;
    private readonly IReadOnlySet<string> _madeUp;

    /// <param name="synthetic">At least as many rows as were learnt.</param>
    /// <param name="madeUp">Identifiers, which can't be judged.</param>
    public Report(MLContext ml, CsvTable table, int[] training, int[] heldOut, IDataView synthetic, string? label, IReadOnlySet<string> madeUp, int seed)
    {
        _madeUp = madeUp;
        string[] names = [.. table.Names.Where(name => !madeUp.Contains(name))];
        if (names.Length == 0) return;
        IDataView Judged(IDataView rows) => ml.Transforms.SelectColumns(names).Fit(rows).Transform(rows);
        var real = Judged(table.View(training));
        var others = heldOut.Length > 0 ? Judged(table.View(heldOut)) : null;
        // as many as are held out, so that what is said of both can be compared
        _metrics = ml.Generative.Evaluate(real, ml.Data.TakeRows(synthetic, others is null ? training.Length : heldOut.Length), new EvaluateOptions { HeldOut = others, Seed = seed });
        if (others is not null) _realShapes = ml.Generative.Metrics.ColumnShapes(real, others);
        if (others is not null && names.Length > 1) _realPairs = ml.Generative.Metrics.Pairs(real, others);
        // few rows may have one value of the label only
        if (label is not null && names.Length > 1 && names.Contains(label) && table.DistinctValues(label, others is null ? training : heldOut) == 2)
        {
            double Learnt(IDataView from) => ml.Generative.Metrics.TrainOnSynthetic(Judged(from), others ?? real, label).Auroc;
            _learning = (label, Learnt(ml.Data.TakeRows(synthetic, training.Length)), others is null ? null : Learnt(real));
        }
    }

    public void Print(TextWriter writer)
    {
        if (_metrics is not null) Print(writer, _metrics);
        foreach (string name in _madeUp.Order(StringComparer.Ordinal)) writer.WriteLine($"column '{name}' holds identifiers: made-up ones take their place");
    }

    private void Print(TextWriter writer, SampleMetrics metrics)
    {
        var shapes = metrics.ColumnShapes;
        var closest = metrics.ClosestRecord;
        bool hasOthers = closest.HeldOutRows > 0;
        writer.WriteLine();
        Line("", "synthetic", hasOthers ? "real" : "", "");
        Line("rows judged", Count(shapes.SyntheticRows), hasOthers ? Count(closest.HeldOutRows) : "", $"against {shapes.RealRows} rows learnt from");
        Line("single columns alike", Share(shapes.Mean), Share(_realShapes?.Mean), "1 is the same");
        if (metrics.Pairs is { } pairs) Line("pairs of columns alike", Share(pairs.Mean), Share(_realPairs?.Mean), "1 is the same");
        Line("told from real rows", metrics.Detection is { } detection ? Share(detection.Auroc) : "-", "",
            metrics.Detection is null ? "too few rows to say" : "AUROC of a classifier; 0.5 is a guess");
        if (_learning is { } learning) Line($"teach '{learning.Label}'", Share(learning.Synthetic), Share(learning.Real), "AUROC of a classifier that learnt from them");
        Line("distance to the closest row", Share(closest.Median), Share(closest.HeldOutMedian),
            closest.Ratio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"ratio {ratio:0.00}; well under 1 hints at copies") : "");
        Line("copies of rows learnt from", Percent(metrics.Copies.Share), Percent(metrics.Copies.HeldOutShare), "");
        writer.WriteLine();
        writer.WriteLine($"columns least alike: {Least(shapes.Columns.Select(c => (c.ColumnName, c.Value)))}");
        if (metrics.Pairs is not null) writer.WriteLine($"pairs least alike: {Least(metrics.Pairs.Pairs.Select(p => ($"{p.FirstColumnName} & {p.SecondColumnName}", p.Value)))}");

        void Line(string what, string synthetic, string real, string remark) => writer.WriteLine($"{what,-30}{synthetic,12}{real,12}  {remark}".TrimEnd());
    }

    private static string Least(IEnumerable<(string Name, double Value)> figures) => string.Join(", ", figures.OrderBy(f => f.Value).Take(Worst).Select(f => $"{f.Name} {Share(f.Value)}"));

    private static string Count(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Share(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    private static string Percent(double? value) => value is { } share ? (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %" : "";
}
