using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Reads one value from a field that isn't empty.</summary>
internal interface IValueParser<T>
{
    /// <summary>Whether there is a missing value, which stands for what can't be read.</summary>
    bool HasMissing { get; }

    bool TryParse(ReadOnlySpan<char> text, out T value);
}

/// <summary>Floating-point numbers; ?, NA, N/A and NaN are missing, and so is what can't be read.</summary>
internal readonly struct RealParser<T>(char decimalMarker) : IValueParser<T>
    where T : struct, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    public bool HasMissing => true;

    public bool TryParse(ReadOnlySpan<char> text, out T value)
    {
        if (NumberText.TryParse(text, decimalMarker, out double number))
        {
            value = T.CreateTruncating(number);
            return true;
        }
        value = T.NaN;
        return IsMissing(text);
    }

    private static bool IsMissing(ReadOnlySpan<char> text)
        => text is "?" || text.Equals("NA", StringComparison.OrdinalIgnoreCase) || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
            || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    internal static bool IsMissingText(ReadOnlySpan<char> text) => IsMissing(text);
}

/// <summary>Integers: an optional sign where the type has one, and digits.</summary>
internal readonly struct IntegerParser<T> : IValueParser<T>
    where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T>
{
    public bool HasMissing => false;

    public bool TryParse(ReadOnlySpan<char> text, out T value)
        => T.TryParse(text, T.IsZero(T.MinValue) ? NumberStyles.None : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && text[0] != '+';
}

/// <summary>Keys, which the text counts from 0; ?, NA, N/A and NaN are missing, and so is what can't be read or is too large.</summary>
internal readonly struct KeyParser<T>(ulong count) : IValueParser<T>
    where T : struct, System.Numerics.IBinaryInteger<T>
{
    public bool HasMissing => true;

    public bool TryParse(ReadOnlySpan<char> text, out T value)
    {
        bool isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong key);
        value = isNumber && key < count ? T.CreateTruncating(key + 1) : T.Zero;
        return isNumber ? key < count : RealParser<double>.IsMissingText(text);
    }
}

/// <summary>True, t, yes, y, 1, + and +1; false, f, no, n, 0, - and -1.</summary>
internal readonly struct BooleanParser : IValueParser<bool>
{
    public bool HasMissing => false;

    public bool TryParse(ReadOnlySpan<char> text, out bool value)
    {
        value = Is(text, "1") || Is(text, "true") || Is(text, "t") || Is(text, "yes") || Is(text, "y") || Is(text, "+") || Is(text, "+1");
        return value || Is(text, "0") || Is(text, "false") || Is(text, "f") || Is(text, "no") || Is(text, "n") || Is(text, "-") || Is(text, "-1");
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Spans and points of time, in any form that .NET reads with the invariant culture; without a zone they are in UTC.</summary>
internal readonly struct TimeParser : IValueParser<TimeSpan>, IValueParser<DateTime>, IValueParser<DateTimeOffset>
{
    public bool HasMissing => false;

    public bool TryParse(ReadOnlySpan<char> text, out TimeSpan value) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);

    public bool TryParse(ReadOnlySpan<char> text, out DateTime value)
        => DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);

    public bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset value)
        => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
}
