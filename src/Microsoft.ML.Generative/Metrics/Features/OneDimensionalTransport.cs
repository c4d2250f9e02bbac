namespace Microsoft.ML.Generative.Metrics;

/// <summary>The exact Wasserstein distances between numbers: between the quantile functions, W₁ = ∫ |F⁻¹ − G⁻¹|, W₂² = ∫ (F⁻¹ − G⁻¹)² (Peyré and Cuturi, Computational Optimal Transport,
/// 2019, remark 2.30).</summary>
/// <param name="W1">In the unit of the numbers.</param>
/// <param name="W2Squared">In its square.</param>
internal readonly record struct OneDimensionalTransport(double W1, double W2Squared)
{
    /// <param name="first">One or more numbers, none of them NaN.</param>
    /// <param name="second">The same; as many or not.</param>
    public static OneDimensionalTransport Between(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double[] a = first.ToArray(), b = second.ToArray();
        Array.Sort(a);
        Array.Sort(b);
        double linear = 0, squared = 0;
        // positions in units of 1/(n·m), so that equal ones are equal
        for ((long i, long j, long at) = (0, 0, 0); i < a.Length && j < b.Length;)
        {
            long endOfA = (i + 1) * b.Length, endOfB = (j + 1) * a.Length, next = Math.Min(endOfA, endOfB);
            double difference = Math.Abs(a[i] - b[j]);
            linear += (next - at) * difference;
            squared += (next - at) * difference * difference;
            at = next;
            if (next == endOfA) i++;
            if (next == endOfB) j++;
        }
        double all = (double)a.Length * b.Length;
        return new(linear / all, squared / all);
    }
}
