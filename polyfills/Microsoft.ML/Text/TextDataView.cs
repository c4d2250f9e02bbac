using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of text files; each cursor reads them anew.</summary>
internal sealed class TextDataView(IHostEnvironment env, IMultiStreamSource source, TextFormat format, TextColumn[] columns, DataViewSchema schema) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(env, source, format, columns, schema, schema.MaskOf(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : RootCursor
    {
        private readonly IMultiStreamSource _source;
        private readonly TextFormat _format;
        private readonly LoadedColumn[] _columns;
        private readonly FieldSplitter _splitter;
        private readonly ParseFaults _faults;
        private readonly bool _hasText;
        private LineReader _lines;
        private int _file = -1;
        private long _left;

        public Cursor(IHostEnvironment env, IMultiStreamSource source, TextFormat format, TextColumn[] columns, DataViewSchema schema, bool[] active)
            : base(schema, active)
        {
            _source = source;
            _format = format;
            _left = format.MaxRows;
            _faults = new(env);
            var loaded = columns.Select((column, i) => !active[i] ? null
                : LoadedColumn.Create(column, format, slot => _faults.BadValue(_lines.LineNumber, column, slot))).ToArray();
            Getters = [.. loaded.Select(column => column?.Getter)];
            _columns = [.. loaded.Where(column => column != null)];
            _hasText = columns.Where((column, i) => active[i] && column.Type.ItemType() is TextDataViewType).Any();
            int needed = columns.Where((_, i) => active[i]).Select(column => column.LastField).DefaultIfEmpty(-1).Max();
            _splitter = new(format, needed, (message, at) => _faults.BadFormat(_source.GetPathOrNull(_file), _lines.LineNumber, at, message));
        }

        protected override Delegate[] Getters { get; }

        protected override bool MoveNextCore()
        {
            try
            {
                if (_left == 0 || !MoveToLine())
                    return false;
                _left--;
                // text may be kept by whoever reads it, so it can't be in the buffer of the reader
                var line = _hasText ? _lines.Line.ToString().AsMemory() : _lines.Line;
                int count = _columns.Length == 0 ? 0 : _splitter.Split(line.Span);
                foreach (var column in _columns)
                    column.Read(line, _splitter, count);
                _faults.Rows++;
                return true;
            }
            catch (Exception inner) when (inner is FormatException or EndOfStreamException)
            {
                throw Contracts.ExceptDecode($"Parsing failed with an exception: {inner.Message} in line {_lines.LineNumber} of {_source.GetPathOrNull(_file) ?? "the text"}", inner);
            }
        }

        protected override void DisposeOwn()
        {
            _lines?.Dispose();
            _faults.Dispose();
        }

        private bool MoveToLine()
        {
            while (_lines == null || !_lines.MoveNext())
            {
                if (_file + 1 >= _source.Count)
                    return false;
                _lines?.Dispose();
                _lines = new(_source.OpenTextReader(++_file), _format);
                if (_format.HasHeader)
                    _lines.MoveNext();
            }
            return true;
        }
    }

    /// <summary>Reports the first faults of a text, and at the end how many there were.</summary>
    private sealed class ParseFaults(IHostEnvironment env) : IDisposable
    {
        private const int MostShown = 10;

        private readonly IChannel _channel = env.Register("TextLoader").Start("ParseStats");
        private long _badValues;
        private long _badFormats;

        public long Rows { get; set; }

        public void BadValue(long line, TextColumn column, int slot)
        {
            if (++_badValues > MostShown)
                return;
            string where = column.Type is VectorDataViewType ? $" at slot {slot}" : "";
            _channel.Info(MessageSensitivity.Schema, $"  Bad value at line {line} in column {column.Name}{where}");
            if (_badValues == MostShown)
                _channel.Info(MessageSensitivity.None, "  Suppressing further bad value messages");
        }

        public void BadFormat(string path, long line, int at, string message)
        {
            if (++_badFormats > MostShown)
                return;
            _channel.Warning(MessageSensitivity.Schema, $"Format error at {path}({line},{at + 1}): {message}");
            if (_badFormats == MostShown)
                _channel.Warning(MessageSensitivity.None, "Suppressing further format error messages");
        }

        public void Dispose()
        {
            if (_badValues + _badFormats > 0)
                _channel.Info(MessageSensitivity.None, $"Processed {Rows} rows with {_badValues} bad values and {_badFormats} format errors");
            _channel.Dispose();
        }
    }
}
