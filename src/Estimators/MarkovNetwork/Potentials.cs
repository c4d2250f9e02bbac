namespace Microsoft.ML.Generative;

/// <summary>Weights of a pairwise Markov network, or what goes with each of them: its chance, the derivative by it.</summary>
/// <param name="Nodes">Of each label (one, if there are none) and token.</param>
/// <param name="Edges">Of each edge, in the order of <see cref="PairGraph.Edges"/>, tokens of the first variable by tokens of the second, row by row.</param>
internal sealed record Potentials(double[][] Nodes, double[][] Edges)
{
    public static Potentials Zero(int labels, TokenLayout layout, PairGraph graph) => new(
        [.. Enumerable.Range(0, labels).Select(_ => new double[layout.Tokens])],
        [.. graph.Edges.Select(edge => new double[layout.Sizes[edge.First] * layout.Sizes[edge.Second]])]);

    private IEnumerable<double[]> Parts => Nodes.Concat(Edges);

    public int Count => Parts.Sum(part => part.Length);

    public void CopyTo(Span<double> destination)
    {
        foreach (double[] part in Parts)
        {
            part.CopyTo(destination);
            destination = destination[part.Length..];
        }
    }

    public void CopyFrom(ReadOnlySpan<double> source)
    {
        foreach (double[] part in Parts)
        {
            source[..part.Length].CopyTo(part);
            source = source[part.Length..];
        }
    }
}
