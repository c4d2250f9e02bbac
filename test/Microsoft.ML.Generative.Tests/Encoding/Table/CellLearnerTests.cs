using System.Numerics;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Tests.Encoding;

/// <summary>What holds of the cells of any numbers, by a few thousand columns made at random: small ones, ties, clusters, extremes of the type.</summary>
public sealed class CellLearnerTests
{
    [Fact]
    public void OfWholeNumbers() => Holds<long>(random => random.Next(6) switch
    {
        0 => random.Next(5), 1 => random.Next(-100, 100), 2 => random.NextInt64(), 3 => random.Next(2) == 0 ? long.MaxValue - random.Next(3) : long.MinValue + random.Next(3), 4 => 7, _ => 1000 * random.Next(20),
    });

    [Fact]
    public void OfRealNumbers() => Holds(random => random.Next(6) switch
    {
        0 => random.Next(5), 1 => random.NextDouble(), 2 => Rows.Normal(random) * 1e300, 3 => random.Next(2) * 1e-310, 4 => 7, _ => 1e6 + Math.Round(random.NextDouble(), 1),
    });

    [Fact]
    public void OfSingleNumbers() => Holds(random => random.Next(5) switch
    {
        0 => random.Next(5), 1 => random.NextSingle(), 2 => (float)Rows.Normal(random) * 1e37f, 3 => 7, _ => 1e6f + random.NextSingle(),
    });

    private static void Holds<T>(Func<Random, T> number) where T : struct, INumber<T>
    {
        for (int seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            // one or two kinds of numbers in a column
            var kinds = new[] { random.Next(), random.Next() };
            T Draw() => number(new Pinned(kinds[random.Next(2)], random.Next()));
            var values = Enumerable.Range(0, 1 + random.Next(random.Next(2) == 0 ? 15 : 300)).Select(_ => Draw()).ToList();
            var counts = values.GroupBy(value => value).OrderBy(same => same.Key).Select(same => (same.Key, (long)same.Count())).ToList();
            var options = new TableEncodingOptions { LeastRows = 1 + random.Next(6), Bins = 1 + random.Next(20), FewValues = random.Next(30), SpikeShare = 0.02 + 0.2 * random.NextDouble() };

            var table = CellLearner<T>.Learn(counts, options);

            Assert.Equal(values.Count, table.Cells.Sum(cell => cell.Rows), 1e-6);
            Assert.Equal(Enumerable.Range(0, table.Count), table.Cells.Select(cell => cell.Token).Distinct().Order());
            Assert.All(table.Cells, cell => Assert.True(cell.First <= cell.Last && cell.Rows > 0));
            Assert.All(table.Cells.Zip(table.Cells.Skip(1)), pair => Assert.True(pair.First.Last < pair.Second.First));
            Assert.All(table.Cells, cell => Assert.True(cell.First >= counts[0].Key && cell.Last <= counts[^1].Key));
            Assert.All(Enumerable.Range(0, table.Count), token => Assert.True(table.Token(token).Sum(cell => cell.Rows) > Math.Min(values.Count, options.LeastRows) - 1e-6));
            foreach (var (value, rows) in counts.Where(count => count.Item2 >= options.LeastRows && table.IsSpike(table.Encode(count.Key).Token)))
                Assert.Equal(value, table.Decode(table.Encode(value).Token, 0));   // a number of enough rows that is a token comes back
            for (int i = 0; i < 50; i++)
            {
                int token = random.Next(table.Count);
                var drawn = table.Decode(token, i == 0 ? 0 : i == 1 ? MathF.BitDecrement(1) : MathF.Min(random.NextSingle(), MathF.BitDecrement(1)));
                var (again, position, _) = table.Encode(drawn);
                Assert.Equal(token, again);
                Assert.InRange(position, 0, MathF.BitDecrement(1));
            }
        }
    }

    // the first number it gives is of the kind, the next ones are as they come
    private sealed class Pinned(int first, int seed) : Random(seed)
    {
        private bool _isFirst = true;

        public override int Next(int maxValue)
        {
            if (!_isFirst) return base.Next(maxValue);
            _isFirst = false;
            return first % maxValue;
        }
    }
}
