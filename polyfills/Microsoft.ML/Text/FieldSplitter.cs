using System.Buffers;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>A field of a line: where it stands, or its text where that isn't as it stands in the line.</summary>
internal readonly record struct TextField(int Start, int Length, string Unescaped = null)
{
    public bool IsEmpty => Length == 0;

    public ReadOnlySpan<char> In(ReadOnlySpan<char> line) => Unescaped ?? line.Slice(Start, Length);

    public ReadOnlyMemory<char> In(ReadOnlyMemory<char> line) => Unescaped?.AsMemory() ?? line.Slice(Start, Length);
}

/// <summary>
/// Splits a line in fields. The first ones have the indices 0, 1, 2, …; behind them may be sparse ones that say their index, counted from
/// the number of the first ones on.
/// </summary>
/// <param name="format">How the text is laid out.</param>
/// <param name="needed">The last field that is needed; nothing behind it is looked at.</param>
/// <param name="fault">Is told what is wrong with a line, and at which character.</param>
internal sealed class FieldSplitter(TextFormat format, int needed, Action<string, int> fault)
{
    private readonly SearchValues<char> _separators = SearchValues.Create(format.Separators);
    private readonly char _separator = format.Separators[0];
    private readonly bool _oneSeparator = format.Separators.Length == 1;
    private readonly bool _spaceSeparates = format.Separators.Contains(' ');
    private readonly StringBuilder _unescaped = new();
    private TextField[] _fields = new TextField[64];
    private int[] _sparseIndices = [];
    private int _position;
    private TextField _field;
    private int _sparseIndex;

    /// <summary>The fields: first <see cref="DenseCount"/> ones whose position is their index, then the sparse ones.</summary>
    public ReadOnlySpan<TextField> Fields => _fields.AsSpan(0, Count);

    public int Count { get; private set; }

    public int DenseCount { get; private set; }

    /// <summary>The index of a sparse field, by its position.</summary>
    public int IndexAt(int position) => position < DenseCount ? position : _sparseIndices[position];

    /// <summary>The position of the first field whose index is at least <paramref name="index"/>.</summary>
    public int PositionOf(int index)
    {
        if (index < DenseCount)
            return index;
        if (Count == DenseCount)
            return Count;
        int at = _sparseIndices.AsSpan(DenseCount, Count - DenseCount).BinarySearch(index);
        return DenseCount + (at < 0 ? ~at : at);
    }

    /// <summary>Splits a line; gives the number of fields that it has, or says that it has.</summary>
    public int Split(ReadOnlySpan<char> line)
    {
        if (format.Trim)
            line = line.TrimEnd();
        Count = DenseCount = _position = 0;
        return format.Sparse ? SplitSparse(line) : SplitDense(line);
    }

    private int SplitDense(ReadOnlySpan<char> line)
    {
        bool more;
        do
        {
            more = Next(line);
            Add(_field, Count);
            DenseCount = Count;
        }
        while (more && Count <= needed);
        return Count;
    }

    private int SplitSparse(ReadOnlySpan<char> line)
    {
        int size = 0, last = -1; // of the sparse part
        bool isSparse = false, more = true;
        while (more)
        {
            more = Next(line);
            if (_sparseIndex < 0)
            {
                if (isSparse)
                {
                    fault("Non-sparse formatted value follows sparse formatted value", _field.Start);
                    break;
                }
                Add(_field, Count);
                DenseCount = Count;
                // one more than is needed, since it may be the size of a sparse part
                if (Count > needed + 2L)
                    break;
                continue;
            }
            if (!isSparse)
            {
                isSparse = true;
                if (format.InputSize > 0)
                    size = format.InputSize - DenseCount;
                else if (!TakeSize(line, out size))
                    break;
            }
            if (_sparseIndex >= size)
            {
                fault("Sparse item index larger than expected. Is the specified size incorrect?", _field.Start);
                break;
            }
            if (_sparseIndex <= last)
            {
                fault("Sparse indices out of order", _field.Start);
                break;
            }
            last = _sparseIndex;
            if (DenseCount + (long)_sparseIndex > needed)
                break;
            if (!_field.IsEmpty)
                Add(_field, DenseCount + _sparseIndex);
        }
        return isSparse ? DenseCount + size : Math.Max(DenseCount, format.InputSize);
    }

    // the field before the first sparse one is the number of fields that could follow
    private bool TakeSize(ReadOnlySpan<char> line, out int size)
    {
        size = 0;
        if (DenseCount == 0 || _fields[DenseCount - 1].IsEmpty)
        {
            fault("Missing dimensionality or ambiguous sparse item. Use sparse=- for non-sparse file, and/or quote the value.", _field.Start);
            return false;
        }
        if (!int.TryParse(_fields[DenseCount - 1].In(line), System.Globalization.NumberStyles.None, null, out size) || size <= 0)
        {
            fault("Bad dimensionality or ambiguous sparse item. Use sparse=- for non-sparse file, and/or quote the value.", _field.Start);
            size = 0;
            return false;
        }
        Count = --DenseCount;
        size = Math.Min(size, int.MaxValue - 1 - DenseCount);
        return true;
    }

    private void Add(TextField field, int index)
    {
        if (Count == _fields.Length)
            Array.Resize(ref _fields, 2 * Count);
        _fields[Count] = field;
        if (format.Sparse)
        {
            if (_sparseIndices.Length < _fields.Length)
                Array.Resize(ref _sparseIndices, _fields.Length);
            _sparseIndices[Count] = index;
        }
        Count++;
    }

    // reads one field; whether there is another one
    private bool Next(ReadOnlySpan<char> line)
    {
        int at = SkipSpaces(line, _position);
        _sparseIndex = -1;
        if (at < line.Length && format.Sparse && char.IsAsciiDigit(line[at]))
            at = ReadSparseIndex(line, at);
        if (at >= line.Length)
        {
            _field = new(line.Length, 0);
            _position = line.Length;
            return false;
        }
        if (line[at] == '"' && format.Quoting)
            at = ReadQuoted(line, at + 1);
        else
        {
            int length = _oneSeparator ? line[at..].IndexOf(_separator) : line[at..].IndexOfAny(_separators);
            if (length < 0)
                length = line.Length - at;
            _field = new(at, length);
            at += length;
        }
        _position = at + 1;
        return at < line.Length;
    }

    private int SkipSpaces(ReadOnlySpan<char> line, int at)
    {
        if (!_spaceSeparates)
            while (at < line.Length && line[at] == ' ')
                at++;
        return at;
    }

    // "12:" makes the field a sparse one; nine digits at most, so that it can't overflow
    private int ReadSparseIndex(ReadOnlySpan<char> line, int at)
    {
        int end = at, index = 0;
        for (; end < line.Length && end < at + 9 && char.IsAsciiDigit(line[end]); end++)
            index = (10 * index) + (line[end] - '0');
        if (end >= line.Length || line[end] != ':')
            return at;
        _sparseIndex = index;
        return SkipSpaces(line, end + 1);
    }

    private int ReadQuoted(ReadOnlySpan<char> line, int at)
    {
        int start = at;
        bool isClosed = false, isEscaped = false;
        for (; at < line.Length && !isClosed; at++)
        {
            if (line[at] == format.EscapeChar && at + 1 < line.Length && line[at + 1] == '"')
            {
                if (!isEscaped)
                    _unescaped.Clear();
                isEscaped = true;
                _unescaped.Append(line[start..at]).Append('"');
                start = ++at + 1;
            }
            else
                isClosed = line[at] == '"';
        }
        int end = isClosed ? at - 1 : at;
        bool isFaulty = !isClosed;

        // nothing but spaces may stand between the quote and the separator
        for (; at < line.Length && !_separators.Contains(line[at]); at++)
            isFaulty |= line[at] != ' ';
        if (isFaulty)
            fault("Illegal quoting", start);
        if (isFaulty)
            _field = new(start, 0);
        else if (!isEscaped)
            _field = new(start, end - start);
        else
        {
            string text = _unescaped.Append(line[start..end]).ToString();
            _field = new(start, text.Length, text);
        }
        return at;
    }
}
