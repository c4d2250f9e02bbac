using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovNetwork;

/// <summary>What can be asked of a Markov network: rows with given values, under constraints, at a temperature; marginals, and what is most likely. All of it follows from the densities of all
/// rows that there can be.</summary>
public sealed class AskedNetworkTests(AskedNetworkTests.Networks networks) : IClassFixture<AskedNetworkTests.Networks>
{
    private const int Drawn = 20_000;

    private readonly MLContext _ml = new(1);

    /// <summary>The same edges with exact inference, and without.</summary>
    public sealed class Networks : IDisposable
    {
        public Networks()
        {
            var ml = new MLContext(1);
            var options = new MarkovNetworkOptions { InputColumnNames = ["Colour", "Size", "IsOld", "Marks"], Structure = MarkovStructure.Complete, Training = new() { Steps = 300 }, BurnIn = 40, AnnealingSteps = 300 };
            var view = ml.Data.LoadFromEnumerable(Item.Make(3000));
            Exact = ml.Generative.TrainMarkovNetwork(options).Fit(view);
            Sampled = ml.Generative.TrainMarkovNetwork(options with { MostTableEntries = 4 }).Fit(view);
        }

        public GenerativeTransformer Exact { get; }

        public GenerativeTransformer Sampled { get; }

        public void Dispose()
        {
            Exact.Dispose();
            Sampled.Dispose();
        }
    }

    public sealed class Item
    {
        public string Colour { get; set; } = "";

        public float Size { get; set; }

        public bool IsOld { get; set; }

        [VectorType(2)]
        public float[] Marks { get; set; } = [];

        public static readonly string[] Colours = ["blue", "green", "red"];

        /// <summary>Columns that depend on each other; some have no size.</summary>
        public static List<Item> Make(int rows)
        {
            var random = new Random(5);
            return [.. Enumerable.Range(0, rows).Select(_ =>
            {
                int colour = random.Next(3), size = Math.Min(2, random.Next(2) + colour % 2);
                bool isOld = random.NextDouble() < 0.2 + 0.3 * size;
                float mark = random.NextDouble() < (isOld ? 0.8 : 0.3) ? 1 : 0;
                return new Item { Colour = Colours[colour], Size = random.Next(20) == 0 ? float.NaN : size, IsOld = isOld, Marks = [mark, random.NextDouble() < 0.7 ? mark : 1 - mark] };
            })];
        }

        /// <summary>All rows without a missing value that there can be.</summary>
        public static List<Item> All() => [.. from colour in Colours
                                              from size in new[] { 0f, 1, 2 }
                                              from isOld in new[] { false, true }
                                              from first in new[] { 0f, 1 }
                                              from second in new[] { 0f, 1 }
                                              select new Item { Colour = colour, Size = size, IsOld = isOld, Marks = [first, second] }];

        public (string, float, bool, float, float) Key() => (Colour, Size, IsOld, Marks[0], Marks[1]);
    }

    private GenerativeTransformer Model(bool isExact)
    {
        var model = isExact ? networks.Exact : networks.Sampled;
        Assert.Equal(isExact ? DensityKind.Exact : DensityKind.Estimate, model.DensityKind);
        return model;
    }

    /// <summary>Chances of all rows, times weights of theirs.</summary>
    private Dictionary<(string, float, bool, float, float), double> Chances(GenerativeTransformer model, Func<Item, double> weight, double power = 1)
    {
        var all = Item.All();
        var weighted = all.Zip(Models.Floats(model.Transform(_ml.Data.LoadFromEnumerable(all)), "LogDensity"), (item, density) => (Key: item.Key(), Chance: Math.Exp(power * density) * weight(item))).ToList();
        double sum = weighted.Sum(row => row.Chance);
        return weighted.ToDictionary(row => row.Key, row => row.Chance / sum);
    }

    private List<Item> Read(IDataView view) => [.. _ml.Data.CreateEnumerable<Item>(view, reuseRowObject: false)];

    private static void AssertShares(Dictionary<(string, float, bool, float, float), double> chances, List<Item> drawn)
    {
        var shares = drawn.GroupBy(item => item.Key()).ToDictionary(group => group.Key, group => (double)group.Count() / drawn.Count);
        Assert.Empty(shares.Keys.Except(chances.Where(pair => pair.Value > 0).Select(pair => pair.Key)));
        // the mean distance of independent draws is half of the limit at most
        double distance = chances.Sum(pair => Math.Abs(pair.Value - shares.GetValueOrDefault(pair.Key))) / 2;
        Assert.InRange(distance, 0, Math.Sqrt(2 * chances.Values.Count(chance => chance > 0) / (Math.PI * drawn.Count)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void GivenValuesAreKeptAndTheRestIsDrawnGivenThem(bool isExact)
    {
        var model = Model(isExact);
        var given = new Dictionary<string, object> { ["Size"] = 2, ["Marks"] = new[] { 1f, 0f } };
        AssertShares(Chances(model, item => item is { Size: 2, Marks: [1, 0] } ? 1 : 0), [.. Read(model.Sample(Drawn, 1, new() { Given = given }))]);

        // row by row; holes are filled
        var rows = _ml.Data.LoadFromEnumerable(new[] { new { Size = 1f, IsOld = true }, new { Size = float.NaN, IsOld = false } });
        var drawn = Read(model.Sample(Drawn, rows, seed: 1));
        AssertShares(Chances(model, item => item is { Size: 1, IsOld: true } ? 1 : 0), [.. drawn.Where((_, i) => i % 2 == 0)]);
        AssertShares(Chances(model, item => item.IsOld ? 0 : 1), [.. drawn.Where((_, i) => i % 2 == 1)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ConstraintsHoldTogetherInTheProportionsOfTheModel(bool isExact)
    {
        var model = Model(isExact);
        var drawn = Read(model.Sample(Drawn, 1, new() { Constraints = new Dictionary<string, ColumnConstraint> { ["Colour"] = ColumnConstraint.OneOf("red", "blue"), ["Size"] = ColumnConstraint.Between(1, 2), ["Marks.0"] = ColumnConstraint.OneOf(1f) } }));
        AssertShares(Chances(model, item => item is { Colour: not "green", Size: >= 1, Marks: [1, _] } ? 1 : 0), drawn);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SharesAreMetAndTheRestIsDrawnGivenThem(bool isExact)
    {
        var model = Model(isExact);
        var drawn = Read(model.Sample(Drawn, 1, new() { Constraints = new Dictionary<string, ColumnConstraint> { ["IsOld"] = ColumnConstraint.Shares((true, 0.9), (false, 0.1)), ["Size"] = ColumnConstraint.Between(0, 2) } }));
        Assert.InRange(drawn.Count(item => item.IsOld), 0.89 * Drawn, 0.91 * Drawn);
        foreach (bool isOld in new[] { false, true }) AssertShares(Chances(model, item => item.IsOld == isOld ? 1 : 0), [.. drawn.Where(item => item.IsOld == isOld)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheTemperatureIsThePowerOfTheDensity(bool isExact)
    {
        var model = Model(isExact);
        var known = new Dictionary<string, ColumnConstraint> { ["Size"] = ColumnConstraint.Between(0, 2) };
        AssertShares(Chances(model, _ => 1, power: 2), Read(model.Sample(Drawn, 1, new() { Temperature = 0.5, Constraints = known })));
        var coldest = Read(model.Sample(100, 1, new() { Temperature = 0 }));
        if (isExact) Assert.Equal(Chances(model, _ => 1).MaxBy(pair => pair.Value).Key, Assert.Single(coldest.Select(item => item.Key()).Distinct()));
    }

    [Theory]
    [InlineData(true, 1e-4)]
    [InlineData(false, 0.06)]
    public void MarginalsAndWhatIsMostLikelyFollowFromAllRows(bool isExact, double tolerance)
    {
        var model = Model(isExact);
        var rows = new List<Item>
        {
            new() { Colour = "", Size = 2, IsOld = true, Marks = [float.NaN, 1] },
            new() { Colour = "red", Size = float.NaN, IsOld = false, Marks = [float.NaN, float.NaN] },
        };
        Func<Item, bool>[] isPossible = [item => item is { Size: 2, IsOld: true, Marks: [_, 1] }, item => item is { Colour: "red", IsOld: false }];
        var view = _ml.Data.LoadFromEnumerable(rows);
        var marginals = model.Marginals(view);
        var filled = Read(model.Impute(view, method: ImputationMethod.MostLikely));
        for (int i = 0; i < rows.Count; i++)
        {
            var chances = Chances(model, item => isPossible[i](item) ? 1 : 0);
            double Chance(Func<(string Colour, float Size, bool IsOld, float First, float Second), bool> holds) => chances.Where(pair => holds(pair.Key)).Sum(pair => pair.Value);
            foreach (string colour in Item.Colours) Assert.Equal(Chance(row => row.Colour == colour), Marginal("Colour", colour), tolerance);
            foreach (int size in new[] { 0, 1, 2 }) Assert.Equal(Chance(row => row.Size == size), Marginal("Size", $"{size}"), tolerance);
            foreach (bool isOld in new[] { false, true }) Assert.Equal(Chance(row => row.IsOld == isOld), Marginal("IsOld", $"{isOld}"), tolerance);
            foreach (int mark in new[] { 0, 1 }) Assert.Equal(Chance(row => row.First == mark), Marginal("Marks.0", $"{mark}"), tolerance);
            Assert.Equal(0, Marginal("Size", "(missing)"), 1e-6);
            Assert.Equal(Item.Colours.MaxBy(colour => Chance(row => row.Colour == colour)), filled[i].Colour);
            Assert.Equal(new[] { 0f, 1 }.MaxBy(mark => Chance(row => row.First == mark)), filled[i].Marks[0]);
            Assert.Equal(new[] { 0f, 1, 2 }.First(size => Chance(row => row.Size <= size) >= 0.5), filled[i].Size);
            Assert.Equal(rows[i].IsOld, filled[i].IsOld);

            double Marginal(string variable, string value)
            {
                var column = marginals.Schema[$"{variable}.Probabilities"];
                VBuffer<ReadOnlyMemory<char>> names = default;
                column.GetSlotNames(ref names);
                float[] values = marginals.GetColumn<float[]>(column).ElementAt(i);
                Assert.Equal(1, values.Sum(), 1e-4);
                return values[names.DenseValues().Select(name => name.ToString()).ToList().IndexOf(value)];
            }
        }
    }

    [Fact]
    public void FeaturesThatAreBitsHaveMarginalsToo()
    {
        var truth = SmallNetwork.Grid(seed: 20);
        var rows = LearningTests.RandomRows(truth, 2000, 21).Select(row => new MarkovNetworkTests.Bits { Features = [.. row.Select(token => (float)token)] }).ToList();
        using var model = _ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = MarkovStructure.Grid, GridWidth = 3 }).Fit(_ml.Data.LoadFromEnumerable(rows));
        var all = truth.AllRows().Select(row => row.Select(token => (float)token).ToArray()).ToList();
        float[] densities = Models.Floats(model.Transform(_ml.Data.LoadFromEnumerable(all.Select(row => new MarkovNetworkTests.Bits { Features = row }).ToList())), "LogDensity");
        float[] known = [1, float.NaN, float.NaN, 0, float.NaN, float.NaN, float.NaN, 1, float.NaN];
        var possible = all.Zip(densities).Where(pair => pair.First.Zip(known).All(pair => float.IsNaN(pair.Second) || pair.First == pair.Second)).ToList();
        var marginals = model.Marginals(_ml.Data.LoadFromEnumerable([new MarkovNetworkTests.Bits { Features = known }]));
        for (int v = 0; v < known.Length; v++)
            Assert.Equal(possible.Where(pair => pair.First[v] == 1).Sum(pair => Math.Exp(pair.Second)) / possible.Sum(pair => Math.Exp(pair.Second)), Models.Floats(marginals, $"Features.{v}.Probabilities")[1], 1e-4);

        Assert.Equal("A model of kind 'markov-network' draws by SampleOptions.Given if it has learnt columns of a table. Name them in InputColumnNames instead of FeatureColumnName.",
            Assert.Throws<NotSupportedException>(() => model.Sample(5, 1, new() { Given = new Dictionary<string, object> { ["Features"] = known } })).Message);
    }

    [Fact]
    public void BalancedLabelsCountAlike()
    {
        // a fifth of the rows has the rare label, and depends on the size another way
        var rows = Item.Make(1000).Where(item => !float.IsNaN(item.Size)).Take(900).Select((item, i) => new { Colour = i % 5 == 0 && item.Size > 1 ? "red" : item.Colour, item.Size, Label = i % 5 == 0 }).ToList();
        var repeated = rows.SelectMany(row => Enumerable.Repeat(row, row.Label ? 4 : 1)).ToList();
        var options = new MarkovNetworkOptions { InputColumnNames = ["Colour", "Size"], LabelColumnName = "Label", Structure = MarkovStructure.Complete, Smoothing = 0, Penalty = 0.01 };
        using var plain = _ml.Generative.TrainMarkovNetwork(options).Fit(_ml.Data.LoadFromEnumerable(rows));
        using var balanced = _ml.Generative.TrainMarkovNetwork(options with { Training = new() { BalanceLabels = true } }).Fit(_ml.Data.LoadFromEnumerable(rows));
        using var expected = _ml.Generative.TrainMarkovNetwork(options).Fit(_ml.Data.LoadFromEnumerable(repeated));
        var edges = balanced.MarkovGraph().Edges;
        Assert.Equal(expected.MarkovGraph().Edges[0].Strength, edges[0].Strength, 1e-4);
        Assert.True(Math.Abs(plain.MarkovGraph().Edges[0].Strength - edges[0].Strength) > 0.01);
    }
}
