using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The Sinkhorn divergence between rows, with the squared Euclidean distance as the cost: OT_ε(x, y) − ½ OT_ε(x, x) − ½ OT_ε(y, y) (Feydy et al., Interpolating between optimal transport and MMD using
/// Sinkhorn divergences, AISTATS 2019, equation 3), by potentials in logarithms, in blocks.</summary>
/// <remarks>As ε goes to 0 it is W₂², as it grows the squared distance of the means. ε starts at the largest cost there can be and is halved step by step, then stays until the marginals are met.</remarks>
/// <param name="Divergence">0 or more, in the squared unit of the features.</param>
/// <param name="Steps">Steps made at the last ε.</param>
/// <param name="MarginalError">How far the plan is from having the weights of the rows: the sum of the absolute differences, 0 to 2.</param>
internal sealed record EntropicTransport(double Divergence, int Steps, double MarginalError)
{
    private const int BlockRows = 512;   // a block of doubles then fits the second cache

    /// <param name="first">(n, d), Double.</param>
    /// <param name="second">(m, d), Double.</param>
    /// <param name="epsilon">In the squared unit of the features, over 0.</param>
    /// <param name="mostSteps">At the last ε.</param>
    /// <param name="tolerance">Of the marginals.</param>
    public static EntropicTransport Between(Tensor first, Tensor second, double epsilon, int mostSteps, double tolerance, int blockRows = BlockRows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var centre = first.mean([0], keepdim: true);
        var (x, y) = (new Points(first - centre, blockRows), new Points(second - centre, blockRows));
        double largest = 4 * Math.Max(x.Norms.max().ToDouble(), y.Norms.max().ToDouble());
        var (f, g, own, other) = (zeros_like(x.Norms), zeros_like(y.Norms), zeros_like(x.Norms), zeros_like(y.Norms));
        (int Steps, double Error)[] runs =
        [
            Run(e =>
            {
                using var step = NewDisposeScope();
                var next = x.Potential(y, g, e);
                double error = Error(f, next, e);   // g meets the weights of its rows; this is what f lacks
                f.copy_(next);
                g.copy_(y.Potential(x, f, e));
                return error;
            }),
            Run(e => Average(x, own, e)),
            Run(e => Average(y, other, e)),
        ];
        double divergence = ((f - own).mean() + (g - other).mean()).ToDouble();
        return new(Math.Max(0, divergence), runs.Max(r => r.Steps), runs.Max(r => r.Error));

        (int, double) Run(Func<double, double> step)
        {
            for (double e = largest; e > epsilon; e /= 2) _ = step(e);
            for (int steps = 1; ; steps++)
            {
                double error = step(epsilon);
                if (steps == mostSteps || error <= tolerance) return (steps, error);
            }
        }

        // of rows with themselves both potentials are one; halfway to the next it converges in a few steps
        static double Average(Points points, Tensor potential, double e)
        {
            using var step = NewDisposeScope();
            var next = points.Potential(points, potential, e);
            double error = Error(potential, next, e);
            potential.add_(next).div_(2);
            return error;
        }

        static double Error(Tensor potential, Tensor next, double e) => ((potential - next) / e).exp().sub(1).abs().mean().ToDouble();
    }

    /// <summary>Rows of equal weight, with the mean taken off.</summary>
    private sealed class Points(Tensor values, int blockRows)
    {
        public Tensor Norms { get; } = (values * values).sum(dim: 1);   // (n)

        private Tensor Values => values;

        /// <summary>−ε log meanⱼ exp((gⱼ − ‖xᵢ − yⱼ‖²)/ε), for all i: (n).</summary>
        public Tensor Potential(Points others, Tensor potential, double epsilon)
        {
            using var scope = NewDisposeScope();
            var bias = (potential - others.Norms).div_(epsilon).sub_(Math.Log(others.Values.shape[0])).unsqueeze(0);   // (1, m)
            var result = empty_like(Norms);
            for (long row = 0; row < values.shape[0]; row += blockRows)
            {
                using var rowScope = NewDisposeScope();
                long rows = Math.Min(blockRows, values.shape[0] - row);
                var scaled = values.narrow(0, row, rows) * (2 / epsilon);
                var sums = new List<Tensor>();
                for (long column = 0; column < others.Values.shape[0]; column += blockRows)
                {
                    using var block = NewDisposeScope();
                    long columns = Math.Min(blockRows, others.Values.shape[0] - column);
                    var exponents = bias.narrow(1, column, columns).addmm(scaled, others.Values.narrow(0, column, columns).t());   // (rows, columns)
                    sums.Add(exponents.logsumexp(1).MoveToOuterDisposeScope());
                }
                result.narrow(0, row, rows).copy_(Norms.narrow(0, row, rows) - stack(sums, 1).logsumexp(1) * epsilon);
            }
            return result.MoveToOuterDisposeScope();
        }
    }
}
