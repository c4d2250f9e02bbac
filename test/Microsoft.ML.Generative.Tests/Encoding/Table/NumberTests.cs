using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

public sealed class NumberTests
{
    private static readonly TableEncodingOptions Defaults = new();

    private static TokenColumn Tokens(TableColumn column) => column.TokenColumns(0).Single();

    /// <summary>Columns of several kinds, by name.</summary>
    private static double[] Make(string kind, int rows, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(i => kind switch
        {
            "real" => Rows.Normal(random) * 3 + 1 / 3.0,
            "skewed" => Math.Exp(2 * Rows.Normal(random)),
            "zeros and a cap" => random.NextDouble() switch { < 0.4 => 0, < 0.5 => 1000.5, _ => random.NextDouble() * 1000 },
            "cents" => Math.Round(1000 * random.NextDouble() * random.NextDouble(), 2),
            "quarters" => Math.Round(400 * random.NextDouble()) / 4,
            "heaped" => random.Next(3) == 0 ? Math.Round(5000 * random.NextDouble()) : 100 * Math.Round(50 * random.NextDouble()),
            "hundreds" => 17 + 100 * Math.Round(3000 + 800 * Rows.Normal(random)),
            "few" => Math.Round(Math.Abs(8 * Rows.Normal(random))),
            "clusters" => random.Next(2) * 1000 + random.NextDouble(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        })];
    }

    public static TheoryData<string> Kinds => ["real", "skewed", "zeros and a cap", "cents", "quarters", "heaped", "hundreds", "few", "clusters"];

    private static bool IsOnGrid(string kind) => kind is "cents" or "quarters" or "heaped" or "hundreds" or "few";

    [Theory]
    [MemberData(nameof(Kinds))]
    public void WhatIsDrawnFromATokenIsEncodedAsThatToken(string kind)
    {
        foreach (int rows in new[] { 12, 100, 3000 })
        {
            var values = Make(kind, rows);
            var column = Coding.Learn(Coding.View(values));
            var random = new Random(2);
            var tokens = Enumerable.Range(0, 2000).Select(i => column.Width == 1
                ? new float[] { i % column.Codes[0].Categories }
                : [i % column.Codes[0].Categories, i % 7 == 0 ? 0 : i % 11 == 0 ? MathF.BitDecrement(1) : MathF.Min(random.NextSingle(), MathF.BitDecrement(1))]).ToList();
            var drawn = Coding.Decode<double>(column, tokens);
            var again = Coding.Encode(column, Coding.View(drawn));
            Assert.Equal(tokens.Select(token => token[0]), again.Select(token => token[0]));
            Assert.All(again, token => Assert.InRange(token[^1], 0, column.Width == 1 ? float.MaxValue : MathF.BitDecrement(1)));
            Assert.All(drawn, value => Assert.InRange(value, values.Min(), values.Max()));
            // and the position leads back to the value, or, for real numbers, close to it
            var twice = Coding.Decode<double>(column, again);
            double near = IsOnGrid(kind) ? 0 : 1e-4 * (values.Max() - values.Min());
            Assert.All(drawn.Zip(twice), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, near));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ValuesComeBackWithinTheirCells(string kind)
    {
        var values = Make(kind, 3000);
        var column = Coding.Learn(Coding.View(values));
        var encoded = Coding.Encode(column, Coding.View(values));
        var decoded = Coding.Decode<double>(column, encoded);
        double near = IsOnGrid(kind) ? 0 : 1e-5 * (values.Max() - values.Min());
        var moved = values.Zip(decoded).Where(pair => Math.Abs(pair.First - pair.Second) > near).Select(pair => pair.First).ToList();
        var rows = values.GroupBy(value => value).ToDictionary(same => same.Key, same => same.Count());
        Assert.DoesNotContain(moved, value => rows[value] >= Defaults.LeastRows);
        Assert.InRange(moved.Count, 0, kind is "quarters" ? 100 : 2 * Defaults.LeastRows);   // the outermost; and the odd one among numbers that many rows have
        // tokens count their rows
        var counts = encoded.GroupBy(row => (int)row[0]).ToDictionary(same => same.Key, same => same.Count());
        Assert.All(Enumerable.Range(0, Tokens(column).Categories), token => Assert.InRange(counts.GetValueOrDefault(token) - Tokens(column).Counts[token], -5, 5));
        Assert.Equal(3000, Tokens(column).Counts.Sum(), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DrawsAreDistributedAsTheRows(string kind)
    {
        var values = Make(kind, 5000);
        var drawn = Coding.Draw<double>(Coding.Learn(Coding.View(values)), 20_000);
        Assert.InRange(KolmogorovSmirnov(values, drawn), 0, 0.02);   // 1 % is the noise of the draws alone
        double[] Shares(double[] rows) => [rows.Count(value => value == 0) / (double)rows.Length, rows.Count(value => value == 1000.5) / (double)rows.Length];
        Assert.All(Shares(values).Zip(Shares(drawn)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.015));
    }

    [Theory]
    [InlineData("cents", 100, 0)]
    [InlineData("quarters", 4, 0)]
    [InlineData("hundreds", 0.01, 17)]
    [InlineData("few", 1, 0)]
    public void TheGridIsKept(string kind, double perUnit, double offset)
    {
        var drawn = Coding.Draw<double>(Coding.Learn(Coding.View(Make(kind, 3000))), 3000);
        Assert.All(drawn, value => Assert.Equal(Math.Round((value - offset) * perUnit) / perUnit + offset, value));
    }

    [Theory]
    [InlineData("real")]
    [InlineData("skewed")]
    [InlineData("zeros and a cap")]
    [InlineData("clusters")]
    public void NoRealNumberOfOneRowIsCopied(string kind)
    {
        foreach (int rows in new[] { 7, 60, 3000 })
        {
            var values = Make(kind, rows);
            var own = values.GroupBy(value => value).Where(same => same.Count() == 1).Select(same => same.Key).ToHashSet();
            var drawn = Coding.Draw<double>(Coding.Learn(Coding.View(values)), 5000);
            Assert.DoesNotContain(drawn, own.Contains);
        }
    }

    [Theory]
    [InlineData("cents")]
    [InlineData("quarters")]
    [InlineData("heaped")]
    [InlineData("hundreds")]
    [InlineData("few")]
    public void OnAGridANumberOfFewRowsIsOneOfSeveralThatAreDrawnAlike(string kind)
    {
        foreach (int rows in new[] { 12, 60, 500, 3000 })
        {
            var values = Make(kind, rows);
            var counts = values.GroupBy(value => value).ToDictionary(same => same.Key, same => same.Count());
            var code = (NumberCode<double, long>)((ScalarColumn<double, double>)Coding.Learn(Coding.View(values))).Code;
            var cells = code.Cells.Cells;
            foreach (var cell in cells.Where(cell => cell.First == cell.Last && counts.GetValueOrDefault(code.Scale.FromLine(cell.First)) is > 0 and < 5))
            {
                var alike = cells.Where(other => other.Token == cell.Token && Math.Abs(other.Rows / code.Cells.Size(other) / cell.Rows - 1) < 1e-9).ToList();
                Assert.InRange(alike.Sum(code.Cells.Size), 2, double.MaxValue);
                Assert.InRange(alike.Sum(other => other.Rows), Defaults.LeastRows - 1e-9, double.MaxValue);
            }
        }
    }

    [Fact]
    public void TheEndsAreReachedByEnoughRows()
    {
        var values = Make("skewed", 2000);
        var drawn = Coding.Draw<double>(Coding.Learn(Coding.View(values)), 50_000);
        foreach (int sign in new[] { 1, -1 })
            Assert.InRange(values.Count(value => sign * value >= drawn.Max(v => sign * v)), Defaults.LeastRows, Defaults.LeastRows + 1);

        // an end that many rows have is itself kept
        var capped = Coding.Draw<double>(Coding.Learn(Coding.View(values.Select(value => Math.Clamp(value, 0.1, 10)))), 50_000);
        Assert.Equal((0.1, 10), (capped.Min(), capped.Max()));
    }

    [Fact]
    public void ANumberOfFewRowsIsNotGivenBackAmongFewNumbers()
    {
        // 1 to 6 often, 40 and 77 once each: they are counted as the nearest
        var column = Coding.Learn(Coding.View(Enumerable.Range(0, 600).Select(i => 1 + i % 6).Append(40).Append(77)));
        Assert.Equal([100, 100, 100, 100, 100, 102], Tokens(column).Counts);
        Assert.Equal(5, (int)Coding.EncodeOne(column, 77)[0]);
        Assert.Equal([1, 2, 3, 4, 5, 6], Coding.Draw<int>(column, 1000).Distinct().Order());
    }

    [Fact]
    public void AGapBetweenClustersStaysOne()
    {
        var drawn = Coding.Draw<double>(Coding.Learn(Coding.View(Make("clusters", 3000))), 20_000);
        Assert.DoesNotContain(drawn, value => value is > 1.01 and < 999.99);
    }

    [Fact]
    public void FewRowsMakeFewBins()
    {
        int Bins(int rows) => Tokens(Coding.Learn(Coding.View(Make("real", rows)))).Categories;
        Assert.Equal(1, Bins(15));
        Assert.Equal(10, Bins(100));
        Assert.InRange(Bins(1000), 28, 34);
        Assert.Equal(100, Bins(20_000));
    }

    [Fact]
    public void WholeNumbersAreOnAGridAlsoWhereSomeAreAsLargeAsTheTypeCanTell()
    {
        var random = new Random(1);
        float[] incomes = [.. Enumerable.Range(0, 3000).Select(_ => (float)Math.Round(Math.Exp(10 + 2.5 * Rows.Normal(random))))];
        Assert.True(incomes.Max() > 1 << 24);
        Assert.All(Coding.Draw<float>(Coding.Learn(Coding.View(incomes)), 5000), income => Assert.Equal(MathF.Round(income), income));

        // numbers with all digits are not, though each is a decimal number of some
        var code = ((ScalarColumn<float, float>)Coding.Learn(Coding.View(Enumerable.Range(0, 3000).Select(_ => random.NextSingle())))).Code;
        Assert.IsType<NumberCode<float, float>>(code);
    }

    [Fact]
    public void TheLargestNumbersAndTheSmallestAreNumbersLikeOthers()
    {
        var random = new Random(1);
        foreach (double size in new[] { double.MaxValue, 1e-320, 1e200 })
        {
            double[] values = [.. Enumerable.Range(0, 2000).Select(_ => size * (2 * random.NextDouble() - 1))];
            var column = Coding.Learn(Coding.View(values));
            var tokens = Tokens(column);
            Assert.All(Coding.Draw<double>(column, 1000), value => Assert.InRange(value, values.Min(), values.Max()));
            var numbers = tokens.Numbers!;
            Assert.All(numbers.Start.Concat(numbers.Size).Concat(numbers.Below).Concat(numbers.Share).Concat(tokens.LogWithin).SelectMany(cells => cells), number => Assert.True(float.IsFinite(number)));
            Assert.InRange(numbers.Start.SelectMany(cells => cells).Max(), 1.6, 1.8);   // of a uniform distribution, √3
        }
    }

    [Fact]
    public void LargeWholeNumbersAndDatesComeBackToTheLastDigit()
    {
        var random = new Random(1);
        long[] numbers = [.. Enumerable.Range(0, 2000).Select(_ => (1L << 60) + random.Next(1_000_000))];
        var column = Coding.Learn(Coding.View(numbers));
        var decoded = Coding.Decode<long>(column, Coding.Encode(column, Coding.View(numbers)));
        var sorted = numbers.Order().ToList();
        Assert.All(numbers.Zip(decoded), pair => Assert.Equal(Math.Clamp(pair.First, sorted[5], sorted[^6]), Math.Clamp(pair.Second, sorted[5], sorted[^6])));

        var unsigned = Tokens(Coding.Learn(Coding.View(Enumerable.Range(0, 3000).Select(i => (ulong)i % 300)))).Numbers!;
        Assert.Equal((149.5, 86.6), (unsigned.Mean, unsigned.Deviation), (expected, actual) => Math.Abs(expected.Item1 - actual.Item1) < 0.1 && Math.Abs(expected.Item2 - actual.Item2) < 0.1);

        DateTime[] days = [.. Enumerable.Range(0, 2000).Select(_ => new DateTime(2020, 1, 1).AddDays(random.Next(1500)))];
        Assert.All(Coding.Draw<DateTime>(Coding.Learn(Coding.View(days)), 2000), day => Assert.Equal(day.Date, day));
        Assert.Equal(1500 / Math.Sqrt(12), Tokens(Coding.Learn(Coding.View(days))).Numbers!.Deviation, 20.0);   // in days
    }

    [Theory]
    [InlineData("cents", 0.01, 0)]
    [InlineData("quarters", 0.25, 0)]
    [InlineData("hundreds", 100, 17)]
    [InlineData("heaped", 1, 0)]
    public void OnAGridTheChancesWithinATokenAddUpToOne(string kind, double step, double offset)
    {
        var values = Make(kind, 3000);
        var column = Coding.Learn(Coding.View(values));
        var tokens = Tokens(column);
        var points = Enumerable.Range(0, (int)Math.Round((values.Max() - values.Min()) / step) + 1)
            .Select(i => Math.Round(step * (Math.Round((values.Min() - offset) / step) + i) + offset, 2)).ToArray();
        var encoded = Coding.Encode(column, Coding.View(points));
        var sums = new double[tokens.Categories];
        foreach (var (point, row, again) in points.Zip(encoded, Coding.Decode<double>(column, encoded)))
        {
            int token = (int)row[0], cell = Shares.Find(tokens.CellEnds[token], row[1]);
            // a point in no cell is taken for another
            if (point == again) sums[token] += Math.Exp(tokens.LogWithin[token][cell]);
        }
        Assert.All(sums, sum => Assert.Equal(1, sum, 1e-4));
    }

    [Theory]
    [InlineData("real")]
    [InlineData("skewed")]
    [InlineData("zeros and a cap")]
    [InlineData("clusters")]
    public void WithoutAGridTheDensityIsTheChangeOfThePositionWithTheValue(string kind)
    {
        var column = Coding.Learn(Coding.View(Make(kind, 3000)));
        var tokens = Tokens(column);
        for (int token = 0; token < tokens.Categories; token++)
            for (int cell = 0; cell < tokens.CellEnds[token].Length; cell++)
            {
                float low = cell == 0 ? 0 : tokens.CellEnds[token][cell - 1], high = tokens.CellEnds[token][cell];
                float[] positions = [low + 0.25f * (high - low), low + 0.75f * (high - low)];
                var values = Coding.Decode<double>(column, [.. positions.Select(u => new[] { token, u })]);
                if (values[0] != values[1]) Assert.Equal(1, Math.Exp(tokens.LogWithin[token][cell]) * (values[1] - values[0]) / (positions[1] - positions[0]), 1e-3);
            }
    }

    [Theory]
    [InlineData("real")]
    [InlineData("zeros and a cap")]
    [InlineData("heaped")]
    public void RanksOfCellsAreThoseOfTheRows(string kind)
    {
        var values = Make(kind, 3000);
        var column = Coding.Learn(Coding.View(values));
        var numbers = Tokens(column).Numbers!;
        var sorted = values.Order().ToArray();
        foreach (var (value, row) in values.Zip(Coding.Encode(column, Coding.View(values))))
        {
            int token = (int)row[0], cell = Shares.Find(Tokens(column).CellEnds[token], row[1]);
            int below = sorted.Count(v => v < value), upTo = sorted.Count(v => v <= value);
            // the interval of ranks of the value meets that of its cell, but for what a cell's rows are off by, uniform as they are taken to be
            Assert.InRange(numbers.Below[token][cell], 0, upTo / 3000.0 + 0.01);
            Assert.InRange(numbers.Below[token][cell] + numbers.Share[token][cell], below / 3000.0 - 0.01, 1.0001);
        }
        Assert.Equal(values.Average(), numbers.Mean, 0.01 * numbers.Deviation);
        Assert.InRange(numbers.Deviation / Math.Sqrt(values.Select(v => (v - values.Average()) * (v - values.Average())).Average()), 0.98, 1.02);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ANumberIsTheMoreOutsideTheFurtherItIsBeyondTheEnds(string kind)
    {
        var values = Make(kind, 3000);
        var column = Coding.Learn(Coding.View(values));
        double least = Coding.Draw<double>(column, 2000).Min(), most = Coding.Draw<double>(column, 2000).Max(), range = most - least;
        Assert.Equal(0, Outside(column, least));
        Assert.Equal(0, Outside(column, most));
        double[] above = [.. new[] { 0.5, 1, 2, 10, 100 }.Select(t => Outside(column, most + t * range))], below = [.. new[] { 0.5, 1, 2, 10, 100 }.Select(t => Outside(column, least - t * range))];
        Assert.Equal(above.Order(), above);
        Assert.Equal(below.Order(), below);
        Assert.All(above.Concat(below), outside => Assert.InRange(outside, 0.2, 1 - 1e-6));
        if (kind == "real") Assert.Equal(0.1, (1 - above[4]) / (1 - above[3]), 0.02);   // the root of a Lomax density: a tenth at ten times the distance
    }

    [Fact]
    public void FewNumbersOfOtherRowsAreFarOutside()
    {
        var column = Coding.Learn(Coding.View(Make("real", 3000)));
        var encoded = Coding.Encode(column, Coding.View(Make("real", 3000, seed: 2)));
        Assert.InRange(encoded.Count(row => row[0] % 1 > 0.5), 0, 30);
    }

    [Fact]
    public void ANumberThatManyRowsHaveIsFollowedByTheDensityOfOneRow()
    {
        // 400 rows each of 0, 10 and 20; on a grid of tens
        var column = Coding.Learn(Coding.View(Enumerable.Range(0, 1200).Select(i => 10.0 * (i % 3))));
        Assert.Equal(0, Outside(column, 10));
        Assert.Equal(1 - 1 / 20.0 / 2, Outside(column, 30), 1e-5);   // one spacing away, 1/√400 at its beginning
        Assert.Equal(1 - 1 / 20.0 / 4, Outside(column, -30), 1e-5);
    }

    [Fact]
    public void AFrequentRealNumberCountsAsSpreadOverItsSpacing()
    {
        // of three irregular numbers that 100, 200 and 300 rows have, the middle one reaches halfway to both of the others
        double[] numbers = [1 / 3.0, Math.Sqrt(2), Math.PI];
        var column = Coding.Learn(Coding.View(Enumerable.Range(0, 600).Select(i => numbers[i < 100 ? 0 : i < 300 ? 1 : 2])));
        float[] within = [.. Tokens(column).LogWithin.Select(token => token.Single())];
        double[] spacings = [numbers[1] - numbers[0], (numbers[2] - numbers[0]) / 2, numbers[2] - numbers[1]];
        Assert.All(spacings.Zip(within), pair => Assert.Equal(-Math.Log(pair.First), pair.Second, 1e-5));
    }

    private static float Outside(TableColumn column, double value) => Coding.EncodeOne(column, value)[0] % 1;

    private static double KolmogorovSmirnov(double[] a, double[] b)
    {
        Array.Sort(a = [.. a]);
        Array.Sort(b = [.. b]);
        double most = 0;
        foreach (double x in a.Concat(b).Distinct())
            most = Math.Max(most, Math.Abs(UpTo(a, x) - UpTo(b, x)));
        return most;

        static double UpTo(double[] sorted, double x)
        {
            int low = 0, high = sorted.Length;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (sorted[middle] <= x) low = middle + 1;
                else high = middle;
            }
            return low / (double)sorted.Length;
        }
    }
}
