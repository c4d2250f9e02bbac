using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The velocity that is expected of rows with noise: E[cosφ·ε − sinφ·x | y].</summary>
/// <param name="y">(batch, features)</param>
/// <param name="angle">φ, the same for all of them.</param>
/// <returns>(batch, features)</returns>
internal delegate Tensor Velocity(Tensor y, double angle);

/// <summary>What is done with a velocity, whoever knows it: drawing rows, filling in, following a row to its noise.</summary>
internal static class DiffusionSteps
{
    /// <summary>Draws rows (DDIM, Song et al., 2021, equation 12).</summary>
    /// <param name="y">(batch, features) rows with noise, at the first angle.</param>
    /// <param name="angles">Falling.</param>
    /// <param name="stochasticity">η: 0 adds no noise, 1 as much as the diffusion took (DDPM).</param>
    /// <param name="fresh">Gives (batch, features) standard normal noise; not asked for any if η is 0.</param>
    /// <returns>(batch, features) rows with the noise of the last angle.</returns>
    public static Tensor Draw(Velocity velocity, Tensor y, IReadOnlyList<double> angles, double stochasticity, Func<Tensor> fresh)
    {
        for (int i = 0; i + 1 < angles.Count; i++)
        {
            using var scope = NewDisposeScope();
            y = Step(velocity, y, angles[i], angles[i + 1], stochasticity, fresh).MoveToOuterDisposeScope();
        }
        return y;
    }

    /// <summary>Deviation of the fresh noise of a step (equation 16).</summary>
    public static double FreshNoise(double from, double to, double stochasticity)
    {
        double left = Math.Cos(from) / Math.Cos(to);
        return stochasticity * Math.Sin(to) / Math.Sin(from) * Math.Sqrt(Math.Max(0, 1 - left * left));
    }

    private static Tensor Step(Velocity velocity, Tensor y, double from, double to, double stochasticity, Func<Tensor> fresh)
    {
        var v = velocity(y, from);
        double deviation = FreshNoise(from, to, stochasticity);
        // y' = cosφ'·x + √(sin²φ' − σ²)·ε + σ·z with x = cosφ·y − sinφ·v and ε = sinφ·y + cosφ·v
        double ofClean = Math.Cos(to), ofNoise = Math.Sqrt(Math.Max(0, Math.Pow(Math.Sin(to), 2) - deviation * deviation));
        var next = y * (ofClean * Math.Cos(from) + ofNoise * Math.Sin(from)) + v * (ofNoise * Math.Cos(from) - ofClean * Math.Sin(from));
        return deviation > 0 ? next.add_(fresh(), deviation) : next;
    }

    /// <summary>Puts noise on rows: from an angle to a greater one.</summary>
    public static Tensor AddNoise(Tensor y, double from, double to, Tensor noise)
    {
        double left = Math.Cos(to) / Math.Cos(from);
        return y * left + noise * Math.Sqrt(Math.Max(0, 1 - left * left));
    }

    /// <summary>Draws what is not known of rows (RePaint, Lugmayr et al., 2022, algorithm 1): at every angle the known numbers take the place of those drawn, with noise of their own; every step is
    /// gone back and done again, so that the two come to fit together.</summary>
    /// <param name="x">(batch, features)</param>
    /// <param name="known">(batch, features), true where x is known.</param>
    /// <param name="repeats">How often every step is done, 1 or more.</param>
    /// <param name="fresh">Gives (batch, features) standard normal noise.</param>
    /// <returns>(batch, features), equal to x where it is known.</returns>
    public static Tensor Fill(Velocity velocity, Tensor x, Tensor known, IReadOnlyList<double> angles, int repeats, Func<Tensor> fresh)
    {
        var y = fresh();
        for (int i = 0; i + 1 < angles.Count; i++)
        {
            double from = angles[i], to = angles[i + 1];
            for (int repeat = 1; repeat <= repeats; repeat++)
            {
                using var scope = NewDisposeScope();
                var drawn = Step(velocity, where(known, AddNoise(x, 0, from, fresh()), y), from, to, 1, fresh);
                y = (repeat < repeats ? AddNoise(drawn, to, from, fresh()) : drawn).MoveToOuterDisposeScope();
            }
        }
        return where(known, x, y);
    }

    /// <summary>The log-density of rows by the flow dy/dφ = v(y, φ), which takes them to standard normal noise (the probability-flow equation, Song et al., 2021b, section 4.3):
    /// log p(y) = log N(y at the end; 0, I) + ∫ div v dφ, by the midpoint rule.</summary>
    /// <param name="y">(batch, features), at the first angle.</param>
    /// <param name="withDivergence">(batch, features) velocity and (batch,) its divergence, by the number of the step; halfway through every step.</param>
    /// <param name="angles">Rising.</param>
    /// <returns>(batch,), nats</returns>
    public static Tensor LogDensity(Velocity velocity, Func<Tensor, double, int, (Tensor Velocity, Tensor Divergence)> withDivergence, Tensor y, IReadOnlyList<double> angles)
    {
        var sum = zeros(y.shape[0], device: y.device);
        for (int i = 0; i + 1 < angles.Count; i++)
        {
            using var scope = NewDisposeScope();
            double step = angles[i + 1] - angles[i];
            var halfway = y.add(velocity(y, angles[i]), step / 2);
            var (v, divergence) = withDivergence(halfway, angles[i] + step / 2, i);
            (y, sum) = (y.add(v, step).MoveToOuterDisposeScope(), sum.add(divergence, step).MoveToOuterDisposeScope());
        }
        return sum.sub_(y.square().sum(-1).div_(2)).sub_(y.shape[1] * Math.Log(2 * Math.PI) / 2);
    }
}
