namespace Microsoft.ML.Generative;

/// <summary>A chain of order 1 as a matrix of transitions between its states.</summary>
internal static class ChainStates
{
    /// <summary>More states would take minutes, and a matrix of more than 100 MB.</summary>
    public const int MostStates = 4000;

    /// <summary>Chances of the next state given the current one. Where sequences end, state 0 stands for the end of one and the start of the next; the symbols follow.
    /// What was not learnt is left out.</summary>
    /// <param name="trie">Of order 0 or 1.</param>
    /// <returns>(states, states), rows add up to 1</returns>
    public static double[,] Transitions(ContextTrie trie, int symbols, bool hasEnds)
    {
        int boundary = hasEnds ? 1 : 0, states = symbols + boundary;
        var result = new double[states, states];
        var chances = new double[Symbols.FirstLearnt + symbols];
        var path = new int[trie.Levels.Count];
        for (int from = 0; from < states; from++)
        {
            int[] before = hasEnds && from == 0 ? [] : [Symbols.FirstLearnt + from - boundary];
            trie.Chances(path.AsSpan(0, trie.Find(before, before.Length, path)), chances);
            double sum = chances.Sum() - chances[Symbols.Unknown];
            for (int to = 0; to < states; to++) result[from, to] = chances[hasEnds && to == 0 ? Symbols.End : Symbols.FirstLearnt + to - boundary] / sum;
        }
        return result;
    }

    /// <summary>The share of each state in the long run, by the elimination of Grassmann, Taksar and Heyman (1985), which subtracts nothing and so loses no digits.</summary>
    public static double[] Stationary(double[,] transitions)
    {
        var p = (double[,])transitions.Clone();
        int n = p.GetLength(0);
        for (int k = n - 1; k > 0; k--)
        {
            double leaves = 0;
            for (int j = 0; j < k; j++) leaves += p[k, j];
            for (int i = 0; i < k; i++) p[i, k] /= leaves;
            for (int i = 0; i < k; i++)
                for (int j = 0; j < k; j++) p[i, j] += p[i, k] * p[k, j];
        }
        var shares = new double[n];
        shares[0] = 1;
        for (int k = 1; k < n; k++)
            for (int i = 0; i < k; i++) shares[k] += shares[i] * p[i, k];
        double sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    /// <summary>Steps that it takes on average from each state until a target is reached: h = 1 + Q·h, Q the transitions without the target.</summary>
    public static double[] HittingTimes(double[,] transitions, int target)
    {
        int n = transitions.GetLength(0);
        var a = new double[n, n + 1];
        for (int i = 0; i < n; i++)
        {
            a[i, i] = 1;
            if (i == target) continue;
            a[i, n] = 1;
            for (int j = 0; j < n; j++)
                if (j != target) a[i, j] -= transitions[i, j];
        }
        for (int k = 0; k < n; k++)
        {
            int pivot = Enumerable.Range(k, n - k).MaxBy(i => Math.Abs(a[i, k]));
            for (int j = k; j <= n && pivot != k; j++) (a[k, j], a[pivot, j]) = (a[pivot, j], a[k, j]);
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                if (factor == 0) continue;
                for (int j = k; j <= n; j++) a[i, j] -= factor * a[k, j];
            }
        }
        var times = new double[n];
        for (int i = n - 1; i >= 0; i--)
        {
            double rest = a[i, n];
            for (int j = i + 1; j < n; j++) rest -= a[i, j] * times[j];
            times[i] = rest / a[i, i];
        }
        return times;
    }
}
