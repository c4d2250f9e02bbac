using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>A model of a table whose distribution is known, fitted once.</summary>
public sealed class AskedModel : IDisposable
{
    public AskedModel()
    {
        var rows = Ml.Data.LoadFromEnumerable(AskedRow.Make(8000));
        Model = Fit([.. AskedRow.Columns, "Id"], 12);
        Small = Fit(["Kind", "Flag", "Amount"], 40);

        GenerativeTransformer Fit(string[] columns, int epochs) => Ml.Generative
            .TrainTable(new TableOptions { InputColumnNames = columns, HiddenSize = 64, ColumnHiddenSize = 16, Training = new() { Epochs = epochs, Dropout = 0.02 } }).Fit(rows);
    }

    public MLContext Ml { get; } = new(1);

    /// <summary>Of all columns.</summary>
    public GenerativeTransformer Model { get; }

    /// <summary>Of the columns that go together, which it has learnt well.</summary>
    public GenerativeTransformer Small { get; }

    public void Dispose()
    {
        Model.Dispose();
        Small.Dispose();
    }
}

/// <summary>Rows of a table can be asked for: with values, completing other rows, under constraints, with other shares.</summary>
public sealed class AskedRowsTests(AskedModel fixture) : IClassFixture<AskedModel>
{
    private readonly MLContext _ml = fixture.Ml;
    private readonly GenerativeTransformer _model = fixture.Model;

    private static SampleOptions Given(params (string Name, object Value)[] values) => new() { Given = values.ToDictionary(value => value.Name, value => value.Value) };

    private static SampleOptions Where(params (string Name, ColumnConstraint Constraint)[] constraints) => new() { Constraints = constraints.ToDictionary(c => c.Name, c => c.Constraint) };

    private List<AskedRow> Draw(int rows, SampleOptions options) => Read(_model.Sample(rows, seed: 3, options));

    private List<AskedRow> DrawSmall(int rows, SampleOptions options) => Read(fixture.Small.Sample(rows, seed: 3, options));

    private List<AskedRow> Read(IDataView view) => [.. _ml.Data.CreateEnumerable<AskedRow>(view, reuseRowObject: false, ignoreMissingColumns: true)];

    // of a share among rows that are drawn independently, and of what the network has not learnt to the last digit
    private static void AssertShare(double expected, IEnumerable<AskedRow> rows, Func<AskedRow, bool> has) => Assert.InRange(rows.Average(row => has(row) ? 1.0 : 0), expected - 0.03, expected + 0.03);

    [Fact]
    public void GivenValuesComeBackAsTheyAreAndTheRestGoesWithThem()
    {
        var day = new DateTime(2021, 2, 3, 4, 5, 6);
        var rows = Draw(5000, Given(("Kind", "b"), ("Amount", 19.8765f), ("Real", 1 / 7.0), ("Day", day), ("Pair", new float[] { 1, 0.123456f }), ("Age", 40L)));
        Assert.All(rows, row => Assert.Equal(("b", 19.8765f, 1 / 7.0, day, 40), (row.Kind, row.Amount, row.Real, row.Day, row.Age)));
        Assert.All(rows, row => Assert.Equal([1, 0.123456f], row.Pair));
        AssertShare(0.5, DrawSmall(5000, Given(("Kind", "b"))), row => row.Flag);
        // by Bayes
        var flagged = DrawSmall(5000, Given(("Flag", true)));
        Assert.All(flagged, row => Assert.True(row.Flag));
        double all = AskedRow.KindChances.Zip(AskedRow.FlagChances, (kind, flag) => kind * flag).Sum();
        for (int kind = 0; kind < 3; kind++) AssertShare(AskedRow.KindChances[kind] * AskedRow.FlagChances[kind] / all, flagged, row => row.Kind == "abc"[kind].ToString());
        var around20 = DrawSmall(5000, Given(("Amount", 20.5f)));
        AssertShare(1, around20, row => row.Kind == "b");
        AssertShare(0.5, around20, row => row.Flag);
    }

    [Fact]
    public void NumbersOfOtherTypesAndTheSameSeedWillDo()
    {
        Assert.All(Draw(10, Given(("Age", 33.0), ("Amount", 5), ("Real", 2.5f))), row => Assert.Equal((33, 5f, 2.5), (row.Age, row.Amount, row.Real)));
        string[] Texts(int seed) => [.. Read(_model.Sample(300, seed, Given(("Kind", "c")))).Select(row => ModelJson.Serialize(row))];
        Assert.Equal(Texts(1), Texts(1));
        Assert.NotEqual(Texts(1), Texts(2));
    }

    public static TheoryData<string, object, string> WrongValues => new()
    {
        { "Kinds", "a", "SampleOptions.Given: the model has no column 'Kinds'; it has 'Kind', 'Flag', 'Age', 'Amount', 'Real', 'Day', 'Pair', 'Id'." },
        { "Kind", 1, "SampleOptions.Given: column 'Kind' is String; 1 (Int32) can't be a value of it." },
        { "Kind", "d", "SampleOptions.Given: the model draws no 'd' of column 'Kind' (String). It draws 'a', 'b', 'c'." },
        { "Kind", "", "SampleOptions.Given: column 'Kind' (String) is given what stands for a missing value. Leave it out." },
        { "Flag", "true", "SampleOptions.Given: column 'Flag' is Boolean; true (String) can't be a value of it." },
        { "Age", 20.5, "SampleOptions.Given: column 'Age' is Int32; 20.5 (Double) can't be a value of it." },
        { "Age", 1L << 40, "SampleOptions.Given: column 'Age' is Int32; 1099511627776 (Int64) can't be a value of it." },
        { "Amount", float.NaN, "SampleOptions.Given: column 'Amount' (Single) is given what stands for a missing value. Leave it out." },
        { "Amount", float.PositiveInfinity, "SampleOptions.Given: column 'Amount' can't be Infinity; numbers must be finite." },
        { "Pair", new float[] { 1 }, "SampleOptions.Given: column 'Pair' is Vector<Single, 2>; it takes an array of 2 Single, not System.Single[] (Single[])." },
        { "Pair", new float[] { 1, float.NaN }, "SampleOptions.Given: slot 1 of column 'Pair' is given what stands for a missing value. Leave it out." },
        { "Id", "id 5 1", "SampleOptions.Given: column 'Id' (String) holds identifiers, which are not learnt but numbered. Leave it out." },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public void WhatCannotBeGivenIsNamed(string column, object value, string expected) =>
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => _model.Sample(5, 1, Given((column, value)))).Message);

    [Fact]
    public void RowsAreCompletedInTurn()
    {
        var given = _ml.Data.LoadFromEnumerable(new[]
        {
            new { Other = 1, Kind = "a", Amount = 9.87654f, Pair = new[] { 1f, float.NaN }, Id = "mine" },
            new { Other = 2, Kind = "", Amount = 30.5f, Pair = new[] { float.NaN, 77.5f }, Id = "" },
            new { Other = 3, Kind = "one that nobody had", Amount = float.NaN, Pair = new[] { 0f, 0.5f }, Id = "third" },
        }, SchemaOfPairs());
        var view = _model.Sample(8000, given, seed: 1);
        Assert.Equal([.. AskedRow.Columns, "Id"], view.Schema.Select(column => column.Name));
        Assert.Equal(8000, view.GetRowCount());
        var rows = Read(view);
        Assert.Equal(8000, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            if (i % 3 == 0) Assert.Equal(("a", 9.87654f, 1f, "mine"), (row.Kind, row.Amount, row.Pair[0], row.Id));
            else if (i % 3 == 1) Assert.Equal((30.5f, 77.5f, $"id-{i + 1:000000}"), (row.Amount, row.Pair[1], row.Id));
            else Assert.Equal(("one that nobody had", 0f, 0.5f, "third"), (row.Kind, row.Pair[0], row.Pair[1], row.Id));
            // holes do not stay
            Assert.True(row.Kind.Length > 0 && !float.IsNaN(row.Amount) && !float.IsNaN(row.Pair[0]) && !float.IsNaN(row.Pair[1]));
        }
        Assert.True(rows.Where((_, i) => i % 3 == 0).Count(row => row.Flag) > 2 * rows.Where((_, i) => i % 3 == 1).Count(row => row.Flag));
        Assert.True(rows.Where((_, i) => i % 3 == 1).Count(row => row.Kind == "c") > 2000);

        // any columns, and two readers at once
        Assert.Equal(rows.Select(row => row.Amount), view.GetColumn<float>("Amount"));
        Assert.Equal(rows.Select(row => row.Age), view.GetColumn<int>("Age"));
        using var one = view.GetRowCursor([view.Schema["Kind"]]);
        using var other = view.GetRowCursor([view.Schema["Kind"], view.Schema["Flag"]]);
        var (a, b) = (one.GetGetter<ReadOnlyMemory<char>>(view.Schema["Kind"]), other.GetGetter<ReadOnlyMemory<char>>(view.Schema["Kind"]));
        ReadOnlyMemory<char> x = default, y = default;
        foreach (var row in rows.Take(20))
        {
            Assert.True(one.MoveNext() && other.MoveNext());
            a(ref x);
            b(ref y);
            Assert.Equal((row.Kind, row.Kind), (x.ToString(), y.ToString()));
        }
        // every time another draw
        Assert.True(rows.Where((row, i) => i % 3 == 1).Select(row => row.Age).Distinct().Count() > 20);
        Assert.Empty(Read(_model.Sample(0, given)));
    }

    private static SchemaDefinition SchemaOfPairs()
    {
        var schema = SchemaDefinition.Create(new { Other = 1, Kind = "", Amount = 0f, Pair = Array.Empty<float>(), Id = "" }.GetType());
        schema["Pair"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        return schema;
    }

    [Fact]
    public void AbsentColumnsAreDrawnWithTheirHolesAndManyRowsAreStreamed()
    {
        var given = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 5000).Select(i => new { Kind = "abc"[i % 3].ToString() }));
        var rows = Read(_model.Sample(12_000, given, seed: 2, new SampleOptions { IsSyntheticColumnName = "IsSynthetic" }));
        for (int i = 0; i < rows.Count; i++) Assert.Equal("abc"[i % 5000 % 3].ToString(), rows[i].Kind);
        Assert.InRange(rows.Average(row => float.IsNaN(row.Amount) ? 1.0 : 0), 0.15, 0.25);
        Assert.NotEqual(rows.Take(5000).Select(row => row.Age), rows.Skip(5000).Take(5000).Select(row => row.Age));
    }

    [Fact]
    public void RowsThatCannotBeCompletedAreRefused()
    {
        var none = _ml.Data.LoadFromEnumerable(new[] { new { Other = 1 } });
        Assert.Equal("The given rows have none of the model's columns, which are 'Kind', 'Flag', 'Age', 'Amount', 'Real', 'Day', 'Pair', 'Id'.",
            Assert.Throws<ArgumentException>(() => _model.Sample(5, none)).Message);
        var wrong = _ml.Data.LoadFromEnumerable(new[] { new { Kind = "a", Age = 1f } });
        Assert.Equal("Column 'Age' is Single; the model was trained on Int32. Convert it, or fit the pipeline again.", Assert.Throws<ArgumentException>(() => _model.Sample(5, wrong)).Message);
        var kinds = _ml.Data.LoadFromEnumerable(new[] { new { Kind = "a" } });
        Assert.Equal("SampleOptions.Given and given rows don't go together. Give the values as columns of the rows.", Assert.Throws<ArgumentException>(() => _model.Sample(5, kinds, 1, Given(("Age", 30)))).Message);
        var empty = _model.Sample(5, _ml.Data.SkipRows(kinds, 1));
        Assert.Equal("The view to draw for has no rows. Give at least one.", Assert.Throws<InvalidOperationException>(() => empty.GetColumn<string>("Kind").ToList()).Message);
    }

    [Fact]
    public void ConstraintsAreNeverViolated()
    {
        var ages = Draw(5000, Where(("Age", ColumnConstraint.Between(38, 42))));
        Assert.All(ages, row => Assert.InRange(row.Age, 38, 42));
        // a quarter is 40, the others are even from 20 to 59
        double other = 0.75 / 40;
        AssertShare((0.25 + other) / (0.25 + 5 * other), ages, row => row.Age == 40);
        AssertShare(other / (0.25 + 5 * other), ages, row => row.Age == 38);
        AssertShare(other / (0.25 + 5 * other), ages, row => row.Age == 42);

        var amounts = Draw(5000, Where(("Amount", ColumnConstraint.Between(10.37f, 20.05f))));   // not missing either
        Assert.All(amounts, row => Assert.InRange(row.Amount, 10.37f, 20.05f));
        Assert.All(amounts, row => Assert.Equal((float)Math.Round(row.Amount, 2), row.Amount));
        var bells = DrawSmall(5000, Where(("Amount", ColumnConstraint.Between(10.37f, 20.05f))));
        AssertShare(0.5 * 0.3557 / (0.5 * 0.3557 + 0.3 * 0.5199), bells, row => row.Amount < 15);
        AssertShare(0.9, bells.Where(row => row.Amount < 15), row => row.Flag);
        var atLeast = Draw(2000, Where(("Real", ColumnConstraint.AtLeast(2.345678))));
        Assert.All(atLeast, row => Assert.True(row.Real >= 2.345678));
        var day = new DateTime(2021, 1, 1);
        Assert.All(Draw(2000, Where(("Day", ColumnConstraint.AtMost(day)))), row => Assert.True(row.Day <= day));
        Assert.All(Draw(2000, Where(("Pair.1", ColumnConstraint.Between(-0.5, 0.25)))), row => Assert.InRange(row.Pair[1], -0.5f, 0.25f));
        Assert.All(Draw(2000, Where(("Pair.0", ColumnConstraint.OneOf(1f)))), row => Assert.Equal(1, row.Pair[0]));
        Assert.All(Draw(500, Where(("Amount", ColumnConstraint.OneOf(float.NaN)))), row => Assert.True(float.IsNaN(row.Amount)));
        Assert.All(Draw(2000, Where(("Flag", ColumnConstraint.NoneOf(true)))), row => Assert.False(row.Flag));

        var several = Draw(4000, Where(("Age", ColumnConstraint.AtMost(30)), ("Kind", ColumnConstraint.NoneOf("a", "")), ("Amount", ColumnConstraint.Between(0, 25)), ("Flag", ColumnConstraint.OneOf(true))));
        Assert.All(several, row => Assert.True(row.Age <= 30 && row.Kind is "b" or "c" && row.Amount is >= 0 and <= 25 && row.Flag));
    }

    [Fact]
    public void OneConstraintGivesTheRowsForWhichItHolds()
    {
        var rows = DrawSmall(8000, Where(("Kind", ColumnConstraint.OneOf("a", "c"))));
        AssertShare(0.5 / 0.7, rows, row => row.Kind == "a");
        AssertShare((0.5 * 0.9 + 0.2 * 0.1) / 0.7, rows, row => row.Flag);
        var given = DrawSmall(8000, Where(("Kind", ColumnConstraint.NoneOf("b"))) with { Given = new Dictionary<string, object> { ["Flag"] = true } });
        AssertShare(0.5 * 0.9 / (0.5 * 0.9 + 0.2 * 0.1), given, row => row.Kind == "a");
    }

    [Fact]
    public void SharesAreThoseAskedFor()
    {
        var rows = DrawSmall(1000, Where(("Kind", ColumnConstraint.Shares(("a", 20), ("b", 30), ("c", 50)))));
        Assert.Equal((200, 300, 500), (Count("a"), Count("b"), Count("c")));
        AssertShare(0.2 * 0.9 + 0.3 * 0.5 + 0.5 * 0.1, rows, row => row.Flag);
        var ages = Draw(600, Where(("Age", ColumnConstraint.Shares((40, 0.75), (25, 0.25), (30, 0)))));
        Assert.Equal((450, 150), (ages.Count(row => row.Age == 40), ages.Count(row => row.Age == 25)));
        var both = Draw(3000, Where(("Flag", ColumnConstraint.Shares((true, 0.5), (false, 0.5))), ("Kind", ColumnConstraint.Shares(("a", 1), ("c", 1)))));
        AssertShare(0.25, both, row => row is { Flag: true, Kind: "c" });

        int Count(string kind) => rows.Count(row => row.Kind == kind);
    }

    public static TheoryData<string, ColumnConstraint, string> WrongConstraints => new()
    {
        { "Pair", ColumnConstraint.AtLeast(1), "SampleOptions.Constraints: the model has no column 'Pair'; it has 'Kind', 'Flag', 'Age', 'Amount', 'Real', 'Day', 'Pair.0', 'Pair.1', 'Id'." },
        { "Kind", ColumnConstraint.AtLeast("b"), "SampleOptions.Constraints: column 'Kind' (String) has no order for a range to be in. Use OneOf or NoneOf." },
        { "Kind", ColumnConstraint.OneOf("d", "e"), "SampleOptions.Constraints: nothing that the model draws of column 'Kind' (String) is allowed. It draws 'a', 'b', 'c'." },
        { "Kind", ColumnConstraint.Shares(("a", 1), ("d", 1)), "SampleOptions.Constraints: the model draws no 'd' of column 'Kind' (String). It draws 'a', 'b', 'c'." },
        { "Kind", ColumnConstraint.Shares(("a", 1), ("a", 1)), "SampleOptions.Constraints: 'a' of column 'Kind' (String) has two shares." },
        { "Flag", ColumnConstraint.NoneOf(true, false), "SampleOptions.Constraints: nothing that the model draws of column 'Flag' (Boolean) is allowed. It draws 'True', 'False'." },
        { "Age", ColumnConstraint.Between(90, 100), "SampleOptions.Constraints: nothing that the model draws of column 'Age' (Int32) is allowed. It draws 20 to 59." },
        { "Age", ColumnConstraint.Between(50, 40), "SampleOptions.Constraints: nothing that the model draws of column 'Age' (Int32) is allowed. It draws 20 to 59." },
        { "Age", ColumnConstraint.AtMost("old"), "SampleOptions.Constraints: column 'Age' is Int32; old (String) can't be a value of it." },
        { "Amount", ColumnConstraint.AtMost(float.NaN), "SampleOptions.Constraints: column 'Amount' (Single) is given what stands for a missing value. Leave it out." },
        { "Id", ColumnConstraint.OneOf("id 5 1"), "SampleOptions.Constraints: column 'Id' (String) holds identifiers, which are not learnt but numbered. Leave it out." },
    };

    [Theory]
    [MemberData(nameof(WrongConstraints))]
    public void WhatCannotBeAskedIsNamed(string column, ColumnConstraint constraint, string expected) =>
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => _model.Sample(5, 1, Where((column, constraint)))).Message);

    [Fact]
    public void WhatDoesNotGoTogetherIsRefused()
    {
        var both = Where(("Kind", ColumnConstraint.OneOf("a"))) with { Given = new Dictionary<string, object> { ["Kind"] = "a" } };
        Assert.Equal("SampleOptions.Constraints: column 'Kind' has a value in SampleOptions.Given. Leave one of them out.", Assert.Throws<ArgumentException>(() => _model.Sample(5, 1, both)).Message);
        Assert.Equal("SampleOptions: Given and Constraints are for Sample; Vary keeps parts of its rows.",
            Assert.Throws<ArgumentException>(() => _model.Vary(_ml.Data.LoadFromEnumerable(AskedRow.Make(3)), 3, 1, Given(("Kind", "a")))).Message);
        Assert.Equal("The share of 'a' is -1; shares must be 0 or more. (Parameter 'shares')", Assert.Throws<ArgumentException>(() => ColumnConstraint.Shares(("a", -1))).Message);
        Assert.Equal("No share is above 0. (Parameter 'shares')", Assert.Throws<ArgumentException>(() => ColumnConstraint.Shares(("a", 0))).Message);
    }

    [Fact]
    public void DrawingLeavesNoTensorBehind()
    {
        long tensors = LiveTensors.Count;
        var options = Where(("Age", ColumnConstraint.AtMost(30)), ("Flag", ColumnConstraint.OneOf(true)), ("Amount", ColumnConstraint.AtLeast(5)));
        Draw(500, options with { Given = new Dictionary<string, object> { ["Kind"] = "b" }, Temperature = 1.5 });
        Read(_model.Sample(5000, _ml.Data.LoadFromEnumerable(AskedRow.Make(70)), seed: 1, options));
        Read(_model.Impute(_ml.Data.LoadFromEnumerable(AskedRow.Make(100)), method: ImputationMethod.MostLikely));
        Assert.Equal(tensors, LiveTensors.Count);
    }

    [Fact]
    public void TheTemperatureMakesRowsMoreOrLessTypical()
    {
        var cold = DrawSmall(200, new() { Temperature = 0 });
        Assert.All(cold, row => Assert.Equal((true, "a"), (row.Flag, row.Kind)));
        Assert.Single(DrawSmall(200, Given(("Kind", "c")) with { Temperature = 0 }).Select(row => row.Flag).Distinct(), false);
        double Flagged(double temperature) => DrawSmall(5000, Given(("Kind", "c")) with { Temperature = temperature }).Average(row => row.Flag ? 1 : 0);
        Assert.Equal(0.1, Flagged(1), 0.03);
        Assert.Equal(0.25, Flagged(2), 0.04);   // 1/9 to the power of a half
        Assert.Equal(0.0122, Flagged(0.5), 0.012);
    }
}
