using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Characters that are written and read as a span, without a string per value.</summary>
internal sealed class TextBuffer
{
    private char[] _chars = new char[256];

    public int Length { get; set; }

    public ReadOnlySpan<char> this[Range range] => _chars.AsSpan(0, Length)[range];

    public void Append(char c)
    {
        if (Length == _chars.Length)
            Array.Resize(ref _chars, 2 * Length);
        _chars[Length++] = c;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        while (_chars.Length - Length < text.Length)
            Array.Resize(ref _chars, 2 * _chars.Length);
        text.CopyTo(_chars.AsSpan(Length));
        Length += text.Length;
    }

    public void Append<T>(T value, string format = null)
        where T : ISpanFormattable
    {
        int written;
        while (!value.TryFormat(_chars.AsSpan(Length), out written, format, CultureInfo.InvariantCulture))
            Array.Resize(ref _chars, 2 * _chars.Length);
        Length += written;
    }
}
