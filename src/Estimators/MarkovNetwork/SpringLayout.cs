namespace Microsoft.ML.Generative;

/// <summary>Places for the variables of a graph to be drawn at: those with an edge attract each other, all repel each other (Fruchterman and Reingold, 1991).</summary>
internal static class SpringLayout
{
    private const int Iterations = 200;

    /// <returns>Of each variable, from 0 to 1.</returns>
    public static (double X, double Y)[] Of(int count, IReadOnlyList<(int First, int Second)> edges)
    {
        double length = 1 / Math.Sqrt(count);
        double[] x = [.. Enumerable.Range(0, count).Select(i => 0.5 + 0.5 * Math.Cos(2 * Math.PI * i / count))], y = [.. Enumerable.Range(0, count).Select(i => 0.5 + 0.5 * Math.Sin(2 * Math.PI * i / count))];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double[] forceX = new double[count], forceY = new double[count];
            for (int i = 0; i < count; i++)
                for (int j = i + 1; j < count; j++)
                    Push(i, j, distance => length * length / distance);
            foreach (var (i, j) in edges) Push(i, j, distance => -distance * distance / length);
            double most = 0.1 * (1 - iteration / (double)Iterations);   // they cool down
            for (int i = 0; i < count; i++)
            {
                double force = Math.Max(1e-9, Math.Sqrt(forceX[i] * forceX[i] + forceY[i] * forceY[i])), step = Math.Min(force, most) / force;
                x[i] += step * forceX[i];
                y[i] += step * forceY[i];
            }

            void Push(int i, int j, Func<double, double> strength)
            {
                double dx = x[i] - x[j], dy = y[i] - y[j], distance = Math.Max(1e-4, Math.Sqrt(dx * dx + dy * dy)), push = strength(distance) / distance;
                forceX[i] += push * dx;
                forceY[i] += push * dy;
                forceX[j] -= push * dx;
                forceY[j] -= push * dy;
            }
        }
        double lowX = x.Min(), lowY = y.Min(), width = Math.Max(1e-9, Math.Max(x.Max() - lowX, y.Max() - lowY));
        return [.. x.Zip(y, (a, b) => ((a - lowX) / width, (b - lowY) / width))];
    }
}
