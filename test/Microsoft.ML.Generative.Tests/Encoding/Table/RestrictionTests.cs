using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

/// <summary>What is drawn of restricted tokens is allowed, to the last digit at the ends, and everything that is allowed comes up as often as it would among all draws.</summary>
public sealed class RestrictionTests
{
    private const int Positions = 400;

    public static TheoryData<string> Kinds => ["real", "far", "cents", "quarters", "ages", "zeros and a cap", "missing", "floats"];

    private static double[] Make(string kind)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 3000).Select(i => kind switch
        {
            "real" => Rows.Normal(random) * 3 + 1 / 3.0,
            "floats" => (float)(Rows.Normal(random) * 3 + 1 / 3.0),
            "far" => 1e12 + Rows.Normal(random) * 1e-3,   // of which hardly any bits are left
            "cents" => Math.Round(1000 * random.NextDouble() * random.NextDouble(), 2),
            "quarters" => Math.Round(400 * random.NextDouble()) / 4,
            "ages" => 17 + Math.Round(70 * random.NextDouble() * random.NextDouble()),
            "zeros and a cap" => random.NextDouble() switch { < 0.4 => 0, < 0.5 => 1000.5, _ => random.NextDouble() * 1000 },
            "missing" => random.Next(3) == 0 ? double.NaN : Rows.Normal(random),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        })];
    }

    private static TableColumn Learn(string kind) => kind == "floats"
        ? Coding.Learn(Coding.View(Make(kind).Select(value => (float)value)))
        : Coding.Learn(Coding.View(Make(kind)));

    private static double[] Decode(string kind, TableColumn column, IReadOnlyList<float[]> tokens) => kind == "floats"
        ? [.. Coding.Decode<float>(column, tokens).Select(value => (double)value)]
        : [.. Coding.Decode<double>(column, tokens)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DrawnNumbersAreInTheRangeAndAsOftenAsAmongAllThatAre(string kind)
    {
        var column = Learn(kind);
        double[] values = [.. Make(kind).Where(value => !double.IsNaN(value)).Order()];
        var random = new Random(3);
        foreach (var (low, high) in Enumerable.Range(0, 40).Select(i => (values[random.Next(1000)], values[1000 + random.Next(1000)])).Prepend((values[1500], values[1500])).Prepend((values[200], values[201])))
        {
            TokenRestriction restriction;
            try
            {
                restriction = column.Restrict(0, ColumnConstraint.Between(low, high));
            }
            catch (ArgumentException) when (Array.IndexOf(values, low) + 5 > Array.IndexOf(values, high))
            {
                continue;   // real numbers of less than LeastRows rows need not come up
            }
            for (int token = 0; token < column.Codes[0].Categories; token++)
            {
                if (column.Codes[0].Missing == token) Assert.Equal(0, restriction.Weights[token]);
                double[] drawn = Decode(kind, column, At(token, column.Width, position => position));
                if (column.Codes[0].Missing != token)
                    Assert.InRange(drawn.Count(value => value >= low && value <= high) / (double)Positions, restriction.Weights[token] - 1.01 / Positions, restriction.Weights[token] + 1.01 / Positions);
                if (restriction.Weights[token] == 0) continue;
                double[] placed = Decode(kind, column, At(token, column.Width, position => restriction.Place(token, position)));
                Assert.All(placed, value => Assert.InRange(value, low, high));
                // all through what is allowed of the token
                double[] allowed = [.. drawn.Where(value => value >= low && value <= high)];
                if (allowed.Length > 20) Assert.Equal(allowed.Average(), placed.Average(), 0.1 * (allowed.Max() - allowed.Min()) + 1e-9);
            }
        }
    }

    private static IReadOnlyList<float[]> At(int token, int width, Func<float, float> place) => [.. Enumerable.Range(0, Positions)
        .Select(i => i == 0 ? 0 : i == Positions - 1 ? MathF.BitDecrement(1) : i / (float)Positions)
        .Select(position => width == 1 ? new float[] { token } : [token, place(position)])];

    [Fact]
    public void WholeNumbersAtTheEndsComeUpAsOftenAsTheOthers()
    {
        var column = Coding.Learn(Coding.View(Enumerable.Range(0, 20_000).Select(i => i % 5000)));   // bins of 50 numbers or so
        var restriction = column.Restrict(0, ColumnConstraint.Between(1010, 1019));
        int token = Enumerable.Range(0, restriction.Weights.Count).Single(t => restriction.Weights[t] > 0);
        var counts = Coding.Decode<int>(column, [.. Enumerable.Range(0, 10_000).Select(i => new float[] { token, restriction.Place(token, i / 10_000f) })]).CountBy(value => value).ToList();
        Assert.Equal(Enumerable.Range(1010, 10), counts.Select(count => count.Key).Order());
        Assert.All(counts, count => Assert.InRange(count.Value, 950, 1050));
    }

    [Fact]
    public void PooledCategoriesAreAllowedOneByOne()
    {
        // a token of their own for two, and the others drawn by their frequencies
        var options = new TableEncodingOptions { MostCategories = 2 };
        string[] texts = [.. Enumerable.Repeat("a", 500), .. Enumerable.Repeat("b", 300), .. Enumerable.Repeat("c", 60), .. Enumerable.Repeat("d", 30), .. Enumerable.Repeat("e", 10), .. Enumerable.Repeat("", 100)];
        var column = Coding.Learn(Coding.View(texts), options);
        Assert.Equal([0.0, 1, 0, 0.7], Rounded(column.Restrict(0, ColumnConstraint.OneOf("a", "c", "e"))));
        Assert.Equal([1.0, 0, 1, 0.3], Rounded(column.Restrict(0, ColumnConstraint.NoneOf("a", "c", "e"))));
        Assert.Equal([0.0, 0, 1, 0.3], Rounded(column.Restrict(0, ColumnConstraint.NoneOf("a", "c", "e", ""))));
        Assert.Equal([1.0, 0, 0, 0], Rounded(column.Restrict(0, ColumnConstraint.OneOf(""))));
        Assert.Equal([0.0, 0.25, 0, 0.75], Rounded(column.Restrict(0, ColumnConstraint.Shares(("a", 1), ("c", 1), ("e", 2)))));

        foreach (var (constraint, expected) in new[] { (ColumnConstraint.OneOf("c", "e"), "ce"), (ColumnConstraint.NoneOf("d"), "ce"), (ColumnConstraint.OneOf("d"), "d") })
        {
            var restriction = column.Restrict(0, constraint);
            var drawn = Coding.Decode<ReadOnlyMemory<char>>(column, [.. Enumerable.Range(0, 1000).Select(i => new float[] { 3, restriction.Place(3, i / 1000f) })]);
            Assert.Equal(expected, string.Concat(drawn.Select(text => text.ToString()).Distinct().Order()));
        }
        var shares = column.Restrict(0, ColumnConstraint.Shares(("a", 1), ("c", 1), ("e", 2)));
        Assert.Equal(667, Coding.Decode<ReadOnlyMemory<char>>(column, [.. Enumerable.Range(0, 1000).Select(i => new float[] { 3, shares.Place(3, i / 1000f) })]).Count(text => text.ToString() == "e"), 2.0);

        static double[] Rounded(TokenRestriction restriction) => [.. restriction.Weights.Select(weight => Math.Round(weight, 4))];
    }
}
