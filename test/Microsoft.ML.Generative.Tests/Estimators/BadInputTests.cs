using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>What is wrong is named, with what was expected and what to do.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string> Names => Models.Names;

    private static readonly MLContext Ml = new(1);

    private static string FitError<TException>(string name, IDataView view) where TException : Exception =>
        Assert.Throws<TException>(() => Models.Create(Ml, name).Fit(view)).Message;

    [Theory]
    [MemberData(nameof(Names))]
    public void NoRows(string name) => Assert.Equal(
        "There is no row to learn from; a generative model needs 2 or more. Check filters and the path that the rows are loaded from.",
        FitError<ArgumentException>(name, Rows.View(Ml, 0)));

    [Theory]
    [MemberData(nameof(Names))]
    public void OneRow(string name) => Assert.Equal(
        "There is one row to learn from; a generative model needs 2 or more. Check filters and the path that the rows are loaded from.",
        FitError<ArgumentException>(name, Rows.View(Ml, 1)));

    [Theory]
    [MemberData(nameof(Names))]
    public void AValueThatIsNotFinite(string name)
    {
        var rows = Rows.Make(20);
        rows[7].Features[2] = float.NaN;
        if (Models.IsOfTables(name))
        {
            // what is missing is learnt, as a token: it scores
            using var model = Models.Create(Ml, name).Fit(Ml.Data.LoadFromEnumerable(rows));
            Assert.All(Models.Floats(model.Transform(Ml.Data.LoadFromEnumerable(rows)), "Score"), score => Assert.True(float.IsFinite(score)));
        }
        else Assert.Equal("Row 7 has NaN in slot 2 of column 'Features'; the rows to learn from must be finite. Use ReplaceMissingValues, or filter the row out.",
                     FitError<ArgumentException>(name, Ml.Data.LoadFromEnumerable(rows)));
        rows[7].Features[2] = float.PositiveInfinity;
        Assert.StartsWith("Row 7 has Infinity in slot 2", FitError<ArgumentException>(name, Ml.Data.LoadFromEnumerable(rows)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AMissingColumn(string name)
    {
        var view = Ml.Data.LoadFromEnumerable(new[] { new { Wrong = 1f } });
        Assert.StartsWith("Column 'Features' is", FitError<ArgumentException>(name, view), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AVectorOfAnotherSize(string name)
    {
        using var model = Models.Fit(Ml, name, 50);
        var other = Ml.Data.LoadFromEnumerable(new[] { new Wider() });
        var error = Assert.Throws<ArgumentException>(() => model.Transform(other));
        Assert.StartsWith("Column 'Features' is Vector<Single> of 6; the model was trained on 4.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AVectorOfUnknownSize(string name)
    {
        var view = Ml.Data.LoadFromEnumerable(new[] { new Ragged { Features = [1, 2] }, new Ragged { Features = [1] } });
        string expected = Models.IsOfTables(name)   // other columns will do, too
            ? "a text, a key, a Boolean, a number, a date, a span of time, or Vector<Single> of known size. Convert it, or leave it out."
            : "Vector<Single> of known size. Make it with Concatenate, or name another column.";
        Assert.Equal($"Column 'Features' is Vector<Single> of unknown size; it must be {expected}", FitError<ArgumentException>(name, view));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ConstantColumnsAreLearnt(string name)
    {
        var rows = Rows.Make(100);
        foreach (var row in rows) row.Features[1] = 7;
        using var model = Models.Create(Ml, name).Fit(Ml.Data.LoadFromEnumerable(rows));
        Assert.All(Models.Floats(model.Transform(Ml.Data.LoadFromEnumerable(rows)), "Score"), score => Assert.True(float.IsFinite(score)));
        rows[3].Features[1] = 9;
        var scores = Models.Floats(model.Transform(Ml.Data.LoadFromEnumerable(rows)), "Score");
        Assert.Equal(3, Array.IndexOf(scores, scores.Max()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ConstantColumnsBesideBinaryOnesAreLearnt(string name)
    {
        var rows = Rows.Make(100);
        foreach (var row in rows) row.Features = [row.Label ? 1 : 0, 0, 7, 1];   // the only ones that could count as continuous are constant
        using var model = Models.Create(Ml, name).Fit(Ml.Data.LoadFromEnumerable(rows));
        Assert.All(Models.Floats(model.Transform(Ml.Data.LoadFromEnumerable(rows)), "Score"), score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AMissingValueInScoringGivesNoScore(string name)
    {
        using var model = Models.Fit(Ml, name, 100);
        var rows = Rows.Make(3);
        rows[1].Features[0] = float.NaN;
        var scored = model.Transform(Ml.Data.LoadFromEnumerable(rows));
        if (Models.IsOfTables(name))
        {
            // a value like any other, which has no token here: refused as an unknown category is
            Assert.Equal("Row 1 has no value in slot 0 of column 'Features', and no row that the model learnt from was without one. Use ReplaceMissingValues, or filter the row out.",
                         Assert.Throws<ArgumentException>(() => Models.Floats(scored, "Score")).Message);
            return;
        }
        Assert.Equal([true, false, true], Models.Floats(scored, "Score").Select(float.IsFinite));
        Assert.False(scored.GetColumn<bool>("PredictedLabel").ElementAt(1));
    }

    [Fact]
    public void AllFaultsOfTheOptionsAreNamedAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => Ml.Generative.TrainVae(new VaeOptions
        {
            HiddenSizes = [64, 0],
            Beta = -1,
            Contamination = 0.7,
            Training = new TrainingOptions { BatchSize = 0, LearningRate = double.NaN },
        }));
        Assert.Equal("VaeOptions: Contamination is 0.7; it must be from 0 to 0.5. BatchSize is 0; it must be 1 or more. "
                     + "LearningRate is NaN; it must be above 0 and up to 10. HiddenSizes is [64, 0]; it must be sizes from 1 to 65536. Beta is -1; it must be 0 or more.", error.Message);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ALabelWithOneValueIsNoCondition(string name)
    {
        var rows = Rows.Make(30);
        foreach (var row in rows) row.Label = true;
        var error = Assert.Throws<ArgumentException>(() => Models.Create(Ml, name, "Label").Fit(Ml.Data.LoadFromEnumerable(rows)));
        Assert.Equal("Label column 'Label' has the one value True in all rows; a model conditioned on it needs two or more. Leave LabelColumnName null.", error.Message);
    }

    private sealed class Wider
    {
        [VectorType(6)]
        public float[] Features { get; set; } = new float[6];
    }

    private sealed class Ragged
    {
        public float[] Features { get; set; } = [];
    }
}
