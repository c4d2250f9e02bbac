using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Tokens of rows as indicators, and the conditionals of all variables given all others, for many rows at a time.</summary>
internal sealed class TokenTensors : IDisposable
{
    private readonly TokenLayout _layout;
    private readonly bool _areEven;              // all variables have the same number of tokens
    private readonly Tensor _features;           // (variables,) Int64 where in an encoded row the tokens are
    private readonly Tensor _variableOfFeature;  // (features,) Int64
    private readonly Tensor _encoded;            // (features,) Int64 where each stands behind the tokens with the positions
    private readonly Tensor _offsets;            // (variables,) Int64
    private readonly Tensor _padded;             // (variables · widest,) Int64: number among all tokens, any for what a variable has fewer
    private readonly Tensor _isPadding;          // (variables, widest) a number far below 0 for what is padded, else 0
    private readonly Tensor _unpadded;           // (all tokens,) Int64: place in the padded

    public TokenTensors(TokenLayout layout, int features, Initializer initializer)
    {
        _layout = layout;
        _areEven = layout.Sizes.All(size => size == layout.Widest);
        _features = initializer.Indices(layout.Features);
        _variableOfFeature = initializer.Indices(Enumerable.Range(0, features).Select(feature => Array.FindLastIndex(layout.Features, token => token <= feature)));
        int positions = layout.Count;
        _encoded = initializer.Indices(Enumerable.Range(0, features).Select(feature => Array.IndexOf(layout.Features, feature) is >= 0 and var v ? v : positions++).ToList());
        _offsets = initializer.Indices(layout.Offsets[..^1]);
        _padded = initializer.Indices(Enumerable.Range(0, layout.Count).SelectMany(v => Enumerable.Range(0, layout.Widest).Select(k => layout.Offsets[v] + Math.Min(k, layout.Sizes[v] - 1))));
        _unpadded = initializer.Indices(Enumerable.Range(0, layout.Count).SelectMany(v => Enumerable.Range(0, layout.Sizes[v]).Select(k => v * layout.Widest + k)));
        _isPadding = initializer.Derived(tensor(layout.Sizes.SelectMany(size => Enumerable.Range(0, layout.Widest).Select(k => k < size ? 0f : Impossible)).ToArray(), device: initializer.Device)
            .view(layout.Count, layout.Widest));
        VariableOfToken = initializer.Indices(layout.VariableOfToken);
    }

    /// <summary>The log of no chance at all.</summary>
    public const float Impossible = -1e9f;

    /// <summary>(all tokens,) Int64</summary>
    public Tensor VariableOfToken { get; }

    /// <param name="x">(rows, features), as encoded</param>
    /// <returns>(rows, variables) Int64</returns>
    public Tensor Tokens(Tensor x) => x.index_select(1, _features).to(int64);

    /// <param name="ofFeatures">(rows, features)</param>
    /// <returns>(rows, variables): what stands with the tokens.</returns>
    public Tensor OfVariables(Tensor ofFeatures) => ofFeatures.index_select(1, _features);

    /// <param name="ofVariables">(rows, variables)</param>
    /// <returns>(rows, features): the same for the token and the position of a variable.</returns>
    public Tensor OfFeatures(Tensor ofVariables) => ofVariables.index_select(1, _variableOfFeature);

    /// <param name="tokens">(rows, variables) Int64</param>
    /// <param name="positions">(rows, features that are no tokens); null where all are.</param>
    /// <returns>(rows, features), as encoded</returns>
    public Tensor Rows(Tensor tokens, Tensor? positions)
    {
        var numbers = tokens.to(float32);
        return positions is null ? numbers : cat([numbers, positions], 1).index_select(1, _encoded);
    }

    /// <param name="tokens">(rows, variables) Int64</param>
    /// <returns>(rows, all tokens) 1 for those that a row has</returns>
    public Tensor Indicators(Tensor tokens) => zeros(tokens.shape[0], _layout.Tokens, device: tokens.device).scatter_(1, tokens + _offsets, ones(tokens.shape, device: tokens.device));

    /// <param name="logits">(rows, all tokens)</param>
    /// <returns>(rows, all tokens) log of the chances, which add up to 1 within each variable</returns>
    public Tensor LogChances(Tensor logits)
    {
        if (_areEven) return logits.view(-1, _layout.Count, _layout.Widest).log_softmax(-1).view(-1, _layout.Tokens);
        var padded = logits.index_select(1, _padded).view(-1, _layout.Count, _layout.Widest) + _isPadding;
        return padded.log_softmax(-1).view(-1, _layout.Count * _layout.Widest).index_select(1, _unpadded);
    }

    /// <summary>For each two variables whether they have an edge, to each two tokens.</summary>
    /// <param name="ofVariables">(variables, variables)</param>
    /// <returns>(all tokens, all tokens)</returns>
    public Tensor ForTokens(Tensor ofVariables) => ofVariables.index_select(0, VariableOfToken).index_select(1, VariableOfToken);

    /// <summary>The mean over the rows of −Σ_i log p(x_i | all others), and its gradient (Besag, 1975).</summary>
    /// <param name="indicators">(rows, all tokens)</param>
    /// <param name="bias">(rows or 1, all tokens)</param>
    /// <param name="couplings">(all tokens, all tokens), symmetric, 0 where there is no edge</param>
    /// <returns>The loss; by the logits of all conditionals, (rows, all tokens)</returns>
    public (Tensor Loss, Tensor ByLogits) PseudoLoss(Tensor indicators, Tensor bias, Tensor couplings)
    {
        var chances = LogChances(indicators.mm(couplings) + bias);
        double share = 1.0 / indicators.shape[0];
        return ((chances * indicators).sum().mul(-share), chances.exp_().sub_(indicators).mul_(share));
    }

    /// <summary>The gradient of what pairs of tokens weigh, each counted once, of that by the logits.</summary>
    /// <returns>(all tokens, all tokens), symmetric</returns>
    public static Tensor ByCouplings(Tensor indicators, Tensor byLogits)
    {
        var half = indicators.t().mm(byLogits);
        return half + half.t();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { _features, _variableOfFeature, _encoded, _offsets, _padded, _isPadding, _unpadded, VariableOfToken }) tensor.Dispose();
    }
}
