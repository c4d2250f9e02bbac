using System.Buffers;

namespace Microsoft.ML.Data;

/// <summary>
/// Reads the lines of a text that count: not empty ones, not those that start with // and, before the first that counts, not those
/// that start with #. Lines are parts of one buffer, valid until the next one is read.
/// </summary>
internal sealed class LineReader(TextReader reader, TextFormat format) : IDisposable
{
    private static readonly SearchValues<char> LineEnds = SearchValues.Create('\r', '\n');

    private char[] _buffer = new char[1 << 16];
    private int _start; // of what isn't read yet
    private int _end;
    private bool _atEnd;
    private bool _skipLineFeed; // after a carriage return
    private bool _begun;

    /// <summary>The number of the line, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The line in which a field that goes over several lines was opened, or the line itself.</summary>
    public ReadOnlyMemory<char> Line { get; private set; }

    public bool MoveNext()
    {
        while (ReadLine())
        {
            if (Line.Length == 0 || IsComment(Line.Span))
                continue;
            if (format.Multilines)
                JoinLines();
            _begun = true;
            return true;
        }
        return false;
    }

    public void Dispose() => reader.Dispose();

    private bool IsComment(ReadOnlySpan<char> line) => line.StartsWith("//") || (!_begun && line[0] == '#');

    private void JoinLines()
    {
        bool isOpen = EndsInsideQuotes(Line.Span, startsInside: false);
        if (!isOpen)
            return;
        long opened = LineNumber;
        var joined = new ArrayBufferWriter<char>();
        joined.Write(Line.Span);
        while (isOpen)
        {
            if (!ReadLine())
                throw new EndOfStreamException($"A quoted field opened on line {opened} was never closed, and we've read to the last line in the file without finding the closing quote");
            joined.Write("\n");
            joined.Write(Line.Span);
            isOpen = EndsInsideQuotes(Line.Span, startsInside: true);
        }
        Line = joined.WrittenMemory;
    }

    // fields are quoted only from their first character on, so a quote in the middle of one opens nothing
    private bool EndsInsideQuotes(ReadOnlySpan<char> line, bool startsInside)
    {
        bool inside = startsInside, atStart = !startsInside, spaceSeparates = format.Separators.Contains(' ');
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (inside)
            {
                if (c == format.EscapeChar && i + 1 < line.Length && line[i + 1] == '"')
                    i++;
                else if (c == '"')
                    inside = false;
            }
            else if (c == '"' && atStart)
            {
                inside = true;
                atStart = false;
            }
            else
                atStart = format.Separators.Contains(c) || (atStart && c == ' ' && !spaceSeparates);
        }
        return inside;
    }

    private bool ReadLine()
    {
        int searched = 0;
        while (true)
        {
            if (_skipLineFeed && _start < _end)
            {
                _skipLineFeed = false;
                if (_buffer[_start] == '\n')
                    _start++;
            }
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny(LineEnds);
            if (length >= 0)
            {
                length += searched;
                TakeLine(length);
                _skipLineFeed = _buffer[_start + length] == '\r';
                _start += length + 1;
                return true;
            }
            searched = _end - _start;
            if (!Fill())
            {
                if (searched == 0)
                    return false;
                TakeLine(searched);
                _start = _end;
                return true;
            }
        }
    }

    private void TakeLine(int length)
    {
        LineNumber++;
        Line = _buffer.AsMemory(_start, length);
    }

    // moves what is left to the front, makes room, and reads on
    private bool Fill()
    {
        if (_atEnd)
            return false;
        int left = _end - _start;
        var target = left > _buffer.Length / 2 ? new char[2 * _buffer.Length] : _buffer;
        _buffer.AsSpan(_start, left).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = left;
        int count = reader.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _atEnd = count == 0;
        return count > 0;
    }
}
