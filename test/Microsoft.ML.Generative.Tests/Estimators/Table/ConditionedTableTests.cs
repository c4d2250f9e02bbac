using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>What can be asked of models with a label or keys, and of models that are not of tables.</summary>
public sealed class ConditionedTableTests
{
    private static readonly TrainingOptions Training = new() { Steps = 200, BatchSize = 64 };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void ALabelThatTheModelIsConditionedOnIsGivenApart()
    {
        var view = MixedRows.View(_ml, MixedRows.Make(1000));
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = MixedRows.Columns, LabelColumnName = "Label", Training = Training }).Fit(view);
        var given = new Dictionary<string, object> { ["Age"] = 33 };
        var rows = MixedRows.Read(_ml, model.Sample(200, 1, new() { Label = "rare", Given = given }));
        Assert.All(rows, row => Assert.Equal(("rare", 33), (row.Label, row.Age)));
        Assert.InRange(rows.Count(row => row.Job == "pilot"), 170, 200);
        Assert.StartsWith("The model is conditioned on the label 'Label', so that", Assert.Throws<ArgumentException>(() => model.Sample(5, 1, new() { Given = given })).Message, StringComparison.Ordinal);
        Assert.Equal("SampleOptions.Given: the model is conditioned on 'Label'. Give it as SampleOptions.Label.",
            Assert.Throws<ArgumentException>(() => model.Sample(5, 1, new() { Given = new Dictionary<string, object> { ["Label"] = "rare" } })).Message);

        // or row by row
        var labels = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i => new { Age = 20 + i % 30, Label = i % 3 == 0 ? "rare" : "common" }).ToList());
        rows = MixedRows.Read(_ml, model.Sample(300, labels, seed: 1));
        for (int i = 0; i < rows.Count; i++) Assert.Equal((20 + i % 30, i % 3 == 0 ? "rare" : "common"), (rows[i].Age, rows[i].Label));
        Assert.InRange(rows.Where(row => row.Label == "rare").Count(row => row.Job == "pilot"), 80, 100);
        Assert.InRange(rows.Where(row => row.Label == "common").Count(row => row.Job == "pilot"), 0, 20);
        Assert.Equal("The given rows have the label 'Label', and SampleOptions.Label gives it too. Give one of them.",
            Assert.Throws<ArgumentException>(() => model.Sample(5, labels, 1, new() { Label = "rare" })).Message);
    }

    [Fact]
    public void KeysAreGivenAsNumbersOrAsWhatTheyStandFor()
    {
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = MixedRows.Columns, Training = Training }).Fit(MixedRows.View(_ml, MixedRows.Make(1000)));
        foreach (object city in new object[] { "city 1", 2u, 2 })
        {
            var drawn = model.Sample(50, 1, new() { Given = new Dictionary<string, object> { ["City"] = city } });
            Assert.All(drawn.GetColumn<uint>("City"), key => Assert.Equal(2u, key));
            Assert.All(MixedRows.Read(_ml, drawn), row => Assert.Equal("city 1", row.City));
        }
        Assert.Equal("SampleOptions.Given: column 'City' is Key<UInt32, 0-3>; city 9 (String) can't be a value of it.", Error("city 9"));
        Assert.Equal("SampleOptions.Given: the model draws no '9' of column 'City' (Key<UInt32, 0-3>). It draws 'city 0', 'city 1', 'city 3', 'city 2'.", Error(9));
        Assert.Equal("SampleOptions.Given: column 'City' (Key<UInt32, 0-3>) is given what stands for a missing value. Leave it out.", Error(0));
        var allowed = new SampleOptions { Constraints = new Dictionary<string, ColumnConstraint> { ["City"] = ColumnConstraint.OneOf("city 2", 4u) } };
        Assert.All(MixedRows.Read(_ml, model.Sample(200, 1, allowed)), row => Assert.Contains(row.City, new[] { "city 2", "city 3" }));

        string Error(object city) => Assert.Throws<ArgumentException>(() => model.Sample(5, 1, new() { Given = new Dictionary<string, object> { ["City"] = city } })).Message;
    }

    [Theory]
    [InlineData("vae")]
    [InlineData("made")]
    [InlineData("flow")]
    public void OtherModelsSayThatTheyCannot(string name)
    {
        using var model = Models.Fit(_ml, name, rows: 60);
        string Error(SampleOptions options) => Assert.Throws<NotSupportedException>(() => model.Sample(5, 1, options)).Message;
        Assert.Equal($"A model of kind '{name}' can't draw by SampleOptions.Given. Train the columns with TrainTable or TrainMarkovNetwork, which can.", Error(new() { Given = new Dictionary<string, object> { ["Features"] = 1 } }));
        Assert.Equal($"A model of kind '{name}' can't draw by SampleOptions.Constraints. Train the columns with TrainTable or TrainMarkovNetwork, which can.", Error(new() { Constraints = new Dictionary<string, ColumnConstraint>() }));
        Assert.Equal($"A model of kind '{name}' can't draw by rows that are given. Train the columns with TrainTable or TrainMarkovNetwork, which can.", Assert.Throws<NotSupportedException>(() => model.Sample(5, Rows.View(_ml, 3))).Message);
        if (model.Model.Network is Microsoft.ML.Generative.Networks.IImputer)
            Assert.Equal($"A model of kind '{name}' fills in missing values by draws only. Take ImputationMethod.Draw, or TrainTable or TrainMarkovNetwork.",
                Assert.Throws<NotSupportedException>(() => model.Impute(Rows.View(_ml, 3), method: ImputationMethod.MostLikely)).Message);
    }
}
