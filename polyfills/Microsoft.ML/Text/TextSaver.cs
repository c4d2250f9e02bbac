using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes a view as text, one row per line, so that the text loader reads the same values.</summary>
internal sealed class TextSaver(char separator, bool headerRow, bool schema, bool forceDense)
{
    private delegate void WriteValue<T>(TextBuffer text, T value);

    public void Save(IDataView data, DataViewSchema.Column[] columns, Stream stream)
    {
        Contracts.CheckParam(EmbeddedOptions.CanWrite(separator), nameof(separator), "Invalid separator - must be: space, tab, comma, semicolon, or bar");
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        bool hasHeader = headerRow && columns.Any(column => column.Type is not VectorDataViewType || column.HasSlotNames());
        if (schema)
            writer.Write(EmbeddedOptions.Write(columns.Select(column => (column.Name, column.Type)), separator, hasHeader));

        using var cursor = data.GetRowCursor(columns);
        var line = new TextLine(separator, forceDense);
        if (hasHeader)
        {
            foreach (var column in columns)
                AppendNames(line, column);
            line.WriteTo(writer, "\"\"");
        }
        var writers = columns.Select(column => MakeWriter(cursor, column)).ToArray();
        while (cursor.MoveNext())
        {
            foreach (var write in writers)
                write(line);
            line.WriteTo(writer);
        }
    }

    private void AppendNames(TextLine line, DataViewSchema.Column column)
    {
        var names = column.Type is VectorDataViewType ? column.SlotNamesOrNull() ?? new string[column.Type.ValueCount()] : [column.Name];
        line.BeginColumn("\"\"");
        for (int i = 0; i < names.Length; i++)
        {
            Quote(line.Text, names[i].AsSpan());
            line.EndValue(i);
        }
        line.EndColumn(names.Length);
    }

    private Action<TextLine> MakeWriter(DataViewRow row, DataViewSchema.Column column)
        => (Action<TextLine>)typeof(TextSaver).GetMethod(column.Type is VectorDataViewType ? nameof(MakeVectorWriter) : nameof(MakeScalarWriter), BindingFlags.Instance | BindingFlags.NonPublic)
            .MakeGenericMethod(column.Type.ItemType().RawType).Invoke(this, BindingFlags.DoNotWrapExceptions, null, [row, column], null);

    private Action<TextLine> MakeScalarWriter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var write = ValueWriter<T>(column.Type);
        string empty = TextOf(write, default);
        T value = default;
        return line =>
        {
            getter(ref value);
            line.BeginColumn(empty);
            write(line.Text, value);
            line.EndValue(0);
            line.EndColumn(1);
        };
    }

    private Action<TextLine> MakeVectorWriter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var write = ValueWriter<T>(column.Type.ItemType());
        string empty = TextOf(write, default);
        VBuffer<T> vector = default;
        return line =>
        {
            getter(ref vector);
            line.BeginColumn(empty);
            var values = vector.GetValues();
            var indices = vector.GetIndices();
            for (int i = 0; i < values.Length; i++)
            {
                write(line.Text, values[i]);
                line.EndValue(vector.IsDense ? i : indices[i]);
            }
            line.EndColumn(vector.Length);
        };
    }

    private static string TextOf<T>(WriteValue<T> write, T value)
    {
        var text = new TextBuffer();
        write(text, value);
        return text[..].ToString();
    }

    private WriteValue<T> ValueWriter<T>(DataViewType type)
    {
        Delegate write = type switch
        {
            KeyDataViewType key => (WriteValue<T>)((text, value) =>
            {
                // keys count from 0 in text, and a missing one is nothing
                ulong k = Convert.ToUInt64(value, CultureInfo.InvariantCulture);
                if (0 < k && k <= key.Count)
                    text.Append(k - 1);
            }),
            TextDataViewType => (WriteValue<ReadOnlyMemory<char>>)((text, value) => Quote(text, value.Span)),
            BooleanDataViewType => (WriteValue<bool>)((text, value) => text.Append(value ? '1' : '0')),
            TimeSpanDataViewType => (WriteValue<TimeSpan>)((text, value) => Quoted(text, value, "c")),
            DateTimeDataViewType => (WriteValue<DateTime>)((text, value) => Quoted(text, value, "o")),
            DateTimeOffsetDataViewType => (WriteValue<DateTimeOffset>)((text, value) => Quoted(text, value, "o")),
            _ => NumberWriter(type.RawType),
        };
        return (WriteValue<T>)write;
    }

    private static Delegate NumberWriter(Type type)
    {
        if (type == typeof(float))
            return Real<float>();
        if (type == typeof(double))
            return Real<double>();
        return (Delegate)typeof(TextSaver).GetMethod(nameof(Integer), BindingFlags.Static | BindingFlags.NonPublic).MakeGenericMethod(type).Invoke(null, null);
    }

    private static WriteValue<T> Integer<T>()
        where T : ISpanFormattable
        => (text, value) => text.Append(value);

    private static WriteValue<T> Real<T>()
        where T : System.Numerics.IFloatingPointIeee754<T>
        => (text, value) =>
        {
            if (T.IsNaN(value))
                text.Append('?');
            else
                text.Append(value, "R");
        };

    private static void Quoted<T>(TextBuffer text, T value, string format)
        where T : ISpanFormattable
    {
        text.Append('"');
        text.Append(value, format);
        text.Append('"');
    }

    // a text that the loader would take for something else goes in quotes; empty text is a pair of quotes
    private void Quote(TextBuffer text, ReadOnlySpan<char> value)
    {
        if (!value.IsEmpty && value[0] != ' ' && value.IndexOfAny("\":\r\n") < 0 && !value.Contains(separator))
        {
            text.Append(value);
            return;
        }
        text.Append('"');
        foreach (char c in value)
        {
            if (c == '"')
                text.Append('"');
            text.Append(c);
        }
        text.Append('"');
    }
}

/// <summary>A line that is being written: the values that differ from the default of their column, and where they stand.</summary>
internal sealed class TextLine(char separator, bool forceDense)
{
    // one sparse value costs as much as this many dense ones
    private const double SparseWeight = 2.5;

    private readonly List<(int Field, int Start, int End)> _values = [];
    private readonly List<(int Field, int Value, string Empty)> _columns = []; // where each column begins
    private int _field;
    private int _start;

    public TextBuffer Text { get; } = new();

    public void BeginColumn(string empty)
    {
        _columns.Add((_field, _values.Count, empty));
        _start = Text.Length;
    }

    /// <summary>Ends a value that was added to <see cref="Text"/>.</summary>
    public void EndValue(int slot)
    {
        if (Text[_start..].SequenceEqual(_columns[^1].Empty))
            Text.Length = _start;
        else
            _values.Add((_field + slot, _start, Text.Length));
        _start = Text.Length;
    }

    public void EndColumn(int length) => _field += length;

    /// <summary>Writes the line, and begins a new one.</summary>
    public void WriteTo(TextWriter writer, string empty = null)
    {
        int dense = forceDense ? _columns.Count : DenseColumns();
        int denseFields = dense == _columns.Count ? _field : _columns[dense].Field;
        int next = 0;
        for (int column = 0, field = 0; field < denseFields; field++)
        {
            while (column + 1 < _columns.Count && field >= _columns[column + 1].Field)
                column++;
            if (field > 0)
                writer.Write(separator);
            if (next < _values.Count && _values[next].Field == field)
                Write(writer, _values[next++]);
            else
                writer.Write(empty ?? _columns[column].Empty);
        }
        if (dense < _columns.Count)
            WriteSparse(writer, denseFields, next, empty ?? _columns[dense].Empty);
        writer.Write('\n');
        _values.Clear();
        _columns.Clear();
        Text.Length = _field = _start = 0;
    }

    private void WriteSparse(TextWriter writer, int denseFields, int next, string empty)
    {
        if (denseFields > 0)
            writer.Write(separator);
        writer.Write(_field - denseFields);
        if (next == _values.Count)
            writer.Write($"{separator}0:{empty}"); // the size alone would look like a value
        for (; next < _values.Count; next++)
        {
            writer.Write($"{separator}{_values[next].Field - denseFields}:");
            Write(writer, _values[next]);
        }
    }

    private void Write(TextWriter writer, (int Field, int Start, int End) value) => writer.Write(Text[value.Start..value.End]);

    // from which column on it is shorter to write a sparse line
    private int DenseColumns()
    {
        int best = 0;
        double bestScore = SparseWeight * _values.Count;
        for (int column = 1; column <= _columns.Count; column++)
        {
            var (field, value) = column < _columns.Count ? (_columns[column].Field, _columns[column].Value) : (_field, _values.Count);
            double score = field + (SparseWeight * (_values.Count - value));
            if (score < bestScore)
                (best, bestScore) = (column, score);
        }
        int denseFields = best < _columns.Count ? _columns[best].Field : _field;
        int sparseFields = _field - denseFields;
        return sparseFields < 5 || sparseFields < denseFields / 5 ? _columns.Count : best;
    }
}
