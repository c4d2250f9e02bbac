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
    /// <param name="secondOrder">Whether steps go on with the change of the denoised row in the step before (<see cref="Extrapolation"/>).</param>
    /// <param name="fresh">Gives (batch, features) standard normal noise; not asked for any if η is 0.</param>
    /// <returns>(batch, features) rows with the noise of the last angle.</returns>
    public static Tensor Draw(Velocity velocity, Tensor y, IReadOnlyList<double> angles, double stochasticity, bool secondOrder, Func<Tensor> fresh)
    {
        Tensor? before = null;
        for (int i = 0; i + 1 < angles.Count; i++)
        {
            using var scope = NewDisposeScope();
            var clean = Clean(velocity, y, angles[i]);
            double share = secondOrder ? Extrapolation(angles, i) : 0;
            y = Move(y, share == 0 ? clean : clean + (clean - before!) * share, angles[i], angles[i + 1], stochasticity, fresh).MoveToOuterDisposeScope();
            before = clean.MoveToOuterDisposeScope();
        }
        return y;
    }

    /// <summary>Share of its last change by which a denoised row goes on changing until the middle of a step (DPM-Solver++ 2M, Lu et al., 2022, equation 17); none in the first step, nor in one
    /// that ends without noise.</summary>
    public static double Extrapolation(IReadOnlyList<double> angles, int step) =>
        step == 0 || angles[step + 1] == 0 ? 0 : (CosineSchedule.LogRatio(angles[step + 1]) - CosineSchedule.LogRatio(angles[step])) / (2 * (CosineSchedule.LogRatio(angles[step]) - CosineSchedule.LogRatio(angles[step - 1])));

    /// <summary>Deviation of the fresh noise of a step (equation 16).</summary>
    public static double FreshNoise(double from, double to, double stochasticity)
    {
        double left = Math.Cos(from) / Math.Cos(to);
        return stochasticity * Math.Sin(to) / Math.Sin(from) * Math.Sqrt(Math.Max(0, 1 - left * left));
    }

    /// <summary>What is left of a row's noise in a step: √(sin²φ′ − σ²).</summary>
    public static double OldNoise(double to, double freshNoise) => Math.Sqrt(Math.Max(0, Math.Sin(to) * Math.Sin(to) - freshNoise * freshNoise));

    // x = cosφ·y − sinφ·v
    private static Tensor Clean(Velocity velocity, Tensor y, double angle) => (y * Math.Cos(angle)).add_(velocity(y, angle), -Math.Sin(angle));

    // y′ = cosφ′·x + √(sin²φ′ − σ²)·ε + σ·z with ε = (y − cosφ·x)/sinφ
    private static Tensor Move(Tensor y, Tensor clean, double from, double to, double stochasticity, Func<Tensor> fresh)
    {
        double deviation = FreshNoise(from, to, stochasticity), ofNoise = OldNoise(to, deviation) / Math.Sin(from);
        var next = (clean * (Math.Cos(to) - ofNoise * Math.Cos(from))).add_(y, ofNoise);
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
                var noisy = where(known, AddNoise(x, 0, from, fresh()), y);
                var drawn = Move(noisy, Clean(velocity, noisy, from), from, to, 1, fresh);
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

    /// <summary>The variational bound, but for a constant, by the noise that is found in rows with some of it: −½·∫ ‖ε − ε̂‖² dλ with λ the logarithm of the ratio of row to noise (Kingma et al., 2021, equation 17), each draw of noise at a value of λ of its own,
    /// and with its opposite.</summary>
    /// <param name="y">(batch, features), without noise.</param>
    /// <param name="noises">(features,) or (batch, features) each.</param>
    /// <returns>(batch,), nats</returns>
    public static Tensor Bound(Velocity velocity, Tensor y, IReadOnlyList<Tensor> noises)
    {
        double least = CosineSchedule.LogRatio(CosineSchedule.Angle(LastBoundTime)), step = (CosineSchedule.LogRatio(CosineSchedule.Angle(FirstBoundTime)) - least) / noises.Count;
        var sum = zeros(y.shape[0], y.dtype, y.device);
        for (int i = 0; i < noises.Count; i++)
        {
            double angle = CosineSchedule.AngleOf(least + (i + 0.5) * step);
            foreach (int sign in (int[])[1, -1])
            {
                using var scope = NewDisposeScope();
                var noise = noises[i] * sign;
                var noisy = y * Math.Cos(angle) + noise * Math.Sin(angle);
                var error = (noisy * Math.Sin(angle)).add_(velocity(noisy, angle), Math.Cos(angle)).sub_(noise);   // (batch, features)
                sum.add_(error.square().sum(-1), -step / 4);
            }
        }
        return sum;
    }

    // between which rows with noise tell densities apart
    internal const double FirstBoundTime = 0.03, LastBoundTime = 0.95;
}
