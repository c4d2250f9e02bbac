using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Generation;

public class OversamplingErrorsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private OversamplingEstimator Oversample(OversampleOptions? options = null, IEstimator<IGenerativeTransformer>? generator = null) =>
        new(_ml, generator ?? new FakeGenerator(), options ?? new OversampleOptions { LabelColumnName = "Class" });

    private SmoteEstimator Smote(SmoteOptions? options = null) => new(_ml, options ?? new SmoteOptions { LabelColumnName = "Class" });

    private IDataView View(params int[] rowsOfClasses) => _ml.Data.LoadFromEnumerable(LabelledRow.Of(rowsOfClasses));

    /// <summary>What both ways of oversampling must say, and they say it alike.</summary>
    private void BothSay(string message, IDataView view)
    {
        Assert.Equal(message, Message(() => Oversample().Fit(view)));
        Assert.Equal(message, Message(() => Smote().Fit(view)));
    }

    [Fact]
    public void AClassWithTooFewRowsIsNamed() =>
        BothSay("Class 'class 1' of column 'Class' has 1 row; it takes 2 to draw more. Give more rows, or a RatioByLabel of 0 for the class.", View(5, 1));

    [Fact]
    public void AllClassesWithTooFewRowsAreNamed() => Assert.Equal(
        "Class 'class 1' of column 'Class' has 3 rows; it takes 10 to draw more. Class 'class 2' of column 'Class' has 1 row; it takes 10 to draw more. "
        + "Give more rows, or a RatioByLabel of 0 for the class.",
        Message(() => Oversample(new OversampleOptions { LabelColumnName = "Class", MinimumRows = 10 }).Fit(View(20, 3, 1))));

    [Fact]
    public void AClassWithTooFewRowsMayStayAsItIs()
    {
        var view = View(5, 1, 2);
        var options = new SmoteOptions { LabelColumnName = "Class", RatioByLabel = new Dictionary<string, double> { ["class 1"] = 0 } };
        Assert.Equal(5 + 1 + 5, Smote(options).Fit(view).Transform(view).GetColumn<string>("Class").Count());
    }

    [Fact]
    public void ALabelOfOneValueIsAnError() =>
        BothSay("Column 'Class' has one value only, 'class 0', in 5 rows; oversampling needs two classes at least.", View(5));

    [Fact]
    public void NoLabelsAreAnError() => BothSay("Column 'Class' has no label in any of 2 rows; oversampling needs rows of two classes at least.",
        _ml.Data.LoadFromEnumerable(new[] { new LabelledRow { Features = [1, 2] }, new LabelledRow { Features = [1, 2] } }));

    [Fact]
    public void NoRowsAreAnError() =>
        BothSay("Column 'Class' has no label in any of 0 rows; oversampling needs rows of two classes at least.", View(0));

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void FeaturesThatAreNotFiniteAreFound(float value, string name)
    {
        var rows = LabelledRow.Of(5, 2);
        rows[4].Features[1] = value;
        BothSay($"Column 'Features' holds {name} in slot 1 of row 4 (both counted from 0); features must be finite. "
            + "Drop such rows with FilterRowsByMissingValues, or fill them in with ReplaceMissingValues.", _ml.Data.LoadFromEnumerable(rows));
    }

    [Fact]
    public void ALabelWithTooManyValuesIsAnError() => BothSay("Column 'Class' has more than 1000 different values; a label has few. Name the column of the classes.",
        View([.. Enumerable.Repeat(2, 1001)]));

    [Fact]
    public void AMissingColumnIsNamed()
    {
        const string Columns = "the columns are 'Label', 'Class', 'Number', 'Integer', 'Key', 'Features', 'Age', 'Comment', 'Visits', 'Place', 'Counts'. ";
        const string NoLabel = "Column 'Clas' is not there; " + Columns + "It must be a key, a Boolean, a text or a number. Make it with MapValueToKey, or name another column.";
        const string NoFeatures = "Column 'Feature' is not there; " + Columns + "It must be Vector<Single> of known size. Make it with Concatenate, or name another column.";
        var view = View(5, 2);
        Assert.Equal(NoLabel, Message(() => Oversample(new OversampleOptions { LabelColumnName = "Clas" }).Fit(view)));
        Assert.Equal(NoLabel, Message(() => Smote(new SmoteOptions { LabelColumnName = "Clas" }).Fit(view)));
        Assert.Equal(NoFeatures, Message(() => Oversample(new OversampleOptions(), new FakeGenerator("Feature")).Fit(view)));
        Assert.Equal(NoFeatures, Message(() => Smote(new SmoteOptions { FeatureColumnName = "Feature" }).Fit(view)));
    }

    [Fact]
    public void AColumnOfTheWrongTypeIsNamedBeforeAnythingIsFitted()
    {
        bool fitted = false;
        var probe = new ProbeEstimator(_ => fitted = true);
        Assert.Equal("Column 'Features' is Vector<Single>; it must be a key, a Boolean, a text or a number. Make it with MapValueToKey, or name another column.",
            Message(() => probe.Append(Oversample(new OversampleOptions { LabelColumnName = "Features" })).Fit(View(5, 2))));
        Assert.Equal("Column 'Age' is Single; it must be Vector<Single> of known size. Make it with Concatenate, or name another column.",
            Message(() => probe.Append(Smote(new SmoteOptions { FeatureColumnName = "Age" })).Fit(View(5, 2))));
        Assert.False(fitted);
    }

    [Fact]
    public void TheMarkMustBeANewColumn() => Assert.Equal("Column 'Age' is there already; IsSyntheticColumnName must be a new name.",
        Message(() => Oversample(new OversampleOptions { IsSyntheticColumnName = "Age" }).Fit(View(5, 2))));

    [Fact]
    public void ARatioOfAnUnknownClassIsAnError() => Assert.Equal("RatioByLabel has 'class 7', which is no value of column 'Class'. Its values are 'class 0', 'class 1'.",
        Message(() => Oversample(new OversampleOptions { LabelColumnName = "Class", RatioByLabel = new Dictionary<string, double> { ["class 7"] = 1 } }).Fit(View(5, 2))));

    [Fact]
    public void AllFaultsOfTheOptionsAreSaidAtOnce()
    {
        Assert.Equal("OversampleOptions: LabelColumnName is ; it must be the name of a column. Ratio is 1.5; it must be above 0 and up to 1. "
            + "RatioByLabel['a'] is -1; it must be from 0 to 10. IsSyntheticColumnName is ; it must be the name of a column, or null. "
            + "Mode is 7; it must be a value of the enumeration. Source is 8; it must be a value of the enumeration. "
            + "Temperature is 11; it must be from 0 to 10. Selectivity is NaN; it must be from 0 to 10. MinimumRows is 0; it must be 1 or more.",
            Message(() => Oversample(new OversampleOptions
            {
                LabelColumnName = "",
                Ratio = 1.5,
                RatioByLabel = new Dictionary<string, double> { ["a"] = -1 },
                IsSyntheticColumnName = "",
                Mode = (OversampleMode)7,
                Source = (OversampleSource)8,
                Temperature = 11,
                Selectivity = double.NaN,
                MinimumRows = 0,
            })));
        Assert.Equal("SmoteOptions: Ratio is NaN; it must be above 0 and up to 1. FeatureColumnName is Label; it must be another column than the label. "
            + "Neighbours is 0; it must be 1 or more.",
            Message(() => Smote(new SmoteOptions { Ratio = double.NaN, FeatureColumnName = "Label", Neighbours = 0 })));
    }

    [Fact]
    public void AModeThatTheModelCannotDoIsAnError() => Assert.Equal(
        "OversampleOptions: Mode is LabelConditional, but the model cannot be conditioned on a label. Use PerClass or Automatic.",
        Message(() => Oversample(new OversampleOptions { Mode = OversampleMode.LabelConditional }, new PlainGenerator(new FakeGenerator()))));

    [Fact]
    public void AModelOfAnotherLabelIsAnError() => Assert.Equal(
        "OversampleOptions: LabelColumnName is Class, but the model is conditioned on Label. Leave its label out: oversampling sets it.",
        Message(() => Oversample(generator: new FakeGenerator(label: "Label"))));

    [Fact]
    public void AModelThatCannotVaryRowsSaysWhatToDo() => Assert.Equal(
        "OversampleOptions: Source is Posterior, but the model cannot vary rows. Use Prior.",
        Assert.Throws<InvalidOperationException>(() => Oversample(generator: new FakeGenerator(cannotVary: true)).Fit(View(5, 2))).Message);

    [Fact]
    public void AModelThatDrawsOtherColumnsIsAnError() => Assert.Equal(
        "The model draws the columns 'Pixels', of which the rows have none but the label. Use a model of columns that are there where it stands in the pipeline.",
        Assert.Throws<InvalidOperationException>(() => Oversample(generator: new FakeGenerator(drawn: "Pixels")).Fit(View(5, 2))).Message);

    [Fact]
    public void AModelThatDrawsAnotherTypeIsAnError() => Assert.Equal(
        "Column 'Age' is Vector<Single, 2> in the rows drawn, but Single in the real ones. Use a model that draws the column as it is.",
        Assert.Throws<InvalidOperationException>(() => Oversample(generator: new FakeGenerator(drawn: "Age")).Fit(View(5, 2))).Message);
}
