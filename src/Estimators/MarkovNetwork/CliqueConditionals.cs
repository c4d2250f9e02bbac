using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws what is not known of rows from the exact conditional given what is: the tables of a <see cref="CliqueTree"/>, one set for every row.</summary>
internal sealed class CliqueConditionals : IDisposable
{
    // floats in the tables of all rows worked on at a time
    private const long MostNumbersAtOnce = 1 << 24;

    private readonly TokenLayout _layout;
    private readonly IReadOnlyList<CliqueTree.Clique> _cliques;
    private readonly Tensor[] _factors;      // of each clique: (labels, entries) sum of the weights that are its own
    private readonly Tensor?[] _inParent;    // of each clique: (parent's entries,) Int64

    public CliqueConditionals(TokenLayout layout, CliqueTree tree, Potentials weights, Device device)
    {
        _layout = layout;
        _cliques = tree.Cliques;
        var factors = weights.Nodes.Select(nodes => tree.Factors(nodes, weights.Edges)).ToList();
        _factors = [.. _cliques.Select((clique, i) => tensor(factors.SelectMany(ofLabel => ofLabel[i].Select(value => (float)value)).ToArray(), device: device).view(-1, clique.Entries).DetachFromDisposeScope())];
        _inParent = [.. _cliques.Select(clique => clique.InParent is { } places ? tensor(places.Select(place => (long)place).ToArray(), device: device).DetachFromDisposeScope() : null)];
        RowsAtOnce = Math.Clamp(MostNumbersAtOnce / _cliques.Sum(clique => (long)clique.Entries), 1, 4096);
    }

    /// <summary>Rows whose tables take the memory that they may.</summary>
    public long RowsAtOnce { get; }

    /// <param name="evidence">(rows, all tokens): 0 for a token that can be, a number far below for others.</param>
    /// <param name="labels">(rows,) Int64 number of each row's label; null without.</param>
    /// <param name="uniform">(rows, variables), from 0 to below 1.</param>
    /// <returns>(rows, variables) Int64</returns>
    public Tensor Draw(Tensor evidence, Tensor? labels, Tensor uniform)
    {
        long rows = evidence.shape[0];
        var tables = new Tensor[_cliques.Count];
        for (int i = 0; i < tables.Length; i++)
            tables[i] = (labels is null ? _factors[i].expand(rows, -1).clone() : _factors[i].index_select(0, labels)).view(rows, -1, _cliques[i].Size)
                .add_(evidence.narrow(1, _layout.Offsets[_cliques[i].Variable], _cliques[i].Size).unsqueeze(1));                 // (rows, separator, tokens)
        for (int i = 0; i < tables.Length; i++)
        {
            if (_inParent[i] is not { } inParent) continue;
            using var scope = NewDisposeScope();
            var message = tables[i].logsumexp(-1).index_select(1, inParent);                                                    // (rows, parent's entries)
            tables[_cliques[i].Parent].add_(message.view_as(tables[_cliques[i].Parent]));
        }
        var drawn = new Tensor[_layout.Count];
        for (int i = tables.Length - 1; i >= 0; i--)
        {
            using var scope = NewDisposeScope();
            var clique = _cliques[i];
            var place = zeros(rows, int64, evidence.device);
            for (int axis = 0; axis < clique.Separator.Length; axis++) place.add_(drawn[clique.Separator[axis]] * (clique.Strides[axis] / clique.Size));
            var logits = tables[i].gather(1, place.view(-1, 1, 1).expand(-1, 1, clique.Size)).squeeze(1);                         // (rows, tokens)
            var chances = logits.softmax(-1).cumsum(-1).narrow(1, 0, clique.Size - 1);
            drawn[clique.Variable] = chances.le(uniform.narrow(1, clique.Variable, 1)).to(int64).sum(dim: -1).MoveToOuterDisposeScope();
        }
        return stack(drawn, 1);
    }

    public void Dispose()
    {
        foreach (var tensor in _factors) tensor.Dispose();
        foreach (var tensor in _inParent) tensor?.Dispose();
    }
}
