using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Gibbs sampling of many rows at once, in which variables that have no edge between them are drawn together: those of one colour of the graph.</summary>
internal sealed class ColouredGibbs : IDisposable
{
    private readonly TokenLayout _layout;
    private readonly List<Colour> _colours = [];

    public ColouredGibbs(TokenLayout layout, PairGraph graph, Device device)
    {
        _layout = layout;
        foreach (int[] variables in graph.Colours())
        {
            int widest = variables.Max(v => layout.Sizes[v]);
            _colours.Add(new Colour(variables.Length, widest,
                Indices(variables),
                Indices(variables.SelectMany(v => Enumerable.Range(layout.Offsets[v], layout.Sizes[v]))),
                Indices(variables.SelectMany(v => Enumerable.Range(0, widest).Select(k => layout.Offsets[v] + Math.Min(k, layout.Sizes[v] - 1)))),
                Indices(variables.SelectMany((v, i) => Enumerable.Range(0, layout.Sizes[v]).Select(k => i * widest + k))),
                tensor(variables.SelectMany(v => Enumerable.Range(0, widest).Select(k => k < layout.Sizes[v] ? 0f : TokenTensors.Impossible)).ToArray(), device: device)
                    .view(variables.Length, widest).DetachFromDisposeScope(),
                arange(widest, int64, device).DetachFromDisposeScope()));
        }

        Tensor Indices(IEnumerable<int> values) => tensor(values.Select(value => (long)value).ToArray(), device: device).DetachFromDisposeScope();
    }

    public int Colours => _colours.Count;

    /// <summary>Draws all variables once, colour by colour, each given all others.</summary>
    /// <param name="tokens">(rows, variables) Int64, written to.</param>
    /// <param name="indicators">(rows, all tokens), written to.</param>
    /// <param name="bias">(rows or 1, all tokens)</param>
    /// <param name="couplings">(all tokens, all tokens)</param>
    /// <param name="known">(rows, variables) true where a variable stays as it is; null where all are drawn.</param>
    public void Sweep(Tensor tokens, Tensor indicators, Tensor bias, Tensor couplings, Tensor? known, Generator generator)
    {
        foreach (var colour in _colours)
        {
            using var scope = NewDisposeScope();
            long rows = tokens.shape[0];
            var logits = (indicators.mm(couplings.index_select(1, colour.Padded)) + bias.index_select(1, colour.Padded)).view(rows, colour.Count, colour.Widest).add_(colour.IsPadding);
            var uniform = empty(rows, colour.Count, 1, device: tokens.device).uniform_(0, 1, generator);
            var drawn = logits.softmax(-1).cumsum(-1).narrow(-1, 0, colour.Widest - 1).le(uniform).to(int64).sum(dim: -1);     // (rows, variables of the colour)
            if (known is not null) drawn = where(known.index_select(1, colour.Variables), tokens.index_select(1, colour.Variables), drawn);
            tokens.index_copy_(1, colour.Variables, drawn);
            var chosen = drawn.unsqueeze(-1).eq(colour.Numbers).to(float32).view(rows, -1);
            indicators.index_copy_(1, colour.Tokens, colour.Count * colour.Widest == colour.Tokens.shape[0] ? chosen : chosen.index_select(1, colour.Unpadded));
        }
    }

    public void Dispose()
    {
        foreach (var colour in _colours) colour.Dispose();
    }

    /// <param name="Count">How many variables.</param>
    /// <param name="Widest">Tokens of the one with the most.</param>
    /// <param name="Variables">(variables,)</param>
    /// <param name="Tokens">Their tokens, by the number among all.</param>
    /// <param name="Padded">(variables · widest,) their tokens, any for what a variable has fewer.</param>
    /// <param name="Unpadded">Where in the padded ones the tokens stand.</param>
    /// <param name="IsPadding">(variables, widest)</param>
    /// <param name="Numbers">(widest,) from 0 on.</param>
    private sealed record Colour(int Count, int Widest, Tensor Variables, Tensor Tokens, Tensor Padded, Tensor Unpadded, Tensor IsPadding, Tensor Numbers)
    {
        public void Dispose()
        {
            foreach (var tensor in new[] { Variables, Tokens, Padded, Unpadded, IsPadding, Numbers }) tensor.Dispose();
        }
    }
}
