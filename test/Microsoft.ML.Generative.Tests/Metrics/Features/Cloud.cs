using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Metrics;

/// <summary>Made-up points.</summary>
internal static class Cloud
{
    /// <summary>Normal numbers, always the same for a seed.</summary>
    public static double[,] Normal(int rows, int columns, int seed, double shift = 0, double scale = 1)
    {
        var random = new Random(seed);
        var values = new double[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) values[i, j] = shift + scale * Rows.Normal(random);
        return values;
    }

    public static torch.Tensor Tensor(double[,] values) => torch.tensor(values);

    /// <summary>Points of one dimension.</summary>
    public static torch.Tensor Line(params double[] values) => torch.tensor(values).unsqueeze(1);

    /// <summary>The same rows in another order.</summary>
    public static double[,] Shuffled(double[,] values, int seed)
    {
        int[] order = [.. Enumerable.Range(0, values.GetLength(0))];
        new Random(seed).Shuffle(order);
        var result = new double[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < order.Length; i++)
            for (int j = 0; j < values.GetLength(1); j++) result[i, j] = values[order[i], j];
        return result;
    }

    public static double SquaredDistance(double[,] a, int i, double[,] b, int j) =>
        Enumerable.Range(0, a.GetLength(1)).Sum(c => Math.Pow(a[i, c] - b[j, c], 2));
}
