using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What is not known of rows given what is, exactly: the tables of a <see cref="CliqueTree"/>, one set for every row.</summary>
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

    /// <summary>Draws.</summary>
    /// <param name="evidence">(rows, all tokens) added to the log of how likely each is: 0 for a token that can be as it is, a number far below for one that can't be.</param>
    /// <param name="labels">(rows,) Int64 number of each row's label; null without.</param>
    /// <param name="temperature">What the weights of the network are divided by.</param>
    /// <param name="uniform">(rows, variables), from 0 to below 1.</param>
    /// <returns>(rows, variables) Int64</returns>
    public Tensor Draw(Tensor evidence, Tensor? labels, double temperature, Tensor uniform)
    {
        long rows = evidence.shape[0];
        var tables = SummedOut(evidence, labels, temperature);
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

    /// <summary>How likely each token is given what is known of the row.</summary>
    /// <inheritdoc cref="Draw"/>
    /// <returns>(rows, all tokens), which add up to 1 within each variable</returns>
    public Tensor Marginals(Tensor evidence, Tensor? labels, double temperature)
    {
        long rows = evidence.shape[0];
        var tables = SummedOut(evidence, labels, temperature);
        var result = new Tensor[_layout.Count];
        for (int i = tables.Length - 1; i >= 0; i--)
        {
            using var scope = NewDisposeScope();
            var joint = tables[i].softmax(-1);                                                                                  // (rows, separator, tokens)
            if (_inParent[i] is { } inParent)
                joint.mul_(zeros(rows, joint.shape[1], device: evidence.device).index_add_(1, inParent, tables[_cliques[i].Parent].view(rows, -1), 1).unsqueeze(-1));
            tables[i].copy_(joint);
            result[_cliques[i].Variable] = joint.sum(dim: 1).MoveToOuterDisposeScope();
        }
        return cat(result, 1);
    }

    // of each clique (rows, separator, tokens) logs that are those of its variable given its separator, up to a constant for each row of the table
    private Tensor[] SummedOut(Tensor evidence, Tensor? labels, double temperature)
    {
        long rows = evidence.shape[0];
        var tables = new Tensor[_cliques.Count];
        for (int i = 0; i < tables.Length; i++)
            tables[i] = (labels is null ? _factors[i].expand(rows, -1).clone() : _factors[i].index_select(0, labels)).view(rows, -1, _cliques[i].Size).div_(temperature)
                .add_(evidence.narrow(1, _layout.Offsets[_cliques[i].Variable], _cliques[i].Size).unsqueeze(1));
        for (int i = 0; i < tables.Length; i++)
        {
            if (_inParent[i] is not { } inParent) continue;
            using var scope = NewDisposeScope();
            var message = tables[i].logsumexp(-1).index_select(1, inParent);                                                    // (rows, parent's entries)
            tables[_cliques[i].Parent].add_(message.view_as(tables[_cliques[i].Parent]));
        }
        return tables;
    }

    public void Dispose()
    {
        foreach (var tensor in _factors) tensor.Dispose();
        foreach (var tensor in _inParent) tensor?.Dispose();
    }
}
