namespace Microsoft.ML.Generative;

/// <summary>Which variables have an edge: an undirected graph without loops.</summary>
internal sealed class PairGraph(int count)
{
    private readonly SortedSet<int>[] _neighbours = [.. Enumerable.Range(0, count).Select(_ => new SortedSet<int>())];

    public int Count => count;

    public IReadOnlyCollection<int> NeighboursOf(int variable) => _neighbours[variable];

    public bool Has(int first, int second) => _neighbours[first].Contains(second);

    /// <summary>All edges, the lower variable first.</summary>
    public IEnumerable<(int First, int Second)> Edges => _neighbours.SelectMany((neighbours, first) => neighbours.Where(second => second > first).Select(second => (first, second)));

    public void Add(int first, int second)
    {
        if (first == second) throw new ArgumentException($"Variable {first} cannot have an edge to itself.");
        _neighbours[first].Add(second);
        _neighbours[second].Add(first);
    }

    public static PairGraph Complete(int count)
    {
        var graph = new PairGraph(count);
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++) graph.Add(i, j);
        return graph;
    }

    /// <summary>Pixels in rows, each with an edge to the next one and to the one below.</summary>
    public static PairGraph Grid(int count, int width)
    {
        var graph = new PairGraph(count);
        for (int i = 0; i < count; i++)
        {
            if (i % width + 1 < width && i + 1 < count) graph.Add(i, i + 1);
            if (i + width < count) graph.Add(i, i + width);
        }
        return graph;
    }

    /// <summary>The tree, or the trees where there are edges of no weight, of greatest total weight (Prim, 1957).</summary>
    /// <param name="weight">Of two variables, 0 or more.</param>
    public static PairGraph SpanningTree(int count, Func<int, int, double> weight)
    {
        var graph = new PairGraph(count);
        var best = new double[count];
        var parent = new int[count];
        var left = Enumerable.Range(1, count - 1).ToList();
        foreach (int v in left) best[v] = weight(0, v);
        while (left.Count > 0)
        {
            int next = left.MaxBy(v => best[v]);
            left.Remove(next);
            if (best[next] > 0) graph.Add(next, parent[next]);
            foreach (int v in left)
                if (weight(next, v) is var w && w > best[v]) (best[v], parent[v]) = (w, next);
        }
        return graph;
    }

    /// <summary>Numbers from 0 on for the variables, such that two with an edge have different ones: greedily, those with the most edges first (Welsh and Powell, 1967).</summary>
    /// <returns>The variables of each number.</returns>
    public IReadOnlyList<int[]> Colours()
    {
        var colour = Enumerable.Repeat(-1, count).ToArray();
        foreach (int v in Enumerable.Range(0, count).OrderByDescending(v => _neighbours[v].Count))
        {
            var taken = _neighbours[v].Select(u => colour[u]).ToHashSet();
            colour[v] = Enumerable.Range(0, count).First(c => !taken.Contains(c));
        }
        return [.. Enumerable.Range(0, count).GroupBy(v => colour[v]).OrderBy(group => group.Key).Select(group => group.ToArray())];
    }
}
