using System.Numerics;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Numbers of one type, in order, and intervals of them: from a first to a last number, both included.</summary>
internal abstract class NumberLine<T> where T : struct, INumber<T>
{
    /// <summary>How large the interval from <paramref name="first"/> to <paramref name="last"/> is: how many whole numbers, or how long.</summary>
    public abstract double Size(T first, T last);

    /// <summary>How far the second number is above the first.</summary>
    public abstract double Distance(T low, T high);

    /// <summary>The number at a share of the interval, from 0 to below 1.</summary>
    public abstract T At(T first, T last, double share);

    /// <summary>At what share of the interval a number of it lies: <see cref="At"/> gives the number again, but for the rounding of real ones.</summary>
    public abstract double ShareOf(T first, T last, T value);

    /// <summary>The lowest number above.</summary>
    public abstract T Next(T value);

    /// <summary>The highest number below.</summary>
    public abstract T Previous(T value);

    /// <summary>The number at a distance, below if that is negative; whole numbers as far as whole steps go.</summary>
    public abstract T Move(T value, double distance);

    /// <summary>A number halfway between two, below the higher one.</summary>
    public abstract T Middle(T low, T high);

    public static NumberLine<T> Of() => (NumberLine<T>)(object)(
        typeof(T) == typeof(long) ? new WholeLine() : typeof(T) == typeof(float) ? new RealLine<float>() : new RealLine<double>());
}

internal sealed class WholeLine : NumberLine<long>
{
    public override double Size(long first, long last) => (double)((Int128)last - first + 1);

    public override double Distance(long low, long high) => (double)((Int128)high - low);

    public override long At(long first, long last, double share)
    {
        var steps = (Int128)(share * Size(first, last));
        return (long)Int128.Min((Int128)first + steps, last);
    }

    public override double ShareOf(long first, long last, long value) => ((double)((Int128)value - first) + 0.5) / Size(first, last);

    public override long Next(long value) => value + 1;

    public override long Previous(long value) => value - 1;

    public override long Move(long value, double distance) => (long)Int128.Clamp((Int128)value + (Int128)distance, long.MinValue, long.MaxValue);

    public override long Middle(long low, long high) => (long)(((Int128)low + high) >> 1);
}

internal sealed class RealLine<T> : NumberLine<T> where T : struct, IFloatingPointIeee754<T>
{
    // so that sums of them are finite
    private const double LargestSize = double.MaxValue / 1e9;

    public override double Size(T first, T last) => Math.Min(double.CreateChecked(last) - double.CreateChecked(first), LargestSize);

    public override double Distance(T low, T high) => Size(low, high);

    public override T At(T first, T last, double share)
    {
        double low = double.CreateChecked(first), high = double.CreateChecked(last);
        return T.Clamp(T.CreateSaturating(low * (1 - share) + high * share), first, last);
    }

    public override double ShareOf(T first, T last, T value)
    {
        double low = double.CreateChecked(first), high = double.CreateChecked(last);
        return high > low ? (double.CreateChecked(value) / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
    }

    public override T Next(T value) => T.BitIncrement(value);

    public override T Previous(T value) => T.BitDecrement(value);

    public override T Move(T value, double distance) => T.CreateSaturating(double.CreateChecked(value) + distance);

    public override T Middle(T low, T high)
    {
        var middle = low / (T.One + T.One) + high / (T.One + T.One);
        return middle >= high || middle < low ? low : middle;
    }
}
