using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Polyfills.Tests.MicrosoftML.Transforms;

/// <summary>What every step keeps: the promised schema, its values after a round trip through a file, and laziness.</summary>
public class StepContractTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static readonly Dictionary<string, Func<IEstimator<ITransformer>>> Steps = new()
    {
        ["Concatenate"] = () => Ml.Transforms.Concatenate("Out", "Number", "Vector"),
        ["CopyColumns"] = () => Ml.Transforms.CopyColumns("Out", "Vector"),
        ["DropColumns"] = () => Ml.Transforms.DropColumns("Vector", "Key"),
        ["SelectColumns"] = () => Ml.Transforms.SelectColumns("Text", "Number"),
        ["NormalizeMeanVariance"] = () => Ml.Transforms.NormalizeMeanVariance("Out", "Vector"),
        ["NormalizeMeanVariance, centred"] = () => Ml.Transforms.NormalizeMeanVariance("Out", "Vector", fixZero: false),
        ["NormalizeMinMax"] = () => Ml.Transforms.NormalizeMinMax("Number"),
        ["NormalizeMinMax, double"] = () => Ml.Transforms.NormalizeMinMax("Double", fixZero: false),
        ["NormalizeLogMeanVariance"] = () => Ml.Transforms.NormalizeLogMeanVariance("Out", "Number"),
        ["NormalizeRobustScaling"] = () => Ml.Transforms.NormalizeRobustScaling("Out", "Double"),
        ["MapValueToKey"] = () => Ml.Transforms.Conversion.MapValueToKey("Out", "Text"),
        ["MapValueToKey, numbers"] = () => Ml.Transforms.Conversion.MapValueToKey("Out", "Vector", addKeyValueAnnotationsAsText: true),
        ["MapKeyToVector"] = () => Ml.Transforms.Conversion.MapKeyToVector("Out", "Key"),
        ["MapKeyToValue"] = () => Ml.Transforms.Conversion.MapValueToKey("Out", "Text").Append(Ml.Transforms.Conversion.MapKeyToValue("Back", "Out")),
        ["ConvertType"] = () => Ml.Transforms.Conversion.ConvertType("Out", "Whole", DataKind.Double),
        ["OneHotEncoding"] = () => Ml.Transforms.Categorical.OneHotEncoding("Out", "Text"),
        ["OneHotEncoding, in place"] = () => Ml.Transforms.Categorical.OneHotEncoding("Text"),
        ["OneHotEncoding, bag"] = () => Ml.Transforms.Categorical.OneHotEncoding("Out", "Words", OneHotEncodingEstimator.OutputKind.Bag),
        ["ReplaceMissingValues"] = () => Ml.Transforms.ReplaceMissingValues("Out", "Vector", MissingValueReplacingEstimator.ReplacementMode.Mean),
        ["IndicateMissingValues"] = () => Ml.Transforms.IndicateMissingValues("Out", "Vector"),
        ["CustomMapping"] = () => Ml.Transforms.CustomMapping<SquareIn, SquareOut>(Square.Map, Square.Contract),
    };

    public static TheoryData<string> Names => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_columns_that_come_are_those_that_were_promised(string step)
    {
        var view = View();
        var promised = Promise(view, Steps[step]()).ToDictionary(column => column.Name);
        var schema = Steps[step]().Fit(view).GetOutputSchema(view.Schema);

        foreach (var column in schema.Where(column => !column.IsHidden))
        {
            var promise = promised[column.Name];
            var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
            Assert.Equal(column.Type is VectorDataViewType ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.Scalar, promise.Kind);
            Assert.Equal(item is KeyDataViewType, promise.IsKey);
            Assert.Equal(item.RawType, promise.ItemType.RawType);
            Assert.Equal(column.Annotations.Schema.Select(annotation => annotation.Name).Order(), promise.Annotations.Select(annotation => annotation.Name).Order());
        }
        Assert.Equal(schema.Count(column => !column.IsHidden), promised.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_step_gives_the_same_rows_and_annotations(string step)
    {
        var view = View();
        var transformer = Steps[step]().Fit(view);
        using var file = new MemoryStream();
        Ml.Model.Save(transformer, view.Schema, file);
        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);

        Assert.Equal(Text(transformer.Transform(view)), Text(loaded.Transform(view)));
        Assert.Equal(transformer.GetOutputSchema(view.Schema).Select(Describe), loaded.GetOutputSchema(view.Schema).Select(Describe));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Single_rows_give_what_views_give(string step)
    {
        var view = View();
        var transformer = Steps[step]().Fit(view);
        Assert.True(transformer.IsRowToRowMapper);
        var mapper = transformer.GetRowToRowMapper(view.Schema);
        using var cursor = view.GetRowCursor(mapper.GetDependencies(mapper.OutputSchema));
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var values = mapper.OutputSchema.Where(column => !column.IsHidden).Select(column => ValueText(row, column)).ToList();
        List<string> rows = [];
        while (cursor.MoveNext()) rows.Add(string.Join(" | ", values.Select(value => value())));

        Assert.Equal(Text(transformer.Transform(view)), rows);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_columns_that_are_needed_are_read(string step)
    {
        var view = View();
        var transformed = Steps[step]().Fit(view).Transform(view);
        var column = transformed.Schema["Number"];
        using var cursor = transformed.GetRowCursor([column]);

        Assert.True(cursor.IsColumnActive(column));
        foreach (var other in transformed.Schema.Where(other => other.Index != column.Index))
        {
            Assert.False(cursor.IsColumnActive(other));
            Assert.ThrowsAny<Exception>(() => ValueText(cursor, other));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_column_is_named(string step)
    {
        var view = Ml.Data.LoadFromEnumerable((Nothing[])[new()]);
        var error = Assert.ThrowsAny<ArgumentException>(() => Promise(view, Steps[step]()));
        Assert.Matches("Could not find .*column '(Number|Vector|Vector,Key|Text,Number|Text|Double|Key|Whole|Words)'", error.Message);
        Assert.ThrowsAny<ArgumentException>(() => Steps[step]().Fit(view).Transform(view));
    }

    // an estimator chain asks each link for its schema before it fits it
    private static SchemaShape Promise(IDataView view, IEstimator<ITransformer> step)
    {
        var probe = new Probe(step);
        new EstimatorChain<ITransformer>().Append(probe).Fit(view);
        return probe.Promised!;
    }

    private static List<string> Text(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var values = view.Schema.Where(column => !column.IsHidden).Select(column => ValueText(cursor, column)).ToList();
        List<string> rows = [];
        while (cursor.MoveNext()) rows.Add(string.Join(" | ", values.Select(value => value())));
        return rows;
    }

    private static string Describe(DataViewSchema.Column column) =>
        $"{column.Name}: {column.Type} {string.Join(", ", column.Annotations.Schema.Select(annotation => $"{annotation.Name}: {annotation.Type}"))}";

    private static Func<string> ValueText(DataViewRow row, DataViewSchema.Column column)
    {
        var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        Func<DataViewRow, DataViewSchema.Column, Func<string>> read = column.Type is VectorDataViewType ? Vector<int> : Scalar<int>;
        return (Func<string>)read.Method.GetGenericMethodDefinition().MakeGenericMethod(item.RawType).Invoke(null, [row, column])!;
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return $"{value}";
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var value = default(VBuffer<T>);
        return () =>
        {
            getter(ref value);
            return string.Join(" ", value.DenseValues());
        };
    }

    private static IDataView View() => Ml.Data.LoadFromEnumerable((Row[])
    [
        new() { Number = 1, Double = 10, Whole = 3, Text = "b", Words = ["x", "y"], Key = 1, Vector = [1, float.NaN, 0] },
        new() { Number = 2, Double = -5, Whole = -7, Text = "a", Words = ["y", "y"], Key = 0, Vector = [2, 4, 0] },
        new() { Number = 4, Double = 2.5, Whole = 0, Text = "", Words = ["", "z"], Key = 2, Vector = [3, 8, 0] },
    ]);

    private sealed class Probe(IEstimator<ITransformer> step) : IEstimator<ITransformer>
    {
        public SchemaShape? Promised { get; private set; }

        public ITransformer Fit(IDataView input) => step.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Promised = step.GetOutputSchema(inputSchema);
    }

    private sealed class Row
    {
        public float Number { get; set; }

        public double Double { get; set; }

        public int Whole { get; set; }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public string[] Words { get; set; } = [];

        [KeyType(3)]
        public uint Key { get; set; }

        [VectorType(3)]
        public float[] Vector { get; set; } = [];
    }

    private sealed class Nothing
    {
        public bool Flag { get; set; }
    }
}

public sealed class SquareIn
{
    public float Number { get; set; }
}

public sealed class SquareOut
{
    public float Squared { get; set; }
}

/// <summary>A mapping that is found again by its contract.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class Square : CustomMappingFactory<SquareIn, SquareOut>
{
    public const string Contract = "square of a number";

    public static void Map(SquareIn input, SquareOut output) => output.Squared = input.Number * input.Number;

    public override Action<SquareIn, SquareOut> GetMapping() => Map;
}
