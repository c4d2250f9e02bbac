using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws rows from a network in which inference is exact: backwards through a <see cref="CliqueTree"/>, each variable given its separator, many rows at a time.</summary>
internal sealed class CliqueSampler : IDisposable
{
    private readonly TokenLayout _layout;
    private readonly IReadOnlyList<CliqueTree.Clique> _cliques;
    private readonly Tensor[] _cumulative;   // of each clique: (labels · separator, tokens) how likely a token up to each is

    public CliqueSampler(TokenLayout layout, CliqueTree tree, Potentials weights, Device device)
    {
        _layout = layout;
        _cliques = tree.Cliques;
        var parts = _cliques.Select(_ => new List<float>()).ToArray();
        foreach (double[] nodes in weights.Nodes)
        {
            tree.Sum(nodes, weights.Edges);
            for (int i = 0; i < parts.Length; i++) parts[i].AddRange(Cumulative(tree.Conditionals[i], _cliques[i].Size));
        }
        _cumulative = [.. parts.Select((part, i) => tensor(part.ToArray(), device: device).view(-1, _cliques[i].Size).DetachFromDisposeScope())];
    }

    private static IEnumerable<float> Cumulative(double[] chances, int size)
    {
        double sum = 0;
        for (int i = 0; i < chances.Length; i++)
        {
            sum = i % size == 0 ? chances[i] : sum + chances[i];
            yield return (float)sum;
        }
    }

    /// <param name="uniform">(rows, variables), from 0 to below 1.</param>
    /// <param name="labels">(rows,) Int64 number of each row's label; null without.</param>
    /// <returns>(rows, variables) Int64</returns>
    public Tensor Draw(Tensor uniform, Tensor? labels) => Draw(uniform.shape[0], labels, variable => uniform.narrow(1, variable, 1), null);

    /// <summary>Rows whose shares scatter less than those of independent draws.</summary>
    /// <inheritdoc cref="Draw(Tensor, Tensor?)"/>
    public Tensor Draw(long rows, PrefixStrata strata, Tensor? labels) => Draw(rows, labels, _ => strata.Next(), strata);

    private Tensor Draw(long rows, Tensor? labels, Func<int, Tensor> uniform, PrefixStrata? strata)
    {
        var drawn = new Tensor[_layout.Count];
        labels ??= zeros(rows, int64, _cumulative[0].device);
        for (int i = _cliques.Count - 1; i >= 0; i--)
        {
            using var scope = NewDisposeScope();
            var clique = _cliques[i];
            var place = labels * (clique.Entries / clique.Size);
            for (int axis = 0; axis < clique.Separator.Length; axis++) place.add_(drawn[clique.Separator[axis]] * (clique.Strides[axis] / clique.Size));
            var chances = _cumulative[i].index_select(0, place).narrow(1, 0, clique.Size - 1);
            var tokens = chances.le(uniform(clique.Variable)).to(int64).sum(dim: -1);
            strata?.Add(tokens, clique.Size);
            drawn[clique.Variable] = tokens.MoveToOuterDisposeScope();
        }
        return stack(drawn, 1);
    }

    /// <inheritdoc cref="Draw(Tensor, Tensor?)"/>
    /// <param name="label">(rows, 1), a number.</param>
    /// <returns>Of each variable (rows, 1)</returns>
    public OnnxValue[] Draw(OnnxValue uniform, OnnxValue? label)
    {
        var drawn = new OnnxValue[_layout.Count];
        for (int i = _cliques.Count - 1; i >= 0; i--)
        {
            var clique = _cliques[i];
            var place = (label ?? uniform.Narrow(1, 0, 1) * 0f) * (clique.Entries / clique.Size);
            for (int axis = 0; axis < clique.Separator.Length; axis++) place += drawn[clique.Separator[axis]] * (clique.Strides[axis] / clique.Size);
            var chances = uniform.Graph.Weights(_cumulative[i]).GatherRows(place.ToIntegers()).Squeeze(1).Narrow(1, 0, clique.Size - 1);
            drawn[clique.Variable] = uniform.Narrow(1, clique.Variable, 1).GreaterOrEqual(chances).ToFloat().Sum(1, keepDimension: true);
        }
        return drawn;
    }

    public void Dispose()
    {
        foreach (var tensor in _cumulative) tensor.Dispose();
    }
}
