using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Smooth functions of the rank of a value, by which tokens next to each other can share what is learnt of them: √2·cos(π·k·rank)/√k, k from 1 on, at the middle of each
/// token's share of the rows.</summary>
internal static class OrdinalBasis
{
    public const int Functions = 8;

    // fewer tokens have little to share
    private const int FewestTokens = 6;

    public static bool Suits(TokenColumn column) => column.IsNumber.Count(isNumber => isNumber) >= FewestTokens;

    /// <returns>For each token that is a number, in the order of the tokens, which is that of the values: as many numbers as there are functions.</returns>
    public static IEnumerable<(int Token, float[] Values)> Of(TokenColumn column)
    {
        int[] tokens = [.. Enumerable.Range(0, column.Categories).Where(token => column.IsNumber[token])];
        double below = 0, total = Math.Max(1, tokens.Sum(token => (double)column.Counts[token]));
        foreach (int token in tokens)
        {
            double rank = (below + column.Counts[token] / 2) / total;
            below += column.Counts[token];
            yield return (token, [.. Enumerable.Range(1, Functions).Select(k => (float)(Math.Sqrt(2.0 / k) * Math.Cos(Math.PI * k * rank)))]);
        }
    }
}
