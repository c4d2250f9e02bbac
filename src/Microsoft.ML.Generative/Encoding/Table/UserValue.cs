using System.Globalization;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Values as users give them, as objects, in the type of a column.</summary>
internal static class UserValue
{
    /// <summary>A value of the type, a string for a text, or a number that the type of another number can hold: real numbers are rounded to it.</summary>
    public static bool TryConvert<T>(object value, out T converted)
    {
        if (value is T own)
        {
            converted = own;
            return true;
        }
        converted = default!;
        if (value is string text && typeof(T) == typeof(ReadOnlyMemory<char>)) converted = (T)(object)text.AsMemory();
        else if (IsNumber(typeof(T)) && IsNumber(value.GetType()) && TryChange(value, typeof(T)) is { } number) converted = (T)number;
        else return false;
        return true;
    }

    private static object? TryChange(object value, Type type)
    {
        bool isReal = type == typeof(float) || type == typeof(double);
        double real = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!isReal && real != Math.Floor(real)) return null;
        try
        {
            return Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
