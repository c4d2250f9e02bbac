using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

public sealed class TableNetworkTests : IDisposable
{
    // two columns of categories and a number of 7 tokens, two of which have two cells
    private static readonly TokenColumn[] Columns =
    [
        Categories("a", 0, 3),
        new("n", 1, 2, [1, 2, 3, 4, 3, 2, 1], [[1], [0.25f, 1], [1], [1], [0.5f, 1], [1], [1]], [[0], [-1, -2], [0], [-3], [-4, -5], [0], [0]], [.. Enumerable.Repeat(true, 6), false]) 
        {
            Missing = 6,
            Numbers = new NumberCells([[], [], [], [], [], [], []], [[], [], [], [], [], [], []], [[0], [1, 2], [3], [4], [5, 6], [7], []], [[], [], [], [], [], [], []], 0, 1),
        },
        Categories("b", 3, 2),
    ];

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);
    private readonly TableNetwork _network;

    public TableNetworkTests()
    {
        var spans = new FeatureSpan[] { new("a", 0, 1, SpanKind.Token, 3), new("n", 1, 1, SpanKind.Token, 7), new("n", 2, 1, SpanKind.Position), new("b", 3, 1, SpanKind.Token, 2) };
        var input = new NetworkInput(spans, new float[4], [1, 1, 1, 1], ConditionSize: 0, Rows: 100) { TokenColumns = Columns };
        _network = new TableNetwork(new TableOptions { InputColumnNames = ["a", "n", "b"], HiddenSize = 16, ColumnHiddenSize = 8 }, input, new Initializer(_generator, CPU));
        foreach (var (_, parameter) in _network.named_parameters()) parameter.requires_grad_(false).add_(empty_like(parameter).normal_(0, 0.3, _generator));
    }

    public void Dispose()
    {
        _network.Dispose();
        _generator.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void TheChancesOfAllRowsSumToOne()
    {
        double sum = 0;
        foreach (var row in Rows())
        {
            var within = Columns[1].LogWithin[(int)row[1]][0];
            sum += Math.Exp(_network.LogDensity(tensor(row).view(1, -1), null).item<float>() - within);
        }
        Assert.Equal(1, sum, 1e-4);
    }

    [Fact]
    public void ThePositionChoosesTheCell()
    {
        float Density(float position) => _network.LogDensity(tensor(new float[] { 0, 1, position, 0 }).view(1, -1), null).item<float>();
        Assert.Equal(1, Density(0.1f) - Density(0.9f), 1e-4);
        Assert.Equal(Density(0), Density(0.2499f), 1e-5);
        Assert.Equal(Density(0.25f), Density(0.99f), 1e-5);
    }

    [Fact]
    public void OutsideTheDensityIsLessAndAllElseAsForTheNearestNumber()
    {
        float[] nearest = Densities(1), outside = Densities(1.75f);
        Assert.Equal(nearest[1] + 2 * Math.Log(0.25), outside[1], 1e-4);
        Assert.Equal(nearest[0], outside[0]);
        Assert.Equal(nearest[2], outside[2]);

        float[] Densities(float token) => _network.ColumnLogDensities(tensor(new[] { 0, token, 0.3f, 0 }).view(1, -1), null).ToFloats();
    }

    [Fact]
    public void ColumnsAddUpToTheDensity()
    {
        var x = tensor(Rows().SelectMany(row => row).ToArray()).view(-1, 4);
        var columns = _network.ColumnLogDensities(x, null);
        Assert.Equal([42, 3], columns.shape);
        Assert.True(columns.sum(-1).allclose(_network.LogDensity(x, null), 1e-5, 1e-5));
    }

    [Fact]
    public void DrawsAgreeWithTheDensity()
    {
        const int Draws = 200_000;
        var counts = new Dictionary<(float, float, float), int>();
        float[] drawn = _network.Sample(Draws, null, _generator).ToFloats();
        for (int i = 0; i < drawn.Length; i += 4)
        {
            var key = (drawn[i], drawn[i + 1], drawn[i + 3]);
            counts[key] = counts.GetValueOrDefault(key) + 1;
            Assert.InRange(drawn[i + 2], 0, 0.9999999f);
        }
        foreach (var row in Rows())
        {
            double chance = Math.Exp(_network.LogDensity(tensor(row).view(1, -1), null).item<float>() - Columns[1].LogWithin[(int)row[1]][0]);
            double deviation = Math.Sqrt(chance * (1 - chance) / Draws);
            double share = counts.GetValueOrDefault((row[0], row[1], row[3])) / (double)Draws;
            Assert.True(Math.Abs(share - chance) < 5 * deviation + 1e-5, $"{string.Join(", ", row)}: {share} instead of {chance}");
        }
    }

    [Fact]
    public void WhatIsKnownStaysAndNoMissingValueIsFilledIn()
    {
        var x = tensor(new float[] { 2, 0, 0, 1 }).view(1, -1).expand(500, -1).contiguous();
        var known = tensor(new float[] { 1, 0, 0, 1 }).view(1, -1).expand(500, -1).contiguous();
        float[] drawn = _network.Impute(x, known, null, _generator).ToFloats();
        for (int i = 0; i < drawn.Length; i += 4)
        {
            Assert.Equal((2f, 1f), (drawn[i], drawn[i + 3]));
            Assert.NotEqual(6, drawn[i + 1]);
        }
        Assert.True(drawn.Where((_, i) => i % 4 == 1).Distinct().Count() > 2);
    }

    [Fact]
    public void WhatIsRestrictedToSomeTokensIsDrawnAsAmongAllDraws()
    {
        // the last column comes first in the order, so that restricting it is conditioning on it
        const int Draws = 200_000;
        var half = new TokenRestriction(2, [(new TokenPart(0, 0, MathF.BitDecrement(0.25f)), 0.25), (TokenPart.Whole(1), 1)], replaces: false, (_, _) => true);
        var shares = new TokenRestriction(2, [(TokenPart.Whole(0), 0.75), (TokenPart.Whole(1), 0.25)], replaces: true, (_, _) => true);
        foreach (var restriction in new[] { half, shares })
        {
            var drawn = _network.SampleEvenly(Draws, null, null, new DrawTerms { Restrictions = [null, null, restriction] }, _generator).ToFloats();
            var counts = Enumerable.Range(0, Draws).CountBy(i => (drawn[4 * i], drawn[4 * i + 1], drawn[4 * i + 3])).ToDictionary();
            double[] marginal = [.. Enumerable.Range(0, 2).Select(b => Rows().Where(row => row[3] == b).Sum(Chance))];
            double[] wanted = restriction.Replaces ? [.. restriction.Weights] : [.. marginal.Select((chance, b) => chance * restriction.Weights[b] / marginal.Zip(restriction.Weights, (c, w) => c * w).Sum())];
            foreach (var row in Rows())
            {
                double chance = Chance(row) / marginal[(int)row[3]] * wanted[(int)row[3]], share = counts.GetValueOrDefault((row[0], row[1], row[3])) / (double)Draws;
                Assert.True(Math.Abs(share - chance) < 5 * Math.Sqrt(chance * (1 - chance) / Draws) + 1e-5, $"{string.Join(", ", row)}: {share} instead of {chance}");
            }
        }

        double Chance(float[] row) => Math.Exp(_network.LogDensity(tensor(row).view(1, -1), null).item<float>() - Columns[1].LogWithin[(int)row[1]][0]);
    }

    [Fact]
    public void SeveralRestrictionsGiveTheRowsForWhichAllHold()
    {
        // the two columns that come first, in their order: the last is restricted most
        const int Draws = 200_000;
        var b = new TokenRestriction(2, [(new TokenPart(0, 0, MathF.BitDecrement(0.25f)), 0.25), (new TokenPart(1, 0, MathF.BitDecrement(0.5f)), 0.5)], replaces: false, (_, _) => true);
        var a = new TokenRestriction(3, [(new TokenPart(0, 0, MathF.BitDecrement(0.25f)), 0.25), (TokenPart.Whole(2), 1)], replaces: false, (_, _) => true);
        double Chance(float[] row) => Math.Exp(_network.LogDensity(tensor(row).view(1, -1), null).item<float>() - Columns[1].LogWithin[(int)row[1]][0]) * a.Weights[(int)row[0]] * b.Weights[(int)row[3]];
        var drawn = _network.SampleEvenly(Draws, null, null, new DrawTerms { Restrictions = [a, null, b] }, _generator).ToFloats();
        var counts = Enumerable.Range(0, Draws).CountBy(i => (drawn[4 * i], drawn[4 * i + 1], drawn[4 * i + 3])).ToDictionary();
        double all = Rows().Sum(Chance);
        foreach (var row in Rows())
        {
            double chance = Chance(row) / all, share = counts.GetValueOrDefault((row[0], row[1], row[3])) / (double)Draws;
            Assert.True(Math.Abs(share - chance) < 5 * Math.Sqrt(chance * (1 - chance) / Draws) + 1e-5, $"{string.Join(", ", row)}: {share} instead of {chance}");
        }
    }

    [Fact]
    public void WhatIsMostLikelyIsThatOfEachHoleByItself()
    {
        var x = tensor(new float[] { 0, 3, 0, 1, 2, 0, 0, 0 }).view(2, 4);
        var known = tensor(new float[] { 0, 1, 1, 1, 1, 0, 0, 1 }).view(2, 4);
        float[] filled = _network.MostLikely(x, known, null).ToFloats();
        Assert.Equal([3f, 0, 1, 2], filled[1..5]);
        Assert.Equal(0, filled[7]);
        // the most frequent of many draws
        const int Draws = 20_000;
        float[] Drawn(int row) => _network.Impute(x.narrow(0, row, 1).expand(Draws, -1), known.narrow(0, row, 1).expand(Draws, -1), null, _generator).ToFloats();
        Assert.Equal(Drawn(0).Where((_, i) => i % 4 == 0).CountBy(token => token).MaxBy(count => count.Value).Key, filled[0]);
        // half of the draws lie below; tokens are in the order of the numbers
        float[] second = Drawn(1);
        float[] places = [.. Enumerable.Range(0, Draws).Select(i => second[4 * i + 1] + second[4 * i + 2]).Order()];
        Assert.InRange(filled[5] + filled[6], places[(int)(0.48 * Draws)], places[(int)(0.52 * Draws)]);
    }

    // tokens, and a position in the first cell
    private static IEnumerable<float[]> Rows() =>
        from a in Enumerable.Range(0, 3)
        from n in Enumerable.Range(0, 7)
        from b in Enumerable.Range(0, 2)
        select new float[] { a, n, 0, b };

    private static TokenColumn Categories(string name, int token, int count) => new(
        name, token, null, [.. Enumerable.Repeat(5f, count)], [.. Enumerable.Repeat(new[] { 1f }, count)], [.. Enumerable.Repeat(new float[1], count)], new bool[count]);
}
