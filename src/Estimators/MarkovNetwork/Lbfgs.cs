namespace Microsoft.ML.Generative;

/// <summary>Minimises a smooth convex function by its gradient (L-BFGS, Liu and Nocedal, 1989), with backtracking.</summary>
internal static class Lbfgs
{
    private const int Memory = 10, MostHalvings = 30;
    private const double Sufficient = 1e-4;   // of the fall that the slope promises

    /// <param name="x">Where to start; the minimum in the end.</param>
    /// <param name="evaluate">Gives the value at a point, and writes the gradient.</param>
    /// <param name="iterations">Most steps.</param>
    /// <param name="tolerance">Stops when a step lowers the value by less.</param>
    /// <returns>The value in the end.</returns>
    public static double Minimize(double[] x, Func<double[], double[], double> evaluate, int iterations, double tolerance, CancellationToken cancellation = default)
    {
        var gradient = new double[x.Length];
        var pairs = new List<(double[] S, double[] Y, double Rho)>();
        double value = evaluate(x, gradient);
        for (int i = 0; i < iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] direction = Direction(gradient, pairs);
            double slope = Dot(direction, gradient);
            if (slope >= 0)   // rounding
            {
                pairs.Clear();
                direction = [.. gradient.Select(g => -g)];
                slope = -Dot(gradient, gradient);
            }
            var next = new double[x.Length];
            var nextGradient = new double[x.Length];
            double step = pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(-slope + 1e-300)) : 1, nextValue = double.PositiveInfinity;
            int halvings = 0;
            for (; halvings < MostHalvings; halvings++, step /= 2)
            {
                for (int j = 0; j < x.Length; j++) next[j] = x[j] + step * direction[j];
                nextValue = evaluate(next, nextGradient);
                if (nextValue <= value + Sufficient * step * slope) break;
            }
            if (halvings == MostHalvings) break;
            double[] s = [.. next.Zip(x, (a, b) => a - b)], y = [.. nextGradient.Zip(gradient, (a, b) => a - b)];
            double curvature = Dot(s, y);
            if (curvature > 1e-12 * Dot(y, y)) pairs.Add((s, y, 1 / curvature));
            if (pairs.Count > Memory) pairs.RemoveAt(0);
            double fall = value - nextValue;
            next.CopyTo(x, 0);
            gradient = nextGradient;
            value = nextValue;
            if (fall < tolerance) break;
        }
        return value;
    }

    // the gradient times an estimate of the inverse curvature, by two loops over the last steps
    private static double[] Direction(double[] gradient, List<(double[] S, double[] Y, double Rho)> pairs)
    {
        double[] q = [.. gradient.Select(g => -g)];
        var alphas = new double[pairs.Count];
        for (int k = pairs.Count - 1; k >= 0; k--)
        {
            var (s, y, rho) = pairs[k];
            alphas[k] = rho * Dot(s, q);
            Add(q, -alphas[k], y);
        }
        if (pairs.Count > 0)
        {
            var (_, y, rho) = pairs[^1];
            double scale = 1 / (rho * Dot(y, y));
            for (int j = 0; j < q.Length; j++) q[j] *= scale;
        }
        for (int k = 0; k < pairs.Count; k++)
        {
            var (s, y, rho) = pairs[k];
            Add(q, alphas[k] - rho * Dot(y, q), s);
        }
        return q;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] target, double factor, double[] values)
    {
        for (int i = 0; i < target.Length; i++) target[i] += factor * values[i];
    }
}
