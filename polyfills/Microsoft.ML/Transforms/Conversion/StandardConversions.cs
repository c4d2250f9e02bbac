using System.Globalization;
using System.Numerics;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>
/// The conversions between column types that ML.NET has: within the signed and within the unsigned integers, from either to floating point
/// numbers, between those, from booleans to signed integers and floating point numbers, from dates and spans of time to their ticks as Int64 or
/// floating point numbers, to booleans, and to and from text.
/// </summary>
internal static class StandardConversions
{
    private static readonly Type[] Signed = [typeof(sbyte), typeof(short), typeof(int), typeof(long)];
    private static readonly Type[] Unsigned = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];
    private static readonly Type[] Floating = [typeof(float), typeof(double)];

    /// <summary>A <see cref="Func{T, TResult}"/> from one raw type to the other, or null if there is no such conversion.</summary>
    public static Delegate Find(Type from, Type to)
    {
        if (from == to) return Call(nameof(Same), from);
        bool fromNumber = IsNumber(from), toNumber = IsNumber(to);
        if (fromNumber && toNumber) return IsAllowed(from, to) ? Call(nameof(Number), from, to) : null;
        if (from == typeof(bool)) return to == typeof(ReadOnlyMemory<char>) ? BooleanToText() : toNumber && !Unsigned.Contains(to) ? Call(nameof(FromBoolean), to) : null;
        if (from == typeof(DateTime)) return FromTicks<DateTime>(to, date => date.Ticks, "o");
        if (from == typeof(DateTimeOffset)) return FromTicks<DateTimeOffset>(to, date => date.UtcDateTime.Ticks, "o");
        if (from == typeof(TimeSpan)) return FromTicks<TimeSpan>(to, time => time.Ticks, "c");
        if (fromNumber && to == typeof(bool)) return Call(nameof(ToBoolean), from);
        if (fromNumber && to == typeof(ReadOnlyMemory<char>)) return Call(nameof(ToText), from);
        if (from != typeof(ReadOnlyMemory<char>)) return null;
        return to == typeof(bool) ? TextToBoolean() : Floating.Contains(to) ? Call(nameof(TextToFloating), to) : toNumber ? Call(nameof(TextToInteger), to) : null;
    }

    private static bool IsNumber(Type type) => Signed.Contains(type) || Unsigned.Contains(type) || Floating.Contains(type);

    private static bool IsAllowed(Type from, Type to) => Floating.Contains(to)
        || Signed.Contains(from) && Signed.Contains(to)
        || Unsigned.Contains(from) && Unsigned.Contains(to);

    private static Delegate Call(string name, params Type[] arguments) =>
        (Delegate)typeof(StandardConversions).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic).MakeGenericMethod(arguments).Invoke(null, null);

    private static Func<T, T> Same<T>() => value => value;

    private static Func<TFrom, TTo> Number<TFrom, TTo>() where TFrom : INumberBase<TFrom> where TTo : INumberBase<TTo> => TTo.CreateTruncating;

    private static Func<bool, T> FromBoolean<T>() where T : INumberBase<T> => value => value ? T.One : T.Zero;

    private static Delegate FromTicks<T>(Type to, Func<T, long> ticks, string format) where T : IFormattable =>
        to == typeof(long) ? ticks
        : to == typeof(float) ? (T value) => (float)ticks(value)
        : to == typeof(double) ? (T value) => (double)ticks(value)
        : to == typeof(ReadOnlyMemory<char>) ? (T value) => value.ToString(format, null).AsMemory()
        : null;

    private static Func<T, bool> ToBoolean<T>() where T : INumberBase<T> => value => !T.IsZero(value);

    private static Func<T, ReadOnlyMemory<char>> ToText<T>() where T : INumberBase<T>
    {
        string format = typeof(T) == typeof(float) ? "G7" : typeof(T) == typeof(double) ? "G17" : null;
        return value => value.ToString(format, CultureInfo.InvariantCulture).AsMemory();
    }

    private static Func<bool, ReadOnlyMemory<char>> BooleanToText() => value => (value ? "True" : "False").AsMemory();

    // the empty text is zero, and what is no number is missing
    private static Func<ReadOnlyMemory<char>, T> TextToFloating<T>() where T : IFloatingPointIeee754<T> => text =>
    {
        var span = text.Span.Trim();
        if (span.IsEmpty) return T.Zero;
        return T.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : T.NaN;
    };

    private static Func<ReadOnlyMemory<char>, T> TextToInteger<T>() where T : INumberBase<T> => text =>
    {
        var span = text.Span.Trim();
        if (span.IsEmpty) return T.Zero;
        if (T.TryParse(span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)) return value;
        // what is too large is an error, what is no number at all is zero
        Contracts.Check(!BigInteger.TryParse(span, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            $"Overflow or underflow occurred while converting value in text to {typeof(T).Name}.");
        return T.Zero;
    };

    private static Func<ReadOnlyMemory<char>, bool> TextToBoolean() => text => text.Span switch
    {
        "T" or "t" or "Y" or "y" or "1" or "+" => true,
        var span => span.Equals("true", StringComparison.OrdinalIgnoreCase) || span.Equals("yes", StringComparison.OrdinalIgnoreCase)
            || span.Equals("on", StringComparison.OrdinalIgnoreCase) || span is "+1",
    };
}
