using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Reads floating-point numbers: the common short ones directly, which is several times faster, all others through .NET.</summary>
internal static class NumberText
{
    // powers of ten that a double holds exactly, so that one multiplication or division rounds correctly
    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    public static bool TryParse(ReadOnlySpan<char> text, char decimalMarker, out double value)
    {
        int at = 0;
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative || (text.Length > 0 && text[0] == '+'))
            at++;

        long digits = 0;
        int first = at, decimals = 0;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
            digits = (10 * digits) + (text[at] - '0');
        int count = at - first;
        if (at < text.Length && text[at] == decimalMarker)
        {
            int point = ++at;
            for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++)
                digits = (10 * digits) + (text[at] - '0');
            decimals = at - point;
            count += decimals;
        }

        int exponent = 0;
        if (at < text.Length && (text[at] | 0x20) == 'e' && !TryReadExponent(text[(at + 1)..], out exponent, ref at))
            return TryParseSlowly(text, decimalMarker, out value);
        exponent -= decimals;

        // up to 15 digits are exact in a double
        if (at != text.Length || count is 0 or > 15 || exponent is < -22 or > 22)
            return TryParseSlowly(text, decimalMarker, out value);
        value = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
        if (isNegative)
            value = -value;
        return true;
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, out int exponent, ref int at)
    {
        int i = text.Length > 0 && text[0] is '-' or '+' ? 1 : 0;
        int first = i;
        exponent = 0;
        for (; i < text.Length && i < first + 4 && (uint)(text[i] - '0') <= 9; i++)
            exponent = (10 * exponent) + (text[i] - '0');
        if (i == first || i < text.Length)
            return false;
        if (text[0] == '-')
            exponent = -exponent;
        at += i + 1;
        return true;
    }

    private static bool TryParseSlowly(ReadOnlySpan<char> text, char decimalMarker, out double value)
    {
        text = text.Trim();
        switch (text)
        {
            case "\u221E":
                value = double.PositiveInfinity;
                return true;
            case "-\u221E":
                value = double.NegativeInfinity;
                return true;
        }
        if (decimalMarker == '.')
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        if (text.Contains('.'))
        {
            value = 0;
            return false;
        }
        return double.TryParse(text.ToString().Replace(decimalMarker, '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
