using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovChain;

/// <summary>Markov chains over texts and keys.</summary>
public sealed class MarkovChainTests
{
    private static readonly MLContext Ml = new(1);

    public sealed class Line
    {
        public string Sequence { get; set; } = "";
    }

    public sealed class Steps
    {
        [KeyType(3)]
        public uint[] Sequence { get; set; } = [];
    }

    private static IDataView View(params string[] lines) => Ml.Data.LoadFromEnumerable(lines.Select(line => new Line { Sequence = line }).ToList());

    private static float[] LogDensities(MarkovChainTransformer chain, IDataView view) => Models.Floats(chain.Transform(view), "LogDensity");

    // words of a small grammar
    private static string[] Sentences(int count, int seed = 1)
    {
        var random = new Random(seed);
        string[] who = ["the cat", "the dog", "a bird"], does = ["sees", "hears", "likes"];
        return [.. Enumerable.Range(0, count).Select(_ => $"{who[random.Next(3)]} {does[random.Next(3)]} {who[random.Next(3)]}{(random.Next(3) == 0 ? " again" : "")}")];
    }

    [Fact]
    public void ChancesAreThoseOfTheFormula()
    {
        // order 0 of "aab", "ab" with ends: a 3, b 2, end 2; n1 = 0, so that D1 = 0.5, D2 = 1 and D3+ = 1
        var chain = Ml.Generative.TrainMarkovChain(order: 0).Fit(View("aab", "ab"));
        double backOff = 3.0 / 7 / 4;   // three discounts of 1 in 7; a, b, the end and what is unknown
        double a = 2.0 / 7 + backOff, b = 1.0 / 7 + backOff;
        Assert.Equal(Math.Log(a * b * b), LogDensities(chain, View("ab")).Single(), 1e-5);
        Assert.Equal(Math.Log(backOff * b), LogDensities(chain, View("x")).Single(), 1e-5);
    }

    [Fact]
    public void ShorterContextsCountHowManyLongerOnesThereAre()
    {
        // after 'a' always 'b', after 'c' and 'd' always 'x': the longest contexts are those of one symbol
        var counter = new NgramCounter(1, 8, 1000);
        int a = 3, b = 4, c = 5, d = 6, x = 7;
        foreach (int[] run in new[] { new[] { a, b }, [a, b], [a, b], [c, x], [d, x] })
            counter.Add(run, 1);
        var (keys, counts) = counter.Sorted();
        var level = KneserNey.Level(counter, keys, counts, 0, isLast: false);
        Assert.Equal([b, x], level.Follower);
        // b follows one context, x two; n1 = 1, n2 = 1: y = 1/3, D1 = 1 − 2·y·1 = 1/3, D2: no count of 3, so 2 less a little
        Assert.Equal((1 - 1.0 / 3) / 3, level.Share[0], 1e-6);
        Assert.Equal((2 - 1.95) / 3, level.Share[1], 1e-6);
        var last = KneserNey.Level(counter, keys, counts, 0, isLast: true);
        Assert.True(last.Share[0] > last.Share[1]);   // every occurrence counts: 3 against 2
    }

    [Fact]
    public void DiscountsAreThoseOfChenAndGoodman()
    {
        int[] counts = [.. Enumerable.Repeat(1, 100), .. Enumerable.Repeat(2, 40), .. Enumerable.Repeat(3, 20), .. Enumerable.Repeat(4, 10)];
        double y = 100 / 180.0;
        double[] expected = [0, 1 - 2 * y * 40 / 100, 2 - 3 * y * 20 / 40, 3 - 4 * y * 10 / 20];
        Assert.Equal(expected, KneserNey.Discounts(counts), (p, q) => Math.Abs(p - q) < 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void ChancesAddUpToOneAfterEveryContext(int order)
    {
        var chain = Ml.Generative.TrainMarkovChain(order: order).Fit(View(Sentences(40)));
        var trie = chain.Model.Trie;
        var chances = new double[Symbols.FirstLearnt + chain.Symbols.Count];
        var path = new int[order + 1];
        var random = new Random(2);
        for (int trial = 0; trial < 200; trial++)
        {
            int[] before = [.. Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(Symbols.Unknown, chances.Length))];
            var known = path.AsSpan(0, trie.Find(before, before.Length, path));
            trie.Chances(known, chances);
            Assert.Equal(1, chances.Sum(), 1e-5);
            int symbol = random.Next(1, chances.Length);
            Assert.Equal(chances[symbol], trie.Chance(known, symbol), 1e-9);
        }
    }

    [Fact]
    public void TheOrderIsTheOneThatFits()
    {
        // after two symbols the next one is known, after one it is not
        var random = new Random(3);
        string Walk()
        {
            var text = new System.Text.StringBuilder("ab");
            for (int i = 0; i < 60; i++) text.Append((char)('a' + (text[^1] - 'a' + 2 * (text[^2] - 'a') + (random.Next(10) == 0 ? 1 : 0)) % 3));
            return text.ToString();
        }
        var chain = Ml.Generative.TrainMarkovChain().Fit(View([.. Enumerable.Range(0, 300).Select(_ => Walk())]));
        var losses = chain.HeldOutLoss!;
        Assert.Equal(11, losses.Count);
        Assert.Equal(losses.Min(), losses[chain.Order]);
        Assert.True(losses[1] > losses[2] + 0.5);
        Assert.Equal(losses[2], losses.Min(), 0.01);   // what is longer says no more
        Assert.True(losses[10] > losses[2] + 0.01);    // and costs something
        Assert.Null(Ml.Generative.TrainMarkovChain(order: 3).Fit(View(Walk())).HeldOutLoss);
    }

    [Fact]
    public void OddSequencesScoreHigherAndTheShareIsFlagged()
    {
        var chain = Ml.Generative.TrainMarkovChain(new MarkovChainOptions { TextUnit = TextUnit.Words, Order = 2 }).Fit(View(Sentences(500)));
        var scored = chain.Transform(View("the cat sees a bird", "bird a the the", "the cat sees a bird again the dog hears the dog"));
        float[] scores = Models.Floats(scored, "Score"), densities = Models.Floats(scored, "LogDensity");
        Assert.True(scores[1] > 2 * scores[0]);
        Assert.Equal(-densities[0] / 6, scores[0], 1e-5);
        Assert.InRange(chain.Transform(View(Sentences(500))).GetColumn<bool>("PredictedLabel").Count(flag => flag), 20, 50);

        var whole = Ml.Generative.TrainMarkovChain(new MarkovChainOptions { TextUnit = TextUnit.Words, Order = 2, ScorePerSymbol = false }).Fit(View(Sentences(500)));
        Assert.Equal(-densities[2], Models.Floats(whole.Transform(View("the cat sees a bird again the dog hears the dog")), "Score").Single(), 1e-4);
    }

    [Fact]
    public void DrawnSequencesComeAsOftenAsTheyAreLikely()
    {
        var chain = Ml.Generative.TrainMarkovChain(order: 2).Fit(View("ab", "ab", "abb", "ba", "b", "aab"));
        var drawn = Texts(chain.Sample(20_000, seed: 4, new SequenceSampleOptions { MaximumLength = 50 }));
        foreach (string text in new[] { "ab", "b", "ba", "abb" })
        {
            // unknown symbols are drawn again, which makes others a little likelier
            double expected = 20_000 * Math.Exp(LogDensities(chain, View(text)).Single());
            Assert.InRange(drawn.Count(d => d == text), 0.8 * expected - 50, 1.5 * expected + 50);
        }
        Assert.Equal(drawn.Take(100), Texts(chain.Sample(100, seed: 4, new SequenceSampleOptions { MaximumLength = 50 })));
        Assert.NotEqual(drawn.Take(100), Texts(chain.Sample(100, seed: 5)));
    }

    [Fact]
    public void TemperatureTopKPrefixAndLengthAreKept()
    {
        var chain = Ml.Generative.TrainMarkovChain(order: 4).Fit(View(Sentences(200)));
        Assert.All(Texts(chain.Sample(50, 1, new SequenceSampleOptions { Prefix = "the dog", MaximumLength = 12 })), text =>
        {
            Assert.StartsWith("the dog", text, StringComparison.Ordinal);
            Assert.InRange(text.Length, 7, 12);
        });
        Assert.Single(Texts(chain.Sample(50, 1, new SequenceSampleOptions { TopK = 1 })).Distinct());
        Assert.Single(Texts(chain.Sample(50, 1, new SequenceSampleOptions { Temperature = 1e-3 })).Distinct());
        Assert.True(MeanLikelihood(0.5) > MeanLikelihood(1) && MeanLikelihood(1) > MeanLikelihood(2));

        double MeanLikelihood(double temperature) =>
            -Models.Floats(chain.Transform(chain.Sample(200, 2, new SequenceSampleOptions { Temperature = temperature, MaximumLength = 40 })), "Score").Average();
        var error = Assert.Throws<ArgumentException>(() => chain.Sample(1, options: new SequenceSampleOptions { Temperature = 0, TopK = 0, MaximumLength = 0 }));
        Assert.Equal("SequenceSampleOptions: Temperature is 0; it must be above 0. TopK is 0; it must be 1 or more. MaximumLength is 0; it must be 1 or more.", error.Message);
        Assert.Throws<ArgumentException>(() => chain.Sample(1, options: new SequenceSampleOptions { PrefixKeys = [1] }));
    }

    [Fact]
    public void StatesAreVisitedAndHitAsTheMatrixSays()
    {
        // 0 → 1 with p, 1 → 0 with q: shares q/(p+q) and p/(p+q), and 1/p steps from 0 to 1
        double[,] two = { { 0.7, 0.3 }, { 0.2, 0.8 } };
        Assert.Equal([0.4, 0.6], ChainStates.Stationary(two), (p, q) => Math.Abs(p - q) < 1e-12);
        Assert.Equal([1 / 0.3, 0], ChainStates.HittingTimes(two, 1), (p, q) => Math.Abs(p - q) < 1e-12);
        // a walk to and fro between the walls 0 and 4: k·(8 − k) steps from the wall 4 − k … to 0 from n it takes n·(2·4 − n)
        var walk = new double[5, 5];
        for (int i = 1; i < 4; i++) walk[i, i - 1] = walk[i, i + 1] = 0.5;
        walk[0, 1] = walk[4, 3] = 1;
        Assert.Equal([0, 7, 12, 15, 16], ChainStates.HittingTimes(walk, 0), (p, q) => Math.Abs(p - q) < 1e-9);
        Assert.Equal([0.125, 0.25, 0.25, 0.25, 0.125], ChainStates.Stationary(walk), (p, q) => Math.Abs(p - q) < 1e-12);
    }

    [Fact]
    public void KeysHaveStates()
    {
        var random = new Random(6);
        var rows = Enumerable.Range(0, 500).Select(_ => new Steps { Sequence = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (uint)random.Next(1, 4))] }).ToList();
        var chain = Ml.Generative.TrainMarkovChain(order: 1).Fit(Ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(["1", "2", "3"], chain.Symbols);
        var shares = chain.StationaryDistribution();
        double symbols = rows.Sum(row => row.Sequence.Length), all = symbols + rows.Count;
        Assert.Equal(rows.Count / all, shares[MarkovChainTransformer.BoundaryState], 0.01);
        Assert.Equal(rows.Sum(row => row.Sequence.Count(step => step == 2)) / all, shares["2"], 0.01);
        Assert.Equal(0, chain.ExpectedHittingTimes("2")["2"]);
        Assert.InRange(chain.ExpectedHittingTimes("2")["1"], 2, 5);
        Assert.All(chain.Sample(100, 1, new SequenceSampleOptions { PrefixKeys = [3, 1] }).GetColumn<uint[]>("Sequence"), steps => Assert.Equal([3u, 1u], steps.Take(2)));

        var longer = Ml.Generative.TrainMarkovChain(order: 2).Fit(Ml.Data.LoadFromEnumerable(rows));
        Assert.Equal("The chain has order 2: its states are contexts of 2 symbols. Train one with Order = 1 for figures of its states.", Assert.Throws<InvalidOperationException>(() => longer.StationaryDistribution()).Message);
        Assert.Throws<ArgumentException>(() => chain.ExpectedHittingTimes("4"));
    }

    [Fact]
    public void AFileMakesTheSameChainAgain()
    {
        var rows = View(Sentences(100));
        var chain = Ml.Generative.TrainMarkovChain(new MarkovChainOptions { Order = 3, Seed = 7 }).Fit(View([.. Sentences(100), "a \U0001F600 b\\u"]));
        using var stream = new MemoryStream();
        Ml.Generative.SaveMarkovChain(chain, stream);
        var loaded = Ml.Generative.LoadMarkovChain(stream);
        Assert.Equal(LogDensities(chain, rows), LogDensities(loaded, rows));
        Assert.Equal(chain.Symbols, loaded.Symbols);
        Assert.Equal((chain.Order, chain.ScoreThreshold), (loaded.Order, loaded.ScoreThreshold));
        Assert.Equal(Texts(chain.Sample(50)), Texts(loaded.Sample(50)));
        Assert.Contains("it holds a model of kind 'markov-chain'", Assert.Throws<InvalidDataException>(() => Ml.Generative.Load(stream)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => Ml.Model.Save(chain, rows.Schema, new MemoryStream()));
    }

    [Fact]
    public void ADamagedFileIsRefused()
    {
        var chain = Ml.Generative.TrainMarkovChain(order: 2).Fit(View(Sentences(30)));
        using var stream = new MemoryStream();
        Ml.Generative.SaveMarkovChain(chain, stream);
        byte[] file = stream.ToArray();
        string Refused(Action<Dictionary<string, TorchSharp.torch.Tensor>> edit)
        {
            using var changed = new MemoryStream(ModelZip.With(file, edit));
            return Assert.Throws<InvalidDataException>(() => Ml.Generative.LoadMarkovChain(changed)).Message;
        }
        Assert.StartsWith("The model of the stream cannot be used: chances of level 0 add up to 9", Refused(tensors => tensors["level.0.backOff"][0] = 9 - tensors["level.0.share"].sum().item<float>()), StringComparison.Ordinal);
        Assert.Contains("tensor 'level.1.follower' holds -1", Refused(tensors => tensors["level.1.follower"][0] = -1f), StringComparison.Ordinal);
        Assert.Contains("'level.1.children' adds up to", Refused(tensors => tensors["level.1.children"][0] = 1000f), StringComparison.Ordinal);
        Assert.Contains("has no tensor 'level.2.share'", Refused(tensors => tensors.Remove("level.2.share")), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsRareIsForgottenWhenThereIsNoRoom()
    {
        var counter = new NgramCounter(2, 20, 1000);
        var random = new Random(8);
        int[] often = [5, 6, 7];
        for (int i = 0; i < 20_000; i++)
        {
            counter.Add(often);
            counter.Add([random.Next(3, 1 << 19)]);
        }
        Assert.InRange(counter.Count, 1, 1000);
        Assert.True(counter.Forgotten > 10_000);
        var (keys, counts) = counter.Sorted();
        Assert.True(keys.SequenceEqual(keys.Order()));
        Assert.Equal(20_000, counts[Array.FindIndex(keys, key => counter.SymbolOf(key, 0) == 6 && counter.SymbolOf(key, 2) == 7)]);
    }

    [Fact]
    public void WhatItCannotLearnIsNamed()
    {
        Assert.Equal("Column 'Sequence' has no symbol in 2 rows; there is nothing to learn. Check filters and the path that the rows are loaded from.",
            Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMarkovChain().Fit(View("", ""))).Message);
        Assert.StartsWith("Column 'Features' is Vector<Single>; it must be a text, or a vector of keys or texts.",
            Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMarkovChain("Features").Fit(Rows.View(Ml, 5))).Message, StringComparison.Ordinal);
        Assert.Equal("MarkovChainOptions: Order is 21; it must be from 0 to 20. Contamination is 1; it must be from 0 to 0.5.",
            Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMarkovChain(new MarkovChainOptions { Order = 21, Contamination = 1 })).Message);
    }

    private static List<string> Texts(IDataView view) => [.. view.GetColumn<string>("Sequence")];
}
