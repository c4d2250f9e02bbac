using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Polyfills.Tests.MicrosoftML.Transforms;

public class KeyStepTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Keys_follow_the_first_occurrence_and_the_empty_text_has_none()
    {
        uint[] expected = [1, 2, 0, 1, 3];
        Assert.Equal(expected, Keys(_ml.Transforms.Conversion.MapValueToKey("K", "T"), View("pear", "apple", "", "pear", "Zebra")));
    }

    [Fact]
    public void Keys_by_value_follow_the_code_units()
    {
        uint[] expected = [3, 2, 0, 3, 1];   // capitals come first
        Assert.Equal(expected, Keys(_ml.Transforms.Conversion.MapValueToKey("K", "T", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue),
            View("pear", "apple", "", "pear", "Zebra")));
    }

    [Fact]
    public void Numbers_have_keys_too_and_NaN_has_none()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { 5f, float.NaN, -1, 5 }.Select(x => new NumberRow { X = x }));
        uint[] byOccurrence = [1, 0, 2, 1], byValue = [2, 0, 1, 2];
        Assert.Equal(byOccurrence, Keys(_ml.Transforms.Conversion.MapValueToKey("K", "X"), view));
        Assert.Equal(byValue, Keys(_ml.Transforms.Conversion.MapValueToKey("K", "X", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue), view));
    }

    [Fact]
    public void Values_that_were_not_there_while_fitting_are_missing()
    {
        var transformer = _ml.Transforms.Conversion.MapValueToKey("K", "T").Fit(View("a", "b"));
        uint[] expected = [2, 0];
        Assert.Equal(expected, transformer.Transform(View("b", "c")).GetColumn<uint>("K"));
    }

    [Fact]
    public void The_number_of_keys_can_be_limited()
    {
        var transformer = _ml.Transforms.Conversion.MapValueToKey("K", "T", maximumNumberOfKeys: 2).Fit(View("a", "b", "c"));
        uint[] expected = [1, 2, 0];
        Assert.Equal(expected, transformer.Transform(View("a", "b", "c")).GetColumn<uint>("K"));
        Assert.Equal(new KeyDataViewType(typeof(uint), 2), transformer.GetOutputSchema(View("a").Schema)["K"].Type);
    }

    [Fact]
    public void The_values_can_be_given()
    {
        var given = _ml.Data.LoadFromEnumerable((TextRow[])[new() { T = "no" }, new() { T = "yes" }]);
        uint[] expected = [2, 1, 0];
        Assert.Equal(expected, Keys(_ml.Transforms.Conversion.MapValueToKey("K", "T", keyData: given), View("yes", "no", "perhaps")));
    }

    [Fact]
    public void Keys_turn_back_into_values()
    {
        var view = View("b", "", "a");
        var back = _ml.Transforms.Conversion.MapValueToKey("K", "T").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "K")).Fit(view);
        string[] expected = ["b", "", "a", ""];
        Assert.Equal(expected, back.Transform(View("b", "", "a", "unknown")).GetColumn<string>("Back"));
    }

    [Fact]
    public void Missing_keys_of_numbers_turn_into_NaN()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { 5f, float.NaN }.Select(x => new NumberRow { X = x }));
        var back = _ml.Transforms.Conversion.MapValueToKey("K", "X").Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "K")).Fit(view);
        float[] expected = [5, float.NaN];
        Assert.Equal(expected, back.Transform(view).GetColumn<float>("Back"));
    }

    [Fact]
    public void Keys_without_values_can_not_be_turned_back()
    {
        var view = _ml.Data.LoadFromEnumerable((KeyRow[])[new() { K = 1 }]);
        Assert.ThrowsAny<Exception>(() => _ml.Transforms.Conversion.MapKeyToValue("Back", "K").Fit(view));
    }

    [Fact]
    public void One_hot_vectors_have_named_slots_in_the_order_of_the_keys()
    {
        var view = View("pear", "apple", "pear", "");
        var encoded = _ml.Transforms.Categorical.OneHotEncoding("V", "T").Fit(view).Transform(View("apple", "pear", "", "kiwi"));
        float[][] expected = [[0, 1], [1, 0], [0, 0], [0, 0]];
        Assert.Equal(expected, encoded.GetColumn<float[]>("V"));
        string[] names = ["pear", "apple"];
        Assert.Equal(names, SlotNames(encoded.Schema["V"]));
        Assert.True(encoded.Schema["V"].IsNormalized());
        var ranges = default(VBuffer<int>);
        encoded.Schema["V"].Annotations.GetValue("CategoricalSlotRanges", ref ranges);
        int[] slots = [0, 1];
        Assert.Equal(slots, ranges.DenseValues());
    }

    [Fact]
    public void Vectors_of_values_are_encoded_one_after_the_other_or_counted()
    {
        var view = _ml.Data.LoadFromEnumerable((WordsRow[])[new() { W = ["x", "y", "y"] }]);
        var indicator = _ml.Transforms.Categorical.OneHotEncoding("V", "W").Fit(view).Transform(view);
        float[][] indicators = [[1, 0, 0, 1, 0, 1]], counts = [[1, 2]];
        Assert.Equal(indicators, indicator.GetColumn<float[]>("V"));
        string[] names = ["[0].x", "[0].y", "[1].x", "[1].y", "[2].x", "[2].y"];
        Assert.Equal(names, SlotNames(indicator.Schema["V"]));
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3, 2), indicator.Schema["V"].Type);

        var bag = _ml.Transforms.Categorical.OneHotEncoding("V", "W", OneHotEncodingEstimator.OutputKind.Bag).Fit(view).Transform(view);
        Assert.Equal(counts, bag.GetColumn<float[]>("V"));
    }

    [Fact]
    public void Numbers_name_their_slots_as_text()
    {
        var view = _ml.Data.LoadFromEnumerable(new[] { 5f, 0.5f }.Select(x => new NumberRow { X = x }));
        string[] names = ["5", "0.5"];
        Assert.Equal(names, SlotNames(_ml.Transforms.Categorical.OneHotEncoding("V", "X").Fit(view).GetOutputSchema(view.Schema)["V"]));
    }

    [Fact]
    public void Keys_of_keys_stand_for_the_same_values()
    {
        var view = View("c", "a", "b");
        var again = _ml.Transforms.Conversion.MapValueToKey("K", "T", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(_ml.Transforms.Conversion.MapValueToKey("Again", "K")).Append(_ml.Transforms.Conversion.MapKeyToValue("Back", "Again")).Fit(view).Transform(view);
        uint[] keys = [1, 2, 3];
        string[] values = ["c", "a", "b"];
        Assert.Equal(keys, again.GetColumn<uint>("Again"));
        Assert.Equal(values, again.GetColumn<string>("Back"));
        string[] slots = ["c", "a", "b"];
        Assert.Equal(slots, SlotNames(_ml.Transforms.Categorical.OneHotEncoding("V", "K").Fit(again).GetOutputSchema(again.Schema)["V"]));
    }

    [Fact]
    public void The_output_can_be_the_key_itself()
    {
        uint[] expected = [1, 2, 1];
        Assert.Equal(expected, Keys(_ml.Transforms.Categorical.OneHotEncoding("K", "T", OneHotEncodingEstimator.OutputKind.Key), View("b", "a", "b")));
    }

    [Fact]
    public void Keys_of_the_data_itself_become_vectors()
    {
        var view = _ml.Data.LoadFromEnumerable((KeyRow[])[new() { K = 0 }, new() { K = 2 }]);
        var vectors = _ml.Transforms.Conversion.MapKeyToVector("V", "K").Fit(view).Transform(view);
        float[][] expected = [[1, 0, 0], [0, 0, 1]];
        Assert.Equal(expected, vectors.GetColumn<float[]>("V"));
        Assert.False(vectors.Schema["V"].HasSlotNames());
    }

    private static uint[] Keys(IEstimator<ITransformer> step, IDataView view) => [.. step.Fit(view).Transform(view).GetColumn<uint>("K")];

    private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString());
    }

    private IDataView View(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select(text => new TextRow { T = text }));

    private sealed class TextRow
    {
        public string T { get; set; } = "";
    }

    private sealed class NumberRow
    {
        public float X { get; set; }
    }

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint K { get; set; }
    }

    private sealed class WordsRow
    {
        [VectorType(3)]
        public string[] W { get; set; } = [];
    }
}
