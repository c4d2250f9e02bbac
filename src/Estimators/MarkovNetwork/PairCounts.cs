using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What the rows to learn from say of all pairs of variables: all that an exact fit has to know. Some made-up rows in which every token is as likely as any other are mixed
/// in, so that nothing is impossible.</summary>
internal sealed class PairCounts
{
    private readonly double[] _pairs;   // tokens × tokens

    private PairCounts(TokenLayout layout, double[] pairs, double[][] singles, double[] labelShares, double rows)
    {
        Layout = layout;
        _pairs = pairs;
        Singles = singles;
        LabelShares = labelShares;
        Rows = rows;
    }

    public TokenLayout Layout { get; }

    /// <summary>Rows counted.</summary>
    public double Rows { get; }

    /// <summary>Share of each label; one of 1 without labels.</summary>
    public double[] LabelShares { get; }

    /// <summary>Of each label, the share of each token.</summary>
    public double[][] Singles { get; }

    /// <param name="indicators">Makes (rows, tokens) of a batch: 1 for the tokens that it has.</param>
    /// <param name="smoothing">Made-up rows.</param>
    /// <param name="labelWeights">(labels, 1) how much a row of each label counts; null for 1 each.</param>
    public static PairCounts Of(IEnumerable<Batch> batches, TokenLayout layout, Func<Tensor, Tensor> indicators, int labels, double smoothing, Device device, Tensor? labelWeights = null)
    {
        using var scope = NewDisposeScope();
        var pairs = zeros(layout.Tokens, layout.Tokens, float64, device);
        var singles = zeros(labels, layout.Tokens, float64, device);
        var labelled = zeros(labels, float64, device);
        double rows = 0;
        foreach (var batch in batches)
        {
            using var batchScope = NewDisposeScope();
            var x = indicators(batch.X);
            var given = batch.Condition ?? ones(batch.Rows, 1, device: device);
            if (labelWeights is not null) given = given * labelWeights.t();
            pairs.add_((labelWeights is null ? x : x * given.sum(dim: 1, keepdim: true)).t().mm(x).to(float64));   // whole numbers without weights, exact in floats
            singles.add_(given.t().mm(x).to(float64));
            labelled.add_(given.to(float64).sum(dim: 0));
            rows += batch.Rows;
        }
        return Smoothed(layout, Doubles(pairs), Doubles(singles), Doubles(labelled), rows, smoothing);
    }

    private static PairCounts Smoothed(TokenLayout layout, double[] pairs, double[] singles, double[] labelled, double rows, double smoothing)
    {
        var sizes = layout.VariableOfToken.Select(v => layout.Sizes[v]).ToArray();
        var variables = layout.VariableOfToken.ToArray();
        for (int a = 0; a < sizes.Length; a++)
            for (int b = 0; b < sizes.Length; b++)
            {
                double madeUp = variables[a] != variables[b] ? 1.0 / sizes[a] / sizes[b] : a == b ? 1.0 / sizes[a] : 0;
                pairs[a * sizes.Length + b] = (pairs[a * sizes.Length + b] + smoothing * madeUp) / (rows + smoothing);
            }
        var shares = labelled.Select(count => count / rows).ToArray();
        var ofLabels = shares.Select((share, l) =>
        {
            double madeUp = Math.Max(smoothing * share, 1e-9);   // a label that no row has is no division by 0
            return sizes.Select((size, a) => (singles[l * sizes.Length + a] + madeUp / size) / (labelled[l] + madeUp)).ToArray();
        }).ToArray();
        return new PairCounts(layout, pairs, ofLabels, shares, rows);
    }

    /// <summary>Share of the rows that have two tokens, by their numbers among all.</summary>
    public double Pair(int first, int second) => _pairs[first * Layout.Tokens + second];

    /// <summary>Of two variables, how much the shares of their pairs differ from others: the Kullback–Leibler divergence, nats. An edge between them raises the mean
    /// log-likelihood of a network with those by about as much.</summary>
    /// <param name="pair">The others, by the numbers of two tokens among all.</param>
    public double Divergence(int first, int second, Func<int, int, double> pair)
    {
        double sum = 0;
        for (int a = Layout.Offsets[first]; a < Layout.Offsets[first + 1]; a++)
            for (int b = Layout.Offsets[second]; b < Layout.Offsets[second + 1]; b++)
                if (Pair(a, b) is var share && share > 0) sum += share * Math.Log(share / Math.Max(pair(a, b), 1e-12));
        return Math.Max(0, sum);
    }

    /// <summary>Share of two tokens if variables depended on the label only.</summary>
    public double Independent(int first, int second)
    {
        double sum = 0;
        for (int l = 0; l < LabelShares.Length; l++) sum += LabelShares[l] * Singles[l][first] * Singles[l][second];
        return sum;
    }

    private static double[] Doubles(Tensor values) => values.cpu().data<double>().ToArray();
}
