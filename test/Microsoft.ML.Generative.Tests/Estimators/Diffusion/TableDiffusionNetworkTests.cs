using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

/// <summary>On columns so small that the chance of every row can be computed.</summary>
public sealed class TableDiffusionNetworkTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);
    private readonly NetworkInput _input = SmallTable.Input(SmallTable.Column(0, 5, 3, 2), SmallTable.Column(1, 6, 4));

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private static DiffusionOptions Options(DiffusionTokenNoise noise, int draws) =>
        new() { InputColumnNames = ["x0", "x1"], TokenNoise = noise, HiddenSize = 8, ResidualBlocks = 1, SamplingSteps = 4, DensitySteps = 4, DensityProbes = draws };

    private MaskingDiffusionNetwork Masking(int draws) => SmallTable.WithWeights(new MaskingDiffusionNetwork(Options(DiffusionTokenNoise.Absorbing, draws), _input, new Initializer(_generator, CPU)));

    private MultinomialDiffusionNetwork Multinomial(DiffusionTokenNoise noise, int draws) =>
        SmallTable.WithWeights(new MultinomialDiffusionNetwork(Options(noise, draws), _input, new Initializer(_generator, CPU)));

    [Fact]
    public void TheBoundOfHiddenTokensIsTheMeanOverTheOrders()
    {
        using var noGradient = no_grad();
        using var network = Masking(draws: 2);
        var rows = SmallTable.AllRows(_input);
        var (inOrders, _) = LogChancesInBothOrders(network, rows);
        var bound = network.LogDensity(rows, null);
        Assert.True((inOrders.mean([0]) - bound).abs().max().item<float>() < 1e-4f);   // two columns: an order and its reverse are all that there are
        Assert.True((inOrders[0] - inOrders[1]).abs().max().item<float>() > 0.5f, "orders that say the same test nothing");
        Assert.Equal(DensityKind.Bound, network.DensityKind);
    }

    [Fact]
    public void RowsOfHiddenTokensAreDrawnWithTheChancesOfAllOrders()
    {
        using var noGradient = no_grad();
        using var network = Masking(draws: 2);
        var rows = SmallTable.AllRows(_input);
        var (_, exact) = LogChancesInBothOrders(network, rows);
        Assert.Equal(1, exact.exp().sum().item<float>(), 1e-4f);
        AssertDrawn(network, rows, exact.exp());
        Assert.True((exact - network.LogDensity(rows, null)).min().item<float>() > 0);
    }

    [Theory]
    [InlineData(DiffusionTokenNoise.Uniform)]
    [InlineData(DiffusionTokenNoise.Marginal)]
    public void TheBoundOfNoisyTokensIsBelowTheirLogChanceAndRowsAreDrawnByIt(DiffusionTokenNoise noise)
    {
        using var noGradient = no_grad();
        using var network = Multinomial(noise, draws: 1000);
        var rows = SmallTable.AllRows(_input);
        var (exact, bound) = ChancesAndBound(network, noise, rows);               // (rows,) each
        Assert.Equal(1, exact.sum().item<float>(), 1e-4f);
        AssertDrawn(network, rows, exact);
        Assert.True((exact.log() - bound).min().item<float>() > 0);
        Assert.True((network.LogDensity(rows, null) - bound).abs().max().item<float>() < 0.15f);   // of a thousand draws
    }

    // (orders, rows) and (rows,): log p by each order, and of their mean
    private static (Tensor InOrders, Tensor Exact) LogChancesInBothOrders(MaskingDiffusionNetwork network, Tensor rows)
    {
        var tokens = network.Prepare(rows).to(int64);
        var hidden = tensor([5L, 6]);
        var inOrders = stack([.. Enumerable.Range(0, 2).Select(first =>
        {
            var isSecond = arange(2, int64).ne(first);
            var alone = OfTokens(hidden.unsqueeze(0).expand(rows.shape[0], 2)).select(1, first);
            return alone + OfTokens(where(isSecond, hidden, tokens)).select(1, 1 - first);
        })]);
        return (inOrders, inOrders.logsumexp(0) - Math.Log(2));

        // (rows, columns) log p of each token given what is not hidden
        Tensor OfTokens(Tensor state)
        {
            var logits = network.TokenLogits(state, 0);
            return cat([logits.narrow(1, 0, 3).log_softmax(-1), logits.narrow(1, 3, 2).log_softmax(-1)], 1).gather(1, tokens);
        }
    }

    // from noise back, step by step, over all states; and the bound, by the chance of every state at every step
    private (Tensor Chances, Tensor Bound) ChancesAndBound(MultinomialDiffusionNetwork network, DiffusionTokenNoise noise, Tensor rows)
    {
        var tokens = network.Prepare(rows).to(int64);
        using var transitions = new TokenTransitions(_input.TokenColumns, noise == DiffusionTokenNoise.Uniform, new Initializer(_generator, CPU));
        long count = rows.shape[0];
        var ofNoise = NoiseChances(noise, tokens);                                // (rows, columns)
        var chances = ofNoise.prod(1);                                            // (states,)
        var bound = zeros(count);
        for (int step = 4; step >= 1; step--)
        {
            double now = CosineSchedule.SignalShare(step / 4.0), earlier = CosineSchedule.SignalShare((step - 1) / 4.0);
            var logits = network.TokenLogits(tokens, CosineSchedule.Angle(step / 4.0));
            for (int row = 0; row < count; row++)
            {
                var clean = tokens[row].expand(count, 2);
                var ofState = (tokens.eq(clean).to(float32) * now + ofNoise * (1 - now)).prod(1);
                bound[row].sub_((ofState * transitions.Divergence(logits, tokens, clean, earlier, now)).sum());
            }
            var first = transitions.Earlier(0, logits, tokens, tokens, earlier, now).Model;   // (states, tokens)
            var second = transitions.Earlier(1, logits, tokens, tokens, earlier, now).Model;
            var toEarlier = (first.unsqueeze(2) * second.unsqueeze(1)).view(count, count);    // states are in the order of the tokens
            chances = chances.unsqueeze(0).mm(toEarlier).squeeze(0);
        }
        return (chances, bound);
    }

    // of π
    private Tensor NoiseChances(DiffusionTokenNoise noise, Tensor tokens)
    {
        float[] chances = [.. _input.TokenColumns.SelectMany(column => column.Counts.Select(count => noise == DiffusionTokenNoise.Uniform ? 1f / column.Categories : (count + 0.5f) / (column.Counts.Sum() + 0.5f * column.Categories)))];
        return tensor(chances).index_select(0, tokens.flatten()).view(-1, 2);
    }

    private void AssertDrawn(TableDiffusionNetwork network, Tensor rows, Tensor chances)
    {
        const int Count = 40_000;
        var drawn = network.Sample(Count, null, _generator);
        for (int i = 0; i < rows.shape[0]; i++)
            Assert.Equal(chances[i].item<float>(), drawn.eq(rows[i]).all(1).to(float32).mean().item<float>(), 0.012);   // four standard errors at most
    }
}
