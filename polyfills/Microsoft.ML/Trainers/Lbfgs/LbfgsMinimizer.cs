namespace Microsoft.ML.Trainers;

/// <summary>
/// Limited-memory BFGS; with an L1 weight or the demand for non-negative weights its orthant-wise variant (Andrew and Gao,
/// "Scalable training of L1-regularized log-linear models", ICML 2007). The first parameters, the biases, are free of both.
/// </summary>
internal sealed class LbfgsMinimizer(int historySize, int biasCount, double l1Weight, bool nonNegative)
{
    private const double SufficientDecrease = 1e-4;
    private const int MaximumBacktracks = 40;
    private const double Averaging = 0.25;

    private readonly List<(double[] Step, double[] Change, double Product)> _history = [];

    public int Iterations { get; private set; }

    /// <summary>
    /// Minimises the function from the start given, in place, and returns its value. Ends when the geometrically weighted
    /// mean of the improvements falls below the tolerance.
    /// </summary>
    public double Minimize(Func<double[], double[], double> function, double[] parameters, double tolerance, int maximumIterations)
    {
        int n = parameters.Length;
        double[] x = parameters, gradient = new double[n], nextX = new double[n], nextGradient = new double[n];
        double[] steepest = new double[n], direction = new double[n];
        double value = function(x, gradient) + Penalty(x);
        if (!double.IsFinite(value)) throw new InvalidOperationException($"Optimizer unable to proceed with loss function yielding {value}");

        double improvement = 0;
        for (Iterations = 1; ; Iterations++)
        {
            SteepestDescent(x, gradient, steepest);
            Direction(steepest, direction);
            double step = _history.Count == 0 ? 1 / Math.Max(Math.Sqrt(Dot(direction, direction)), double.Epsilon) : 1;
            if (!Search(function, x, value, steepest, direction, step, nextX, nextGradient, out double nextValue))
            {
                // Rounding may have spoilt the curvature estimates: once more along the gradient, then it is as good as it gets.
                if (_history.Count == 0) break;
                _history.Clear();
                continue;
            }
            Remember(x, nextX, gradient, nextGradient);

            improvement = value - nextValue + Averaging * improvement;
            (x, nextX, gradient, nextGradient, value) = (nextX, x, nextGradient, gradient, nextValue);
            if (improvement * (1 - Averaging) / (1 - Math.Pow(Averaging, Iterations)) < tolerance || Iterations >= maximumIterations) break;
        }
        if (!ReferenceEquals(x, parameters)) x.CopyTo(parameters, 0);
        return value;
    }

    private double Penalty(double[] x) => l1Weight == 0 ? 0 : l1Weight * SumOfMagnitudes(x.AsSpan(biasCount));

    /// <summary>The negative gradient of the whole objective, of its smallest subgradient where a weight is zero.</summary>
    private void SteepestDescent(double[] x, double[] gradient, double[] descent)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double down = -gradient[i];
            if (i >= biasCount)
                down = x[i] > 0 ? down - l1Weight
                    : nonNegative ? Math.Max(down - l1Weight, 0)
                    : x[i] < 0 ? down + l1Weight
                    : Math.Sign(down) * Math.Max(Math.Abs(down) - l1Weight, 0);
            descent[i] = down;
        }
    }

    /// <summary>The two-loop recursion; weights that the gradient holds at zero, or would push the other way, stay.</summary>
    private void Direction(double[] steepest, double[] direction)
    {
        steepest.CopyTo(direction, 0);
        if (_history.Count == 0) return;
        var factors = new double[_history.Count];
        for (int k = _history.Count - 1; k >= 0; k--)
        {
            var (step, change, product) = _history[k];
            factors[k] = Dot(step, direction) / product;
            AddScaled(change, -factors[k], direction);
        }
        var (_, last, lastProduct) = _history[^1];
        double scale = lastProduct / Dot(last, last);
        for (int i = 0; i < direction.Length; i++) direction[i] *= scale;
        for (int k = 0; k < _history.Count; k++)
        {
            var (step, change, product) = _history[k];
            double beta = Dot(change, direction) / product;
            AddScaled(step, factors[k] - beta, direction);
        }
        if (l1Weight > 0 || nonNegative)
            for (int i = biasCount; i < direction.Length; i++)
                if (direction[i] * steepest[i] <= 0) direction[i] = 0;
    }

    /// <summary>Halves the step until the objective falls enough; weights do not leave their orthant on the way.</summary>
    private bool Search(Func<double[], double[], double> function, double[] x, double value, double[] steepest, double[] direction,
        double step, double[] nextX, double[] nextGradient, out double nextValue)
    {
        nextValue = value;
        if (!(Dot(steepest, direction) > 0)) return false;
        for (int attempt = 0; attempt < MaximumBacktracks; attempt++, step /= 2)
        {
            for (int i = 0; i < x.Length; i++) nextX[i] = x[i] + step * direction[i];
            if (l1Weight > 0 || nonNegative)
                for (int i = biasCount; i < x.Length; i++)
                {
                    double orthant = nonNegative ? 1 : x[i] != 0 ? Math.Sign(x[i]) : Math.Sign(steepest[i]);
                    if (nextX[i] * orthant <= 0) nextX[i] = 0;
                }
            double expected = 0;
            for (int i = 0; i < x.Length; i++) expected += steepest[i] * (nextX[i] - x[i]);
            nextValue = function(nextX, nextGradient) + Penalty(nextX);
            if (nextValue <= value - SufficientDecrease * expected && nextValue < value) return true;
        }
        return false;
    }

    private void Remember(double[] x, double[] nextX, double[] gradient, double[] nextGradient)
    {
        bool full = _history.Count == historySize;
        var (step, change) = full ? (_history[0].Step, _history[0].Change) : (new double[x.Length], new double[x.Length]);
        for (int i = 0; i < x.Length; i++)
        {
            step[i] = nextX[i] - x[i];
            change[i] = nextGradient[i] - gradient[i];
        }
        double product = Dot(step, change);
        if (full) _history.RemoveAt(0);
        if (product > 0) _history.Add((step, change, product));   // else no curvature along this step
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double SumOfMagnitudes(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values) sum += Math.Abs(value);
        return sum;
    }

    private static void AddScaled(double[] values, double factor, double[] sum)
    {
        for (int i = 0; i < sum.Length; i++) sum[i] += factor * values[i];
    }
}
