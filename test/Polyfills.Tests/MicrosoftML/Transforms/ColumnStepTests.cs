using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML.Transforms;

public class ColumnStepTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Concatenate_joins_scalars_and_vectors_in_order()
    {
        var view = _ml.Transforms.Concatenate("All", "B", "V", "A").Fit(View()).Transform(View());
        float[][] expected = [[2, 7, 8, 1], [4, 9, 10, 3]];
        Assert.Equal(expected, view.GetColumn<float[]>("All"));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 4), view.Schema["All"].Type);
    }

    [Fact]
    public void The_slots_are_named_after_the_columns()
    {
        var view = View();
        var schema = _ml.Transforms.Concatenate("V2", "A", "B").Append(_ml.Transforms.Concatenate("All", "V2", "V", "A")).Fit(view).GetOutputSchema(view.Schema);
        string[] expected = ["V2.A", "V2.B", "", "", "A"];
        Assert.Equal(expected, SlotNames(schema["All"]));
    }

    [Fact]
    public void One_vector_alone_passes_as_it_is()
    {
        var view = View();
        var schema = _ml.Transforms.Concatenate("V2", "A", "B").Append(_ml.Transforms.Concatenate("Copy", "V2")).Fit(view).GetOutputSchema(view.Schema);
        string[] expected = ["A", "B"];
        Assert.Equal(expected, SlotNames(schema["Copy"]));
    }

    [Fact]
    public void The_joined_vector_is_normalised_only_if_all_parts_are()
    {
        var view = View();
        var schema = _ml.Transforms.NormalizeMinMax("A").Append(_ml.Transforms.Concatenate("Mixed", "A", "B")).Append(_ml.Transforms.NormalizeMinMax("B"))
            .Append(_ml.Transforms.Concatenate("Both", "A", "B")).Fit(view).GetOutputSchema(view.Schema);
        Assert.False(schema["Mixed"].IsNormalized());
        Assert.True(schema["Both"].IsNormalized());
    }

    [Fact]
    public void A_vector_that_is_mostly_zeros_stays_sparse()
    {
        var view = _ml.Data.LoadFromEnumerable((SparseRow[])[new() { A = 5, S = new(4, 1, [9], [2]) }]);
        using var cursor = _ml.Transforms.Concatenate("All", "S", "A", "S").Fit(view).Transform(view) is { } all ? all.GetRowCursor(all.Schema) : null!;
        var getter = cursor.GetGetter<VBuffer<float>>(cursor.Schema["All"]);
        cursor.MoveNext();
        var value = default(VBuffer<float>);
        getter(ref value);

        Assert.False(value.IsDense);
        float[] expected = [0, 0, 9, 0, 5, 0, 0, 9, 0];
        Assert.Equal(expected, value.DenseValues());
    }

    [Fact]
    public void Mixed_types_and_keys_can_not_be_joined()
    {
        var view = View();
        var type = Assert.Throws<InvalidOperationException>(() => Promise(_ml.Transforms.Concatenate("All", "A", "T")));
        Assert.Equal("Concatenated columns should have the same type. Column 'T' has type of String, but expected column type is Single.", type.Message);
        var key = Assert.Throws<InvalidOperationException>(() => Promise(_ml.Transforms.Conversion.MapValueToKey("K", "T").Append(_ml.Transforms.Concatenate("All", "K"))));
        Assert.Contains("Column 'K' is key. Concatenation of keys is unsupported.", key.Message);

        void Promise(IEstimator<ITransformer> step) => new EstimatorChain<ITransformer>().Append(step).Fit(view);
    }

    [Fact]
    public void Nothing_to_join_is_an_error() =>
        Assert.Contains("Input columns not specified", Assert.ThrowsAny<ArgumentException>(() => _ml.Transforms.Concatenate("All")).Message);

    [Fact]
    public void Selected_columns_come_in_the_order_of_their_names()
    {
        var view = View();
        string[] expected = ["T", "A"];
        Assert.Equal(expected, _ml.Transforms.SelectColumns("T", "A").Fit(view).Transform(view).Schema.Select(column => column.Name));
        float[] values = [1, 3];
        Assert.Equal(values, _ml.Transforms.SelectColumns("T", "A").Fit(view).Transform(view).GetColumn<float>("A"));
    }

    [Fact]
    public void Dropped_columns_take_what_they_hide_with_them()
    {
        var view = _ml.Transforms.CopyColumns("A", "B").Fit(View()).Transform(View());
        Assert.Equal(5, view.Schema.Count);
        string[] expected = ["B", "V", "T"];
        Assert.Equal(expected, _ml.Transforms.DropColumns("A").Fit(view).Transform(view).Schema.Select(column => column.Name));
    }

    [Fact]
    public void Hidden_columns_are_kept_on_demand()
    {
        var view = _ml.Transforms.CopyColumns("A", "B").Fit(View()).Transform(View());
        var kept = _ml.Transforms.SelectColumns(["A"], keepHidden: true).Fit(view).Transform(view).Schema;
        Assert.Equal(2, kept.Count);
        Assert.True(kept[0].IsHidden);
        Assert.False(kept[1].IsHidden);
    }

    private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString());
    }

    private IDataView View() => _ml.Data.LoadFromEnumerable((Row[])
        [new() { A = 1, B = 2, V = [7, 8], T = "x" }, new() { A = 3, B = 4, V = [9, 10], T = "y" }]);

    private sealed class Row
    {
        public float A { get; set; }

        public float B { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [];

        public string T { get; set; } = "";
    }

    private sealed class SparseRow
    {
        public float A { get; set; }

        [VectorType(4)]
        public VBuffer<float> S { get; set; }
    }
}
