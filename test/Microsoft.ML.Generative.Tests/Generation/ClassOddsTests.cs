using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Tests.Generation;

public class ClassOddsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView View(params LabelledRow[] rows) => _ml.Data.LoadFromEnumerable(rows);

    private static LabelCensus Census(IDataView view, string label) => LabelCensus.Take(view, view.Schema[label], null);

    [Theory]
    [InlineData("Label")]
    [InlineData("Class")]
    [InlineData("Key")]
    public void RowsOnTheSideOfTheirClassHaveTheBetterOdds(string label)
    {
        var random = new Random(1);
        var real = View([.. Enumerable.Range(0, 400).Select(i => At(i % 2, Rows.Normal(random) + 2 * (i % 2)))]);
        var odds = new ClassOdds(_ml, real, Census(real, label), ["Features"], null);

        // two normal distributions, 2 apart, equally often: p(class 1 | x) = 1 / (1 + exp(2 − 2x)); the slope is shrunk a little by the penalty
        var probabilities = odds.Log(View([.. new[] { -2.0, 1, 4 }.Select(x => At(0, x))]), number: 1).Select(odd => Math.Exp(odd)).ToArray();
        Assert.InRange(probabilities[0], 0, 0.03);
        Assert.InRange(probabilities[1], 0.35, 0.65);
        Assert.InRange(probabilities[2], 0.97, 1.001);
        Assert.Equal(1, odds.Log(View(At(0, 1)), 0).Concat(odds.Log(View(At(0, 1)), 1)).Sum(odd => Math.Exp(odd)), 1e-3);
    }

    private static LabelledRow At(int label, double x)
    {
        var row = LabelledRow.Row(label, (float)x);
        row.Features[1] = 0;   // which would give the class away
        return row;
    }

    [Fact]
    public void TheModelsOwnOddsFollowBayesRule()
    {
        // equal features tell the linear classifier the shares of the classes only, 0.75 and 0.25
        var real = View([.. Enumerable.Range(0, 40).Select(i => new LabelledRow { Label = i % 4 == 0, Features = [1, 1] })]);
        var odds = new ClassOdds(_ml, real, Census(real, "Label"), ["Features"], new DensityModel());
        var candidates = View([.. new[] { -1f, 1, 3 }.Select(x => new LabelledRow { Features = [x, 1], Label = true })]);

        const double Floor = 1e-4;
        var expected = new[] { -1.0, 1, 3 }.Select(x =>
        {
            double rare = 0.25 * Math.Exp(-x * x), common = 0.75 * Math.Exp(-(x - 2) * (x - 2));
            return Math.Log(0.25 + Floor) + Math.Log(rare / (rare + common) + Floor);
        });
        var actual = odds.Log(candidates, Census(real, "Label").Names.ToList().IndexOf("True"));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 0.02));
    }

    [Fact]
    public void RowsAreTakenInProportionToTheirWeights() => Prop.ForAll(Choices().ToArbitrary(), choice =>
    {
        double total = choice.Weights.Sum();
        int[] times = ResampledView.Choose([.. choice.Weights.Select(w => Math.Log(w))], choice.Rows, new Random(choice.Seed));
        return times.Sum() == choice.Rows && times.Zip(choice.Weights).All(pair => Math.Abs(pair.First - choice.Rows * pair.Second / total) < 1 + 1e-6);
    }).QuickCheckThrowOnFailure();

    private static Gen<(double[] Weights, int Rows, int Seed)> Choices() =>
        from count in Gen.Choose(1, 60)
        from weights in Gen.ArrayOf(Gen.Choose(1, 1_000_000).Select(x => x * 1e-4), count)
        from rows in Gen.Choose(0, 300)
        from seed in Gen.Choose(0, 1000)
        select (weights, rows, seed);

    [Fact]
    public void AViewRepeatsTheRowsThatWereChosen()
    {
        var view = new ResampledView(View([.. LabelledRow.Of(5)]), [0, 2, 1, 0, 3]);
        Assert.Equal([1, 1, 2, 4, 4, 4], view.GetColumn<float[]>("Features").Select(row => row[0]));
        Assert.Equal(6, view.GetRowCount());
    }

    [Fact]
    public void SelectivityMovesSyntheticRowsAwayFromTheCommonClass()
    {
        // common rows at 0 ± 1, rare ones at 1 ± 1: where they overlap, most rows are common
        var random = new Random(2);
        var rows = Enumerable.Range(0, 1000).Select(i => new LabelledRow { Label = i % 10 == 0, Features = [(float)Rows.Normal(random) + (i % 10 == 0 ? 1 : 0), 0] });
        var view = View([.. rows]);
        var generator = new FakeGenerator();
        double plain = SyntheticMean(0), selective = SyntheticMean(1), strict = SyntheticMean(3);

        Assert.InRange(plain, 0.7, 1.3);
        Assert.True(selective > plain + 0.5 && strict > selective + 0.3, $"{plain}, {selective}, {strict}");
        Assert.Contains("vary 100 rows into 800 at 0 of True (Boolean)", generator.Diary);
        Assert.Contains("vary 100 rows into 3200 at 0 of True (Boolean)", generator.Diary);

        double SyntheticMean(double selectivity)
        {
            var options = new OversampleOptions { Selectivity = selectivity, Temperature = 0 };
            var augmented = new OversamplingEstimator(_ml, generator, options).Fit(view).Transform(view);
            Assert.Equal(1800, augmented.GetColumn<bool>("Label").Count());
            return augmented.GetColumn<float[]>("Features").Skip(1000).Average(row => row[0]);
        }
    }

    /// <summary>A model given the label: log-density −x² for true, −(x − 2)² for false.</summary>
    private sealed class DensityModel : IGenerativeTransformer, ILogDensityColumn, IBatchModel
    {
        public string LogDensityColumnName => "LogDensity";

        public IDataView AddForComparison(IDataView rows) => Transform(rows);

        public IReadOnlyList<string> InputColumns => ["Features", "Label"];

        public IReadOnlyList<OutputColumn> Outputs { get; } = [new("LogDensity", NumberDataViewType.Single, 1)];

        public int InputWidth => 3;

        public void Check(DataViewSchema schema)
        {
        }

        public IRowEncoder CreateEncoder(DataViewRow row) => new Encoder(row);

        public void Compute(float[] encoded, int rows, float[]?[] results)
        {
            for (int i = 0; i < rows; i++) results[0]![i] = -MathF.Pow(encoded[3 * i] - (encoded[3 * i + 2] == 1 ? 0 : 2), 2);
        }

        public bool IsRowToRowMapper => true;

        public IDataView Transform(IDataView input) => new ScoringDataView(input, this);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new RowMapper(this, inputSchema);

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => throw new NotSupportedException();

        public IDataView Sample(long rows, int? seed = null, SampleOptions? options = null) => throw new NotSupportedException();

        public IDataView Vary(IDataView source, long rows, int? seed = null, SampleOptions? options = null) => throw new NotSupportedException();

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        private sealed class Encoder(DataViewRow row) : IRowEncoder
        {
            private readonly IRowEncoder _features = new VectorColumn("Features", 2, null).CreateEncoder(row);
            private readonly ValueGetter<bool> _label = row.GetGetter<bool>(row.Schema["Label"]);

            public void Encode(Span<float> destination)
            {
                bool label = false;
                _label(ref label);
                _features.Encode(destination[..2]);
                destination[2] = label ? 1 : 0;
            }
        }
    }
}
