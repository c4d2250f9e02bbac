namespace Microsoft.ML.Generative.Networks;

/// <summary>Orders in which an autoregressive model takes its variables. They follow from their number alone, and so belong to no state: an order with the same
/// number must come out the same for ever, or files of older versions would be read wrongly.</summary>
internal static class VariableOrders
{
    /// <summary>The first order as given, the others shuffled.</summary>
    /// <param name="first">Numbers of the variables in the order in which they are taken; null for one that is shuffled, too.</param>
    /// <returns>For each order, the position of each variable.</returns>
    public static IReadOnlyList<int[]> Positions(int variables, int count, IReadOnlyList<int>? first)
    {
        var all = new List<int[]>();
        for (int number = 0; number < count; number++) all.Add(number == 0 && first is not null ? Inverse(first) : Shuffled(variables, number));
        return all;
    }

    /// <summary>The variables in the order of their positions.</summary>
    public static int[] Inverse(IReadOnlyList<int> positions)
    {
        var result = new int[positions.Count];
        for (int i = 0; i < result.Length; i++) result[positions[i]] = i;
        return result;
    }

    // Fisher and Yates, from the last place down
    private static int[] Shuffled(int variables, int number)
    {
        var result = Enumerable.Range(0, variables).ToArray();
        for (int i = variables - 1; i > 0; i--)
        {
            ulong random = (ulong)RandomSeeds.Of(number, i) << 1;
            int j = (int)(((UInt128)random * (uint)(i + 1)) >> 64);
            (result[i], result[j]) = (result[j], result[i]);
        }
        return result;
    }
}
