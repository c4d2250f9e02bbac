using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Tests.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

public sealed class MadeTests : IDisposable
{
    private readonly IDisposable _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    // 2·3·2·4·2 = 96 states
    private static readonly NetworkInput Discrete = SpanConditionalsTests.Input((SpanKind.Binary, 1), (SpanKind.Categorical, 3), (SpanKind.Binary, 1), (SpanKind.Categorical, 4), (SpanKind.Binary, 1));

    public static TheoryData<OrderWeights, int> Kinds => new() { { OrderWeights.Separate, 1 }, { OrderWeights.Separate, 3 }, { OrderWeights.Shared, 3 }, { OrderWeights.OrderAgnostic, 2 } };

    /// <summary>A network far from where it starts, so that its variables depend on each other.</summary>
    private MadeNetwork Make(MadeOptions options, NetworkInput input)
    {
        var network = new MadeNetwork(options, input, new Initializer(_generator, CPU));
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.add_(empty_like(parameter).normal_(0, 0.3, _generator));
            else parameter.mul_(3);   // what is masked stays 0
        }
        return network;
    }

    private static MadeOptions Options(OrderWeights weights, int orders) => new() { OrderWeights = weights, Orders = orders, HiddenSizes = [24, 16], ResidualBlocks = 1, MixtureComponents = 3 };

    private static Tensor States() => cat([.. Enumerable.Range(0, 96).Select(i =>
        tensor([i % 2, .. OneHot(i / 2 % 3, 3), i / 6 % 2, .. OneHot(i / 12 % 4, 4), (float)(i / 48)]).unsqueeze(0))]);

    private static float[] OneHot(int number, int width) => Enumerable.Range(0, width).Select(i => i == number ? 1f : 0).ToArray();

    // the number of the state that each row is in
    private static int[] Numbers(Tensor rows) => rows.ToFloats().Chunk(10).Select(row =>
        (int)row[0] + 2 * Array.IndexOf(row[1..4], 1) + 6 * (int)row[4] + 12 * Array.IndexOf(row[5..9], 1) + 48 * (int)row[9]).ToArray();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheChancesOfAllStatesSumToOneUnderEveryCondition(OrderWeights weights, int orders)
    {
        using var network = Make(Options(weights, orders), Discrete with { ConditionSize = 2 });
        using var noGradient = no_grad();
        var first = network.LogDensity(States(), tensor([1f, 0]).expand(96, 2)).exp();
        var second = network.LogDensity(States(), tensor([0f, 1]).expand(96, 2)).exp();
        Assert.Equal(1, first.sum().item<float>(), 1e-4);
        Assert.Equal(1, second.sum().item<float>(), 1e-4);
        Assert.True((first - second).abs().sum().item<float>() > 0.05);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void DrawsComeAsOftenAsTheDensitySays(OrderWeights weights, int orders)
    {
        const int Count = 50_000;
        using var network = Make(Options(weights, orders), Discrete);
        using var noGradient = no_grad();
        var chances = network.LogDensity(States(), null).exp().ToFloats();
        AssertDistributed(chances, Numbers(network.Sample(Count, null, _generator)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void VariationsOfDrawsAreDrawsAgain(OrderWeights weights, int orders)
    {
        using var network = Make(Options(weights, orders), Discrete);
        using var noGradient = no_grad();
        var chances = network.LogDensity(States(), null).exp().ToFloats();
        var rows = network.Sample(50_000, null, _generator);
        if (orders == 1) AssertDistributed(chances, Numbers(network.Vary(rows, null, 1, _generator)));   // with several orders, a row would have to keep its own
        Assert.Equal(Numbers(rows), Numbers(network.Vary(rows, null, 0, _generator)));
        double Kept(double temperature) => Numbers(network.Vary(rows, null, temperature, _generator)).Zip(Numbers(rows)).Average(pair => pair.First == pair.Second ? 1 : 0);
        Assert.True(Kept(0.3) > Kept(1));
        Assert.True(Kept(1) > Kept(10));
    }

    [Theory]
    [InlineData(OrderWeights.Separate, 1, 200)]
    [InlineData(OrderWeights.Separate, 3, 200)]
    [InlineData(OrderWeights.Shared, 3, 200)]
    public void WhatIsMissingIsDrawnFromTheConditional(OrderWeights weights, int orders, int candidates)
    {
        const int Count = 4000;
        using var network = Make(Options(weights, orders) with { ImputationCandidates = candidates }, Discrete);
        using var noGradient = no_grad();
        var chances = network.LogDensity(States(), null).exp().ToFloats();
        foreach (int state in new[] { 5, 40, 77 })
            foreach (bool firstMissing in new[] { true, false })
            {
                // the last variable and one more are known, or the first and the last are not
                float[] isKnown = firstMissing ? [0f, 0, 0, 0, 1, 1, 1, 1, 1, 1] : [1f, 1, 1, 1, 1, 0, 0, 0, 0, 0];
                var known = tensor(isKnown);
                var row = States()[state];
                var filled = network.Impute(where(known.gt(0.5), row, full_like(row, float.NaN)).expand(Count, 10), known.expand(Count, 10), null, _generator);
                Assert.True((filled * known).Equals((row * known).expand(Count, 10).contiguous()));
                var fits = (States() * known).eq(row * known).all(1).to(float32).ToFloats();
                double total = chances.Zip(fits, (c, f) => c * f).Sum();
                AssertDistributed(chances.Select((c, i) => (float)(c * fits[i] / total)).ToArray(), Numbers(filled));
            }
    }

    [Fact]
    public void AModelThatTakesAnyOrderImputesWhateverIsKnown()
    {
        const int Count = 4000;
        using var network = Make(Options(OrderWeights.OrderAgnostic, 2), Discrete);
        using var noGradient = no_grad();
        var row = States()[29];
        var known = tensor([1f, 0, 0, 0, 0, 1, 1, 1, 1, 1]);   // the two that are missing, 1 and 2, are drawn in this order
        var filled = network.Impute((row * known).expand(Count, 10), known.expand(Count, 10), null, _generator);
        var agree = (States() * known).eq(row * known).all(1).to(float32).ToFloats();

        // by the density of the same network under the one order that has them last
        using var inOrder = new MadeNetwork(Options(OrderWeights.Shared, 1) with { FirstOrder = [0, 3, 4, 1, 2] }, Discrete, new Initializer(_generator, CPU));
        foreach (var (copy, original) in inOrder.parameters().Zip(network.parameters())) copy.copy_(original);
        var chances = inOrder.LogDensity(States(), null).exp().ToFloats();
        double total = chances.Zip(agree, (c, f) => c * f).Sum();
        AssertDistributed(chances.Select((c, i) => (float)(c * agree[i] / total)).ToArray(), Numbers(filled));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ADensityOfContinuousAndBinaryVariablesIntegratesToOneInTheUnitsOfTheRows(OrderWeights weights, int orders)
    {
        var input = SpanConditionalsTests.Input((SpanKind.Continuous, 2), (SpanKind.Binary, 1)) with { Mean = [5, -2, 0], Scale = [0.5f, 3, 1] };
        using var network = new MadeNetwork(Options(weights, orders), input, new Initializer(_generator, CPU));
        using var noGradient = no_grad();
        var first = arange(5 - 5, 5 + 5, 0.02).to(float32);          // ten deviations to both sides
        var second = arange(-2 - 30, -2 + 30, 0.12).to(float32);
        double total = 0;
        foreach (float binary in new[] { 0f, 1f })
        {
            var grid = stack([.. meshgrid([first, second], indexing: "ij"), full(first.shape[0], second.shape[0], binary)], -1).view(-1, 3);
            total += network.LogDensity(grid, null).to(float64).exp().sum().item<double>() * 0.02 * 0.12;
        }
        Assert.Equal(1, total, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TheLossIsTheMeanOverTheOrdersThatHadTheirTurn(OrderWeights weights, int orders)
    {
        using var network = Make(Options(weights, orders), Discrete);
        using var noGradient = no_grad();
        var batch = new Batch(network.Prepare(States()), null);
        var step = new TrainingStep(_generator, CPU);
        double loss = network.Objectives[0].Loss(batch, step).item<float>(), density = network.LogDensity(States(), null).mean().item<float>();
        if (orders == 1) Assert.Equal(-density, loss, 1e-4);
        else Assert.True(loss > -density - 1, $"{loss} of single orders, {-density} of the mean of their densities");
        step.Validating = true;
        Assert.Equal(-density, network.Objectives[0].Loss(batch, step).item<float>(), 1e-4);
    }

    public static TheoryData<OrderWeights, int, bool> KindsOfRows()
    {
        var kinds = new TheoryData<OrderWeights, int, bool>();
        foreach (var kind in Kinds)
            foreach (bool binary in new[] { true, false }) kinds.Add((OrderWeights)kind[0], (int)kind[1], binary);
        return kinds;
    }

    [Theory]
    [MemberData(nameof(KindsOfRows))]
    public void ADensityIsTheSameOnceTheWeightsAreFinal(OrderWeights weights, int orders, bool binary)
    {
        // enough binary variables for the product of their factors to leave the range of a float
        var input = binary ? SpanConditionalsTests.Input((SpanKind.Binary, 150)) : SpanConditionalsTests.Input((SpanKind.Continuous, 2), (SpanKind.Categorical, 3), (SpanKind.Binary, 2));
        using var network = Make(Options(weights, orders), input);
        using var noGradient = no_grad();
        foreach (int rows in new[] { 1, 33, 1100 })
        {
            var x = binary ? empty(rows, 150).bernoulli_(0.5, _generator) : cat([empty(rows, 2).normal_(0, 1, _generator), States().narrow(1, 1, 4)[arange(rows, int64) % 96], ones(rows, 1)], 1);
            network.train();
            float[] expected = network.LogDensity(x, null).ToFloats();
            network.eval();
            float[] values = network.LogDensity(x, null).ToFloats();
            for (int i = 0; i < rows; i++) Assert.Equal(expected[i], values[i], 1e-5 * (1 + Math.Abs(expected[i])));
        }
    }

    [Theory]
    [InlineData(5, null, false)]
    [InlineData(5, true, true)]
    [InlineData(300, null, true)]
    [InlineData(300, false, false)]
    public void OrdersAreShuffledOrTheSameAsTheFirst(int features, bool? repeat, bool same)
    {
        int[] first = [.. Enumerable.Range(0, features).Reverse()];
        var options = new MadeOptions { Orders = 3, FirstOrder = first, RepeatFirstOrder = repeat, HiddenSizes = [8] };
        using var network = Make(options, SpanConditionalsTests.Input((SpanKind.Binary, features)));
        Assert.Equal(first, network.PositionsOfVariables[0]);
        Assert.Equal(same ? 1 : 3, network.PositionsOfVariables.Select(p => string.Join(' ', p)).Distinct().Count());
    }

    [Fact]
    public void AnOrderThatDoesNotGoWithTheRowsIsNamed()
    {
        var ml = new MLContext(1);
        var error = Assert.Throws<ArgumentException>(() => ml.Generative.TrainMade(new MadeOptions { FirstOrder = [2, 0, 1] }).Fit(Rows.View(ml, 50)));
        Assert.Equal("FirstOrder has 3 numbers, and the rows have 4 variables; it must name each of them once.", error.Message);
    }

    [Fact]
    public void OptionsOutOfRangeAreAllNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => new MLContext(1).Generative.TrainMade(new MadeOptions
        {
            HiddenSizes = [], ResidualBlocks = -1, InputDropout = 1, Orders = 0, FirstOrder = [0, 2], MixtureComponents = 0, ImputationCandidates = 0,
        }));
        Assert.Equal("MadeOptions: HiddenSizes is []; it must be one layer or more. ResidualBlocks is -1; it must be from 0 to 100. InputDropout is 1; it must be from 0 to 0.9. "
            + "Orders is 0; it must be from 1 to 1000. FirstOrder is [0, 2]; it must be every number from 0 on, once. MixtureComponents is 0; it must be from 1 to 1000. "
            + "ImputationCandidates is 0; it must be from 1 to 10000.", error.Message);
    }

    // chi-square, with states that are expected less than five times taken together: four standard deviations above its mean
    private static void AssertDistributed(float[] chances, int[] drawn)
    {
        var counts = new double[chances.Length];
        foreach (int state in drawn) counts[state]++;
        double square = 0, rareCount = 0, rareExpected = 0;
        int freedom = -1;
        for (int i = 0; i < chances.Length; i++)
        {
            double expected = chances[i] * drawn.Length;
            if (expected < 5)
            {
                rareCount += counts[i];
                rareExpected += expected;
                continue;
            }
            square += Math.Pow(counts[i] - expected, 2) / expected;
            freedom++;
        }
        if (rareExpected > 1)
        {
            square += Math.Pow(rareCount - rareExpected, 2) / rareExpected;
            freedom++;
        }
        Assert.True(square < freedom + 4 * Math.Sqrt(2 * freedom), $"chi-square {square} of {freedom} degrees of freedom");
    }

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }
}
