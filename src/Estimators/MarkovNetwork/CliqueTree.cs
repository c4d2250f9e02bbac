namespace Microsoft.ML.Generative;

/// <summary>
/// Exact inference in a pairwise Markov network whose variables can be summed out one after the other with tables that are not too large (bucket elimination, Dechter, 1999, which
/// is a junction tree whose cliques are a variable with its separator). Summing out from first to last gives the log-partition and p(variable | separator);
/// going back gives the marginals. In double precision.
/// </summary>
internal sealed class CliqueTree
{
    private readonly TokenLayout _layout;
    private readonly Clique[] _cliques;            // by position in the order
    private readonly double[][] _tables;

    public CliqueTree(TokenLayout layout, PairGraph graph, EliminationOrder order)
    {
        _layout = layout;
        _cliques = new Clique[order.Variables.Length];
        var positions = new int[order.Variables.Length];
        for (int i = 0; i < positions.Length; i++) positions[order.Variables[i]] = i;
        for (int i = 0; i < _cliques.Length; i++) _cliques[i] = new Clique(order.Variables[i], [.. order.Separator(i)], layout.Sizes);
        foreach (var clique in _cliques)
            if (clique.Separator.Length > 0)
            {
                clique.Parent = positions[clique.Separator[0]];
                clique.InParent = _cliques[clique.Parent].IndicesOf(clique.Separator, layout.Sizes);
            }
        int number = 0;
        foreach (var (first, second) in graph.Edges)
        {
            bool firstGoesFirst = positions[first] < positions[second];
            var (goes, stays) = firstGoesFirst ? (first, second) : (second, first);
            _cliques[positions[goes]].Edges.Add((number++, Array.IndexOf(_cliques[positions[goes]].Separator, stays), firstGoesFirst));
        }
        _tables = [.. _cliques.Select(clique => new double[clique.Entries])];
    }

    public IReadOnlyList<Clique> Cliques => _cliques;

    /// <summary>p(variable | separator) of each clique, as <see cref="Sum"/> left them: the variable's tokens run fastest.</summary>
    public IReadOnlyList<double[]> Conditionals => _tables;

    /// <summary>Sums all variables out.</summary>
    /// <returns>The log-partition.</returns>
    public double Sum(double[] nodes, IReadOnlyList<double[]> edges)
    {
        Fill(nodes, edges);
        double logPartition = 0;
        for (int i = 0; i < _cliques.Length; i++)
        {
            var clique = _cliques[i];
            var table = _tables[i];
            var parent = clique.InParent is null ? null : _tables[clique.Parent];
            var message = parent is null ? null : new double[table.Length / clique.Size];
            for (int start = 0, s = 0; start < table.Length; start += clique.Size, s++)
            {
                double sum = Normalize(table.AsSpan(start, clique.Size));
                if (message is null) logPartition += sum;
                else message[s] = sum;
            }
            if (message is null) continue;
            var inParent = clique.InParent!;
            for (int entry = 0; entry < parent!.Length; entry++) parent[entry] += message[inParent[entry]];
        }
        return logPartition;
    }

    /// <summary>Goes back after <see cref="Sum"/>, and adds the marginals, times a factor.</summary>
    /// <param name="nodes">Added to: of each token.</param>
    /// <param name="edges">Added to: of each edge and pair of tokens.</param>
    public void AddMarginals(double factor, double[] nodes, IReadOnlyList<double[]> edges)
    {
        for (int i = _cliques.Length - 1; i >= 0; i--)
        {
            var clique = _cliques[i];
            var table = _tables[i];
            if (clique.InParent is { } inParent)
            {
                var ofSeparator = new double[table.Length / clique.Size];
                var parent = _tables[clique.Parent];
                for (int entry = 0; entry < parent.Length; entry++) ofSeparator[inParent[entry]] += parent[entry];
                for (int entry = 0; entry < table.Length; entry++) table[entry] *= ofSeparator[entry / clique.Size];
            }
            int offset = _layout.Offsets[clique.Variable];
            for (int start = 0; start < table.Length; start += clique.Size)
                for (int token = 0; token < clique.Size; token++) nodes[offset + token] += factor * table[start + token];
            foreach (var (number, axis, isFirst) in clique.Edges) AddPairs(clique, table, factor, edges[number], axis, isFirst);
        }
    }

    /// <summary>Of each clique a table of the weights that are its own: those of the variable and of its edges to the separator.</summary>
    public double[][] Factors(double[] nodes, IReadOnlyList<double[]> edges)
    {
        Fill(nodes, edges);
        return [.. _tables.Select(table => table.ToArray())];
    }

    private void Fill(double[] nodes, IReadOnlyList<double[]> edges)
    {
        foreach (var (clique, table) in _cliques.Zip(_tables))
        {
            var own = nodes.AsSpan(_layout.Offsets[clique.Variable], clique.Size);
            for (int start = 0; start < table.Length; start += clique.Size) own.CopyTo(table.AsSpan(start));
            foreach (var (number, axis, isFirst) in clique.Edges) AddEdge(clique, table, edges[number], axis, isFirst);
        }
    }

    private static void AddEdge(Clique clique, double[] table, double[] weights, int axis, bool isFirst)
    {
        int size = clique.Size, other = clique.SeparatorSizes[axis], stride = clique.Strides[axis];
        Span<double> own = stackalloc double[size];
        for (int b = 0; b < other; b++)
        {
            for (int a = 0; a < size; a++) own[a] = weights[isFirst ? a * other + b : b * size + a];
            for (int block = b * stride; block < table.Length; block += stride * other)
                for (int start = block; start < block + stride; start += size)
                    for (int a = 0; a < own.Length; a++) table[start + a] += own[a];
        }
    }

    private static void AddPairs(Clique clique, double[] table, double factor, double[] pairs, int axis, bool isFirst)
    {
        int size = clique.Size, other = clique.SeparatorSizes[axis], stride = clique.Strides[axis];
        Span<double> own = stackalloc double[size];
        for (int b = 0; b < other; b++)
        {
            own.Clear();
            for (int block = b * stride; block < table.Length; block += stride * other)
                for (int start = block; start < block + stride; start += size)
                    for (int a = 0; a < own.Length; a++) own[a] += table[start + a];
            for (int a = 0; a < size; a++) pairs[isFirst ? a * other + b : b * size + a] += factor * own[a];
        }
    }

    // logs to chances that add up to 1; gives the log of their sum
    private static double Normalize(Span<double> logs)
    {
        double highest = double.NegativeInfinity, sum = 0;
        foreach (double log in logs) highest = Math.Max(highest, log);
        for (int i = 0; i < logs.Length; i++) sum += logs[i] = Math.Exp(logs[i] - highest);
        for (int i = 0; i < logs.Length; i++) logs[i] /= sum;
        return highest + Math.Log(sum);
    }

    /// <summary>A variable with the later ones that it hangs together with; a table of them has the variable's tokens fastest.</summary>
    internal sealed class Clique
    {
        public Clique(int variable, int[] separator, int[] sizes)
        {
            Variable = variable;
            Separator = separator;
            Size = sizes[variable];
            SeparatorSizes = [.. separator.Select(v => sizes[v])];
            Strides = new int[separator.Length];
            int stride = Size;
            for (int axis = separator.Length - 1; axis >= 0; stride = checked(stride * SeparatorSizes[axis--])) Strides[axis] = stride;
            Entries = stride;
        }

        public int Variable { get; }

        public int Size { get; }

        public int[] Separator { get; }

        public int[] SeparatorSizes { get; }

        /// <summary>How far apart in a table neighbouring tokens of each variable of the separator are.</summary>
        public int[] Strides { get; }

        public int Entries { get; }

        /// <summary>Position of the first of the separator.</summary>
        public int Parent { get; set; } = -1;

        /// <summary>Of each entry of the parent's table, which one of the separator it goes with; null without a separator.</summary>
        public int[]? InParent { get; set; }

        /// <summary>Edges to the separator: number, axis, and whether the variable is the first of the edge.</summary>
        public List<(int Number, int Axis, bool IsFirst)> Edges { get; } = [];

        /// <returns>Of each entry, the place in a table of some of its variables.</returns>
        public int[] IndicesOf(int[] variables, int[] sizes)
        {
            var result = new int[Entries];
            int factor = 1;
            foreach (int v in variables.Reverse())
            {
                int stride = v == Variable ? 1 : Strides[Array.IndexOf(Separator, v)], size = sizes[v];
                for (int entry = 0; entry < Entries; entry++) result[entry] += entry / stride % size * factor;
                factor *= size;
            }
            return result;
        }
    }
}
