using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

internal static class Expect
{
    /// <summary>The elements as numbers, whatever their type.</summary>
    public static double[] Values(Tensor t)
    {
        using var numbers = t.to(float64);
        return numbers.data<double>().ToArray();
    }

    public static void Equal(double[] expected, Tensor actual, double tolerance = 1e-12)
    {
        using (actual)
        {
            var values = Values(actual);
            Assert.Equal(expected.Length, values.Length);
            for (int i = 0; i < expected.Length; i++)
                Assert.True(expected[i].Equals(values[i])
                    || Math.Abs(expected[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                    $"element {i}: expected {expected[i]:R}, got {values[i]:R}, of [{string.Join(", ", values)}]");
        }
    }

    public static void Equal(double expected, Tensor actual, double tolerance = 1e-12) => Equal([expected], actual, tolerance);

    public static void Shape(Tensor actual, params long[] expected)
    {
        using (actual) Assert.Equal(expected, actual.shape);
    }
}
