using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Tests.Estimators.Table;

namespace Microsoft.ML.Generative.Tests.Generation;

public class TableFeaturesTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void ColumnsOfAllTypesAreFiniteNumbers()
    {
        var view = TypedRows.View(_ml, TypedRows.Make(100, 1));
        string[] columns = [.. TypedRows.Columns];
        float[][] rows = [.. TableFeatures.Estimator(_ml, view.Schema, columns, "Vector").Fit(view).Transform(view).GetColumn<float[]>("Vector")];
        Assert.Single(rows.Select(row => row.Length).Distinct());
        Assert.All(rows, row => Assert.All(row, number => Assert.True(float.IsFinite(number))));
    }

    [Fact]
    public void CategoriesAreOneHotAndTheMeanTakesThePlaceOfMissingNumbers()
    {
        var view = MixedRows.View(_ml, MixedRows.Make(20));
        var features = TableFeatures.Estimator(_ml, view.Schema, ["Job", "Scores"], "Vector").Fit(view);
        var jobs = MixedRows.Read(_ml, view).Select(row => row.Job).Distinct().ToList();
        var rows = MixedRows.Make(2);
        rows[0].Job = jobs[1];
        rows[0].Scores = [7, 8];
        rows[1].Job = "another";
        rows[1].Scores = [float.NaN, 9];
        float[][] vectors = [.. features.Transform(MixedRows.View(_ml, rows)).GetColumn<float[]>("Vector")];
        Assert.Equal([0, 1, 0, 7, 8], vectors[0]);
        Assert.Equal([0, 0, 0], vectors[1][..3]);
        Assert.Equal(MixedRows.Read(_ml, view).Average(row => row.Scores[0]), vectors[1][3], 1e-5f);
        Assert.Equal(9, vectors[1][4]);
    }
}
