using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>A row with columns of many types. Job, City and Scores[0] go with the grade, and Income goes up with it.</summary>
public sealed class MixedRow
{
    public string Job { get; set; } = "";

    public string City { get; set; } = "";

    public int Age { get; set; }

    public double Income { get; set; }

    [VectorType(2)]
    public float[] Scores { get; set; } = [];

    public bool Married { get; set; }

    public string Label { get; set; } = "";
}

/// <summary>Made-up tables of mixed columns.</summary>
internal static class MixedRows
{
    /// <summary>The columns to learn; the label is beside them.</summary>
    public static readonly string[] Columns = ["Job", "City", "Age", "Income", "Scores", "Married"];

    public static readonly string[] Jobs = ["clerk", "nurse", "pilot"];

    /// <summary>Rows of three grades, of which the third is rare and has a label of its own.</summary>
    public static List<MixedRow> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int grade = i % 10 == 9 ? 2 : i % 2;
            return new MixedRow
            {
                Job = Jobs[grade],
                City = $"city {(random.Next(10) == 0 ? 3 : grade)}",
                Age = 20 + random.Next(40),
                Income = Math.Round(1000 * (grade + 1) + 100 * Rows.Normal(random), 2),
                Scores = [grade, (float)Rows.Normal(random)],
                Married = random.Next(2) == 0,
                Label = grade == 2 ? "rare" : "common",
            };
        })];
    }

    /// <summary>The rows with holes: every column that can have some has one in each second row, two in some.</summary>
    public static List<MixedRow> WithHoles(int count, int seed = 1)
    {
        var rows = Make(count, seed);
        for (int i = 0; i < count; i += 2)
        {
            if (i % 5 == 0) rows[i].Job = "";
            if (i % 5 == 1) rows[i].City = "";
            if (i % 5 == 2 || i % 7 == 0) rows[i].Income = double.NaN;
            if (i % 5 == 3) rows[i].Scores[0] = float.NaN;
            if (i % 5 == 4) rows[i].Scores[1] = float.NaN;
        }
        return rows;
    }

    /// <summary>As a view in which the city is a key.</summary>
    public static IDataView View(MLContext ml, IEnumerable<MixedRow> rows)
    {
        var view = ml.Data.LoadFromEnumerable(rows);
        var names = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i => new { Name = $"city {i}" }));
        return ml.Transforms.Conversion.MapValueToKey("City", keyData: names).Fit(view).Transform(view);
    }

    /// <summary>The keys as texts again.</summary>
    public static List<MixedRow> Read(MLContext ml, IDataView view)
    {
        var texts = ml.Transforms.Conversion.MapKeyToValue("City").Fit(view).Transform(view);
        return [.. ml.Data.CreateEnumerable<MixedRow>(texts, reuseRowObject: false, ignoreMissingColumns: true)];
    }

    /// <summary>What is read from the file of a model has its densities, and draws its rows.</summary>
    public static void AssertComesBack(MLContext ml, GenerativeTransformer model, IDataView view)
    {
        using var stream = new MemoryStream();
        ml.Generative.Save(model, stream);
        stream.Position = 0;
        using var loaded = ml.Generative.Load(stream);
        Assert.Equal(Models.Floats(model.Transform(view), "LogDensity"), Models.Floats(loaded.Transform(view), "LogDensity"));
        string[] Drawn(GenerativeTransformer from) => [.. Read(ml, from.Sample(600, seed: 4)).Select(row => ModelJson.Serialize(row))];
        Assert.Equal(Drawn(model), Drawn(loaded));
    }
}
