using Microsoft.ML;
using Microsoft.ML.Data;
using Mode = Microsoft.ML.Transforms.MissingValueReplacingEstimator.ReplacementMode;

namespace Polyfills.Tests.MicrosoftML.Transforms;

public class ValueStepTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Theory]
    [InlineData(Mode.DefaultValue, 0f, 0f)]
    [InlineData(Mode.Mean, 7 / 3f, 30f)]
    [InlineData(Mode.Minimum, 1f, 20f)]
    [InlineData(Mode.Maximum, 5f, 40f)]
    [InlineData(Mode.Mode, 1f, 20f)]
    public void Missing_values_are_replaced_by_what_the_others_of_the_slot_say(Mode mode, float first, float second)
    {
        var view = View([1, 20], [float.NaN, 40], [5, float.NaN], [1, 30]);
        var values = _ml.Transforms.ReplaceMissingValues("V", replacementMode: mode).Fit(view).Transform(view).GetColumn<float[]>("V").ToList();
        Assert.Equal(first, values[1][0], 1e-5f);
        Assert.Equal(second, values[2][1], 1e-5f);
        Assert.Equal(40, values[1][1]);
    }

    [Fact]
    public void All_slots_can_share_one_replacement()
    {
        var view = View([1, 20], [float.NaN, 39]);
        var values = _ml.Transforms.ReplaceMissingValues("V", replacementMode: Mode.Mean, imputeBySlot: false).Fit(view).Transform(view).GetColumn<float[]>("V");
        Assert.Equal(20, values.Last()[0]);
    }

    [Fact]
    public void What_was_learned_is_used_on_other_rows()
    {
        var transformer = _ml.Transforms.ReplaceMissingValues("V", replacementMode: Mode.Maximum).Fit(View([1, 2], [3, 4]));
        float[][] expected = [[3, 9]];
        Assert.Equal(expected, transformer.Transform(View([float.NaN, 9])).GetColumn<float[]>("V"));
    }

    [Fact]
    public void A_slot_without_any_value_becomes_zero()
    {
        var view = View([float.NaN, 1]);
        Assert.Equal(0, _ml.Transforms.ReplaceMissingValues("V", replacementMode: Mode.Mean).Fit(view).Transform(view).GetColumn<float[]>("V").First()[0]);
    }

    [Fact]
    public void Missing_values_are_indicated()
    {
        var view = View([1, float.NaN]);
        bool[][] expected = [[false, true]];
        Assert.Equal(expected, _ml.Transforms.IndicateMissingValues("M", "V").Fit(view).Transform(view).GetColumn<bool[]>("M"));
    }

    [Fact]
    public void Types_that_know_no_missing_value_are_refused()
    {
        var view = _ml.Data.LoadFromEnumerable((TextRow[])[new() { T = "x" }]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ReplaceMissingValues("T").Fit(view));
        Assert.Contains("Type 'String' is not supported by NAReplaceTransform since it doesn't have an NA value", error.Message);
    }

    [Fact]
    public void Texts_become_numbers_where_they_can()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { "1.5", "-2e3", "", "abc", "NaN" }.Select(text => new TextRow { T = text }));
        float[] expected = [1.5f, -2000, 0, float.NaN, float.NaN];
        Assert.Equal(expected, _ml.Transforms.Conversion.ConvertType("N", "T").Fit(view).Transform(view).GetColumn<float>("N"));
    }

    [Fact]
    public void Booleans_become_one_and_zero_and_are_normalised()
    {
        var view = _ml.Data.LoadFromEnumerable((FlagRow[])[new() { F = true }, new()]);
        var converted = _ml.Transforms.Conversion.ConvertType("N", "F").Fit(view).Transform(view);
        float[] expected = [1, 0];
        Assert.Equal(expected, converted.GetColumn<float>("N"));
        Assert.True(converted.Schema["N"].IsNormalized());
    }

    [Fact]
    public void DatesAndSpansOfTimeBecomeTheirTicks()
    {
        var date = new DateTime(2024, 2, 29, 1, 2, 3, 4);
        var rows = _ml.Data.LoadFromEnumerable([new Times { Date = date, Moment = new(date, TimeSpan.FromHours(2)), Duration = TimeSpan.FromSeconds(-1.5) }]);
        long[] Ticks(string column) => [.. _ml.Transforms.Conversion.ConvertType("N", column, DataKind.Int64).Fit(rows).Transform(rows).GetColumn<long>("N")];
        Assert.Equal([date.Ticks], Ticks("Date"));
        Assert.Equal([date.AddHours(-2).Ticks], Ticks("Moment"));
        Assert.Equal([-15_000_000], Ticks("Duration"));
        Assert.Equal([-1.5e7f], _ml.Transforms.Conversion.ConvertType("Duration").Fit(rows).Transform(rows).GetColumn<float>("Duration"));
        Assert.Equal(["2024-02-29T01:02:03.0040000"], _ml.Transforms.Conversion.ConvertType("Date", outputKind: DataKind.String).Fit(rows).Transform(rows).GetColumn<string>("Date"));
        Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Conversion.ConvertType("N", "Date", DataKind.Int32).Fit(rows));
    }

    private sealed class Times
    {
        public DateTime Date { get; set; }

        public DateTimeOffset Moment { get; set; }

        public TimeSpan Duration { get; set; }
    }

    [Fact]
    public void Integers_do_not_come_from_floating_point_numbers()
    {
        var view = View([1.5f, -2.5f]);
        var error = Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Conversion.ConvertType("N", "V", DataKind.Int32).Fit(view));
        Assert.Contains("is not compatible with destination type 'Int32'", error.Message);
    }

    [Fact]
    public void Keys_keep_their_values_in_another_width()
    {
        var view = _ml.Data.LoadFromEnumerable((TextRow[])[new() { T = "b" }, new() { T = "a" }]);
        var converted = _ml.Transforms.Conversion.MapValueToKey("K", "T").Append(_ml.Transforms.Conversion.ConvertType("Wide", "K", DataKind.UInt64)).Fit(view).Transform(view);
        Assert.Equal(new KeyDataViewType(typeof(ulong), 2), converted.Schema["Wide"].Type);
        Assert.True(converted.Schema["Wide"].HasKeyValues());
        ulong[] expected = [1, 2];
        Assert.Equal(expected, converted.GetColumn<ulong>("Wide"));
    }

    [Fact]
    public void A_custom_mapping_runs_once_per_row_and_only_if_asked_for()
    {
        int calls = 0;
        var view = View([1, 2], [3, 4]);
        var mapped = _ml.Transforms.CustomMapping<SumIn, SumOut>((input, output) =>
        {
            calls++;
            output.Sum = input.V.Sum();
            output.Text = $"{input.V.Length} values";
        }, null).Fit(view).Transform(view);

        Assert.Equal(2, mapped.GetColumn<float[]>("V").Count());
        Assert.Equal(0, calls);
        Assert.Equal([(3f, "2 values"), (7f, "2 values")], _ml.Data.CreateEnumerable<SumOut>(mapped, reuseRowObject: false).Select(row => (row.Sum, row.Text)));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void The_output_definition_renames_and_annotates()
    {
        var view = View([1, 2]);
        var definition = SchemaDefinition.Create(typeof(SumOut));
        definition["Sum"].ColumnName = "Total";
        definition["Total"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        var schema = _ml.Transforms.CustomMapping<SumIn, SumOut>((_, _) => { }, null, null, definition).Fit(view).GetOutputSchema(view.Schema);
        Assert.True(schema["Total"].IsNormalized());
        Assert.Null(schema.GetColumnOrNull("Sum"));
    }

    [Fact]
    public void A_mapping_without_a_contract_can_not_be_saved()
    {
        var view = View([1, 2]);
        var transformer = _ml.Transforms.CustomMapping<SumIn, SumOut>((_, _) => { }, null).Fit(view);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(transformer, view.Schema, new MemoryStream()));
        Assert.Equal("Empty contract name for a transform: the transform cannot be saved", error.Message);
    }

    private IDataView View(params float[][] rows) => _ml.Data.LoadFromEnumerable(rows.Select(row => new VectorRow { V = row }));

    private sealed class VectorRow
    {
        [VectorType(2)]
        public float[] V { get; set; } = [];
    }

    private sealed class TextRow
    {
        public string T { get; set; } = "";
    }

    private sealed class FlagRow
    {
        public bool F { get; set; }
    }

    private sealed class SumIn
    {
        public float[] V { get; set; } = [];
    }

    private sealed class SumOut
    {
        public float Sum { get; set; }

        public string Text { get; set; } = "";
    }
}
