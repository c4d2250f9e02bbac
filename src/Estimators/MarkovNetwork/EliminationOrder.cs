using System.Numerics;

namespace Microsoft.ML.Generative;

/// <summary>In which order the variables of a graph are summed out, and which later ones each then hangs together with.</summary>
internal sealed class EliminationOrder
{
    private readonly int[] _sizes;
    private readonly ulong[][] _later;   // of each position, a bit for each position after it that it hangs together with

    private EliminationOrder(int[] variables, int[] sizes, ulong[][] later)
    {
        Variables = variables;
        _sizes = sizes;
        _later = later;
        MostEntries = Enumerable.Range(0, variables.Length).Max(position => Entries(later, position));
    }

    /// <summary>The variables, in the order.</summary>
    public int[] Variables { get; }

    /// <summary>Entries of the largest table of a variable and the later ones that it hangs together with.</summary>
    public double MostEntries { get; }

    /// <summary>Entries of all tables.</summary>
    public double AllEntries => Enumerable.Range(0, Variables.Length).Sum(position => Entries(_later, position));

    /// <summary>The variables that the one at a position hangs together with, by their order.</summary>
    public IEnumerable<int> Separator(int position) => Enumerable.Range(position + 1, Variables.Length - position - 1).Where(later => Has(_later[position], later)).Select(later => Variables[later]);

    /// <summary>The order that adds the fewest edges at each step (min-fill); among equals the smallest table.</summary>
    public static EliminationOrder MinFill(PairGraph graph, int[] sizes)
    {
        int count = graph.Count;
        var near = Enumerable.Range(0, count).Select(v => graph.NeighboursOf(v).ToHashSet()).ToArray();
        var left = Enumerable.Range(0, count).ToHashSet();
        var fill = new int[count];
        foreach (int v in left) fill[v] = Fill(v);
        var order = new int[count];
        for (int position = 0; position < count; position++)
        {
            int next = left.MinBy(v => (fill[v], near[v].Sum(u => Math.Log(sizes[u])), v));
            order[position] = next;
            left.Remove(next);
            var changed = new HashSet<int>(near[next]);
            foreach (int u in near[next])
            {
                near[u].Remove(next);
                foreach (int w in near[next])
                    if (w != u && near[u].Add(w)) changed.UnionWith(near[u]);
            }
            foreach (int u in changed)
                if (left.Contains(u)) fill[u] = Fill(u);
        }
        return Of(graph, sizes, order);

        int Fill(int v)
        {
            int missing = 0;
            foreach (int u in near[v])
                foreach (int w in near[v])
                    if (u < w && !near[u].Contains(w)) missing++;
            return missing;
        }
    }

    /// <summary>An order that is given.</summary>
    public static EliminationOrder Of(PairGraph graph, int[] sizes, int[] order)
    {
        int words = (graph.Count + 63) / 64;
        var position = new int[graph.Count];
        for (int i = 0; i < order.Length; i++) position[order[i]] = i;
        var later = order.Select(_ => new ulong[words]).ToArray();
        foreach (var (first, second) in graph.Edges) Set(later, position[first], position[second]);
        for (int i = 0; i < order.Length; i++) Pass(later, i);
        return new EliminationOrder(order, sizes, later);
    }

    /// <summary>The same order with one more edge, if no table grows beyond a limit.</summary>
    public EliminationOrder? With(int first, int second, double mostEntries)
    {
        int a = Array.IndexOf(Variables, first), b = Array.IndexOf(Variables, second);
        var later = _later.Select(bits => bits.ToArray()).ToArray();
        Set(later, a, b);
        for (int i = Math.Min(a, b); i < later.Length; i++)
        {
            if (Entries(later, i) > mostEntries) return null;
            Pass(later, i);
        }
        return new EliminationOrder(Variables, _sizes, later);
    }

    // what a variable hangs together with hangs together once it is gone: the first of them takes the others over
    private static void Pass(ulong[][] later, int position)
    {
        int parent = First(later[position]);
        if (parent < 0) return;
        for (int word = 0; word < later[parent].Length; word++) later[parent][word] |= later[position][word];
        later[parent][parent >> 6] &= ~(1UL << (parent & 63));
    }

    private static void Set(ulong[][] later, int a, int b)
    {
        if (a > b) (a, b) = (b, a);
        later[a][b >> 6] |= 1UL << (b & 63);
    }

    private static bool Has(ulong[] bits, int position) => (bits[position >> 6] >> (position & 63) & 1) != 0;

    private static int First(ulong[] bits)
    {
        for (int word = 0; word < bits.Length; word++)
            if (bits[word] != 0) return 64 * word + BitOperations.TrailingZeroCount(bits[word]);
        return -1;
    }

    private double Entries(ulong[][] later, int position)
    {
        double entries = _sizes[Variables[position]];
        for (int word = 0; word < later[position].Length; word++)
            for (ulong bits = later[position][word]; bits != 0; bits &= bits - 1) entries *= _sizes[Variables[64 * word + BitOperations.TrailingZeroCount(bits)]];
        return entries;
    }
}
