namespace Microsoft.ML.Generative.Tests.Metrics;

/// <summary>The metrics as a caller has them: all at once, and each by itself.</summary>
public class EvaluateTests
{
    private readonly MLContext _ml = new(seed: 1);

    // the number goes with the label, which is Text == "b"
    private static (double, string)[] Draw(int rows, int seed, double shift = 3)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => random.Next(2) == 0 ? (Rows.Normal(random) + shift, "b") : (Rows.Normal(random), "a"))];
    }

    private IDataView View(params (double, string)[] rows) => MadeUpTable.View(_ml, rows);

    private IDataView Without(string column, IDataView view) => _ml.Transforms.DropColumns(column).Fit(view).Transform(view);

    [Fact]
    public void OtherRowsOfTheSameKindAreAsGoodAsRealOnes()
    {
        var (real, synthetic, heldOut) = (View(Draw(600, 1)), View(Draw(500, 2)), View(Draw(400, 3)));
        var options = new EvaluateOptions { HeldOut = heldOut, LabelColumnName = "Label", ColumnNames = ["Number", "Label"] };

        var metrics = _ml.Generative.Evaluate(real, synthetic, options);

        Assert.Equal(["Number", "Label"], metrics.ColumnShapes.Columns.Select(c => c.ColumnName));
        Assert.All(metrics.ColumnShapes.Columns, c => Assert.InRange(c.Value, 0.9, 1));
        Assert.Equal(metrics.ColumnShapes.Columns.Average(c => c.Value), metrics.ColumnShapes.Mean, 1e-12);
        Assert.Equal((600, 500), (metrics.ColumnShapes.RealRows, metrics.ColumnShapes.SyntheticRows));
        Assert.InRange(Assert.Single(metrics.Pairs!.Pairs).Value, 0.8, 1);
        Assert.InRange(metrics.Detection!.Auroc, 0.42, 0.58);
        Assert.Equal((400, 400), (metrics.Detection.RealRows, metrics.Detection.SyntheticRows));
        Assert.InRange(metrics.ClosestRecord.Ratio!.Value, 0.7, 1.4);
        Assert.Equal((600, 500, 400), (metrics.ClosestRecord.RealRows, metrics.ClosestRecord.SyntheticRows, metrics.ClosestRecord.HeldOutRows));
        Assert.Equal(new CopyMetrics(0, 0, 0, 600, 500, 400), metrics.Copies);
        // Φ(3/√2) = 0.983 is the best there is
        Assert.InRange(metrics.TrainOnSynthetic!.Auroc, 0.93, 0.995);
        Assert.InRange(metrics.TrainOnSynthetic.RealAuroc!.Value, 0.93, 0.995);
        Assert.Equal((500, 400), (metrics.TrainOnSynthetic.SyntheticRows, metrics.TrainOnSynthetic.TestRows));
    }

    [Fact]
    public void EachMetricByItselfIsThatOfTheWhole()
    {
        var (real, synthetic, heldOut) = (View(Draw(200, 1)), View(Draw(150, 2, shift: -1)), View(Draw(100, 3)));
        var all = _ml.Generative.Evaluate(real, synthetic, new EvaluateOptions { HeldOut = heldOut, LabelColumnName = "Label", Seed = 5 });
        var metrics = _ml.Generative.Metrics;

        Assert.Equal(all.ColumnShapes.Columns, metrics.ColumnShapes(real, synthetic).Columns);
        Assert.Equal(all.Pairs!.Pairs, metrics.Pairs(real, synthetic).Pairs);
        Assert.Equal(all.Detection, metrics.Detection(heldOut, synthetic, seed: 5));
        Assert.Equal(all.ClosestRecord, metrics.ClosestRecord(real, synthetic, heldOut));
        Assert.Equal(all.Copies, metrics.Copies(real, synthetic, heldOut));
        Assert.Equal(all.TrainOnSynthetic! with { RealAuroc = null }, metrics.TrainOnSynthetic(synthetic, heldOut, "Label"));
    }

    [Fact]
    public void CopiesAreFoundWithoutRowsHeldOut()
    {
        var rows = Draw(40, 1);

        var metrics = _ml.Generative.Evaluate(View(rows), View(rows[..30]));

        Assert.Equal(new ClosestRecordMetrics(0, null, null, 40, 30, 0), metrics.ClosestRecord);
        Assert.Equal(new CopyMetrics(30, 1, null, 40, 30, 0), metrics.Copies);
        Assert.Null(metrics.Detection);   // of 30 rows
        Assert.Null(metrics.TrainOnSynthetic);
    }

    [Fact]
    public void AClassifierOfOnesOwnIsTaken()
    {
        // a straight line can't see that two uncorrelated columns became equal; trees can
        var random = new Random(3);
        (double, string)[] real = [.. Enumerable.Range(0, 1000).Select(_ => (random.NextDouble() * 2 - 1, "a"))];
        (double, string)[] synthetic = [.. Enumerable.Range(0, 1000).Select(_ => (Math.CopySign(1 - random.NextDouble() / 2, random.NextDouble() - 0.5), "a"))];

        Assert.InRange(_ml.Generative.Metrics.Detection(View(real), View(synthetic)).Auroc, 0.7, 0.8);   // ½ of the real rows lie where none of the others does
        Assert.InRange(_ml.Generative.Metrics.Detection(View(real), View(synthetic), _ml.BinaryClassification.Trainers.LbfgsLogisticRegression()).Auroc, 0.42, 0.58);
    }

    [Fact]
    public void WhatIsWrongIsNamed()
    {
        var rows = View(Draw(60, 1));

        Refuses("Column 'Text' is not in the synthetic rows; it has 'Number', 'Label'.", () => _ml.Generative.Evaluate(rows, Without("Text", rows)));
        Refuses("Column 'Text' is not in the rows held out; it has 'Number', 'Label'.", () => _ml.Generative.Evaluate(rows, rows, new() { HeldOut = Without("Text", rows) }));
        Refuses("There are no rows in the synthetic rows; a comparison needs some.", () => _ml.Generative.Evaluate(rows, View()));
        Refuses("Column 'Age' is not there; the columns are 'Number', 'Text', 'Label'.", () => _ml.Generative.Evaluate(rows, rows, new() { LabelColumnName = "Age" }));
        Refuses("Column 'Age' is not in the real rows; it has 'Number', 'Text', 'Label'.", () => _ml.Generative.Evaluate(rows, rows, new() { ColumnNames = ["Age"] }));
        Refuses("Column 'Text' has one value in the real rows; a label to be told by a binary classifier has two.",
            () => _ml.Generative.Metrics.TrainOnSynthetic(rows, View((1, "a"), (2, "a")), "Text"));
        Refuses("There are 60 real and 2 synthetic rows; detection needs 50 or more of each.", () => _ml.Generative.Metrics.Detection(rows, View((1, "a"), (2, "a"))));
        Refuses("EvaluateOptions: LabelColumnName is ; it must be the name of a column, or null. ColumnNames is empty; it must be names of columns, or null.",
            () => _ml.Generative.Evaluate(rows, rows, new() { LabelColumnName = "", ColumnNames = [] }));

        static void Refuses(string message, Func<object> evaluate) => Assert.Equal(message, Assert.Throws<ArgumentException>(evaluate).Message);
    }
}
