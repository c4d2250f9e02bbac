using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

/// <summary>Against transition matrices multiplied out, and Bayes' rule by counting through.</summary>
public sealed class TokenTransitionsTests : IDisposable
{
    private static readonly double[] Left = [1, 0.9, 0.6, 0.35, 0.1];

    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);
    private readonly TokenColumn[] _columns = [SmallTable.Column(0, 4, 4), SmallTable.Column(1, 8, 4, 2, 1)];

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    private TokenTransitions Transitions(bool areAlike) => new(_columns, areAlike, new Initializer(_generator, CPU));

    // shares of the second column, with half a row more of each token
    private static double[] Chances(bool areAlike) => areAlike ? [0.25, 0.25, 0.25, 0.25] : [8.5 / 17, 4.5 / 17, 2.5 / 17, 1.5 / 17];

    // from each token to each other, where a token stays with a chance and is drawn anew otherwise
    private static double[,] Matrix(double stay, double[] chances)
    {
        var matrix = new double[chances.Length, chances.Length];
        for (int i = 0; i < chances.Length; i++)
            for (int k = 0; k < chances.Length; k++) matrix[i, k] = (i == k ? stay : 0) + (1 - stay) * chances[k];
        return matrix;
    }

    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
            for (int k = 0; k < b.GetLength(1); k++)
                for (int m = 0; m < b.GetLength(0); m++) product[i, k] += a[i, m] * b[m, k];
        return product;
    }

    // multiplied out, step by step
    private static double[,] UpTo(int step, double[] chances) =>
        Enumerable.Range(1, step).Aggregate(Matrix(1, chances), (product, i) => Product(product, Matrix(Left[i] / Left[i - 1], chances)));

    // every pair of so many numbers from 0 to 1, (pairs, 2) each, the same for both columns
    private static (Tensor First, Tensor Second) Grid(int points)
    {
        var numbers = (arange(points, float32) + 0.5f) / points;
        return (numbers.repeat_interleave(points).unsqueeze(1).expand(-1, 2), numbers.repeat(points).unsqueeze(1).expand(-1, 2));
    }

    // of the tokens of the second column, which follow the two of the first
    private static double[] Shares(Tensor tokens) => [.. Enumerable.Range(2, 4).Select(token => (double)tokens.select(1, 1).eq(token).to(float32).mean().item<float>())];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TokensWithNoiseAreAsTheMatricesOfAllStepsMultipliedSay(bool areAlike)
    {
        using var transitions = Transitions(areAlike);
        var (first, second) = Grid(1000);
        var fresh = transitions.Fresh(second);
        Assert.True(fresh.select(1, 0).lt(2).all().item<bool>() && fresh.select(1, 1).ge(2).all().item<bool>());
        for (int step = 1; step < Left.Length; step++)
        {
            var expected = UpTo(step, Chances(areAlike));
            for (int token = 0; token < 4; token++)
            {
                var noisy = TokenTransitions.AddNoise(tensor([1L, 2 + token]).expand(first.shape[0], 2), full(1, Left[step], float32), first, fresh);
                Assert.Equal(Enumerable.Range(0, 4).Select(k => expected[token, k]), Shares(noisy), (a, b) => Math.Abs(a - b) < 2e-3);   // a thousand points
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnEarlierStateIsAsBayesRuleSays(bool areAlike)
    {
        using var transitions = Transitions(areAlike);
        double[] chances = Chances(areAlike);
        var (first, second) = Grid(1000);
        var fresh = transitions.Fresh(second);
        var logits = empty(1, 6).normal_(0, 1, _generator);
        float[] said = logits.narrow(1, 2, 4).softmax(-1).ToFloats();
        for (int step = 1; step < Left.Length; step++)
        {
            double[,] toEarlier = UpTo(step - 1, chances), toNow = UpTo(step, chances), last = Matrix(Left[step] / Left[step - 1], chances);
            double Posterior(int earlier, int state, int clean) => toEarlier[clean, earlier] * last[earlier, state] / toNow[clean, state];
            for (int state = 0; state < 4; state++)
            {
                for (int clean = 0; clean < 4; clean++)
                {
                    var (x, y) = (tensor([0L, 2 + clean]).view(1, 2), tensor([1L, 2 + state]).view(1, 2));
                    double[] expected = [.. Enumerable.Range(0, 4).Select(k => Posterior(k, state, clean))];
                    double[] mixed = [.. Enumerable.Range(0, 4).Select(k => Enumerable.Range(0, 4).Sum(guess => said[guess] * Posterior(k, state, guess)))];
                    var (truth, model) = transitions.Earlier(1, logits, y, x, Left[step - 1], Left[step]);
                    Assert.Equal(expected, truth.ToFloats().Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-5);
                    Assert.Equal(mixed, model.ToFloats().Select(p => (double)p), (a, b) => Math.Abs(a - b) < 1e-5);
                    var drawn = transitions.Back(y.expand(first.shape[0], 2), x.expand(first.shape[0], 2), Left[step - 1], Left[step], first, fresh);
                    Assert.Equal(expected, Shares(drawn), (a, b) => Math.Abs(a - b) < 3e-3);
                }
            }
        }
    }
}
