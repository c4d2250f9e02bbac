using System.Numerics;
using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>The grid that the numbers of a column lie on: what number stands for each on the line of a <see cref="CellTable{T}"/>.</summary>
/// <typeparam name="T">Type of the column's numbers.</typeparam>
/// <typeparam name="TLine">Whole numbers where there is a grid, or the numbers themselves.</typeparam>
internal abstract class NumberScale<T, TLine>
{
    /// <summary>The nearest number of the grid.</summary>
    public abstract TLine ToLine(T value);

    public abstract T FromLine(TLine value);

    /// <summary>Whether there is a grid.</summary>
    public bool HasGrid => ToDocument() is not null;

    /// <summary>Distance of neighbouring numbers of the grid; 1 without a grid.</summary>
    public abstract double Step { get; }

    /// <summary>The grid as a model file has it; null without one.</summary>
    public abstract GridDocument? ToDocument();
}

/// <summary>Real numbers without a grid.</summary>
internal sealed class RealScale<T> : NumberScale<T, T> where T : IFloatingPointIeee754<T>
{
    public override double Step => 1;

    public override T ToLine(T value) => value;

    public override T FromLine(T value) => value;

    public override GridDocument? ToDocument() => null;
}

/// <summary>Whole numbers: offset + step · i.</summary>
internal sealed class WholeScale(long offset, long step) : NumberScale<long, long>
{
    public long Offset => offset;

    public override double Step => step;

    public override long ToLine(long value)
    {
        var steps = (Int128)value - offset + step / 2;
        var quotient = steps / step;
        return (long)(steps < 0 && quotient * step != steps ? quotient - 1 : quotient);
    }

    public override long FromLine(long value) => (long)Int128.Clamp(offset + (Int128)value * step, long.MinValue, long.MaxValue);

    public override GridDocument ToDocument() => new(0, offset, step);

    /// <summary>The widest grid that all values lie on; its offset is from 0 to below the step.</summary>
    public static WholeScale Of(IEnumerable<long> values)
    {
        long first = values.First();
        var step = UInt128.Zero;
        foreach (long value in values) step = Divisor(step, (UInt128)Int128.Abs((Int128)value - first));
        if (step < 1 || step > long.MaxValue) step = 1;
        return new WholeScale((long)(((Int128)first % (Int128)step + (Int128)step) % (Int128)step), (long)step);
    }

    private static UInt128 Divisor(UInt128 a, UInt128 b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}

/// <summary>Decimal numbers: (offset + step · i) / 10^decimals.</summary>
internal sealed class DecimalScale<T>(int decimals, long offset, long step) : NumberScale<T, long> where T : IFloatingPointIeee754<T>
{
    /// <summary>More of them are no grid.</summary>
    public const int MostDecimals = 12;

    // beyond it, the rounding of the numbers themselves is no longer far below a step, so that they are on a grid by chance
    private static readonly double MostTelling = typeof(T) == typeof(float) ? 1 << 22 : 1L << 48;

    private static readonly double[] Powers = [.. Enumerable.Range(0, MostDecimals + 1).Select(i => Math.Pow(10, i))];

    private readonly WholeScale _whole = new(offset, step);

    public override double Step => _whole.Step / Powers[decimals];

    public override long ToLine(T value) => _whole.ToLine(Whole(value, decimals));

    public override T FromLine(long value) => Decimal(_whole.FromLine(value), decimals);

    public override GridDocument ToDocument() => new(decimals, offset, step);

    /// <summary>The grid with the fewest decimals that all values lie on; null if there is none, or if most lie on it because such numbers have no more digits.</summary>
    public static DecimalScale<T>? Of(IReadOnlyCollection<T> values)
    {
        int decimals = 0;
        foreach (var value in values)
            while (Decimal(Whole(value, decimals), decimals) != value)
                if (++decimals > MostDecimals) return null;
        if (values.Count(value => Math.Abs(double.CreateChecked(value)) * Powers[decimals] > MostTelling) > values.Count / 2) return null;
        var whole = WholeScale.Of(values.Select(value => Whole(value, decimals)));
        return new DecimalScale<T>(decimals, whole.Offset, (long)whole.Step);
    }

    private static long Whole(T value, int decimals) => long.CreateSaturating(Math.Round(double.CreateChecked(value) * Powers[decimals]));

    private static T Decimal(long whole, int decimals) => T.CreateChecked(whole / Powers[decimals]);
}
