namespace Microsoft.ML.Data;

/// <summary>Reads the value of one column from the fields of a line, and has it until the next line.</summary>
internal abstract class LoadedColumn
{
    public abstract Delegate Getter { get; }

    public abstract void Read(ReadOnlyMemory<char> line, FieldSplitter fields, int fieldCount);

    /// <summary>Makes the column for a type.</summary>
    public static LoadedColumn Create(TextColumn column, TextFormat format, Action<int> badValue)
    {
        if (column.Type.ItemType() is TextDataViewType)
            return column.Type is VectorDataViewType ? new TextVector(column) : new TextScalar(column);
        if (column.Type.ItemType() is KeyDataViewType key)
            return key.RawType == typeof(byte) ? Make<byte, KeyParser<byte>>(new(key.Count))
                : key.RawType == typeof(ushort) ? Make<ushort, KeyParser<ushort>>(new(key.Count))
                : key.RawType == typeof(uint) ? Make<uint, KeyParser<uint>>(new(key.Count))
                : Make<ulong, KeyParser<ulong>>(new(key.Count));
        return PrimitiveTypes.KindOf(column.Type.ItemType()) switch
        {
            DataKind.Single => Make<float, RealParser<float>>(new(format.DecimalMarker), float.NaN),
            DataKind.Double => Make<double, RealParser<double>>(new(format.DecimalMarker), double.NaN),
            DataKind.SByte => Make<sbyte, IntegerParser<sbyte>>(default),
            DataKind.Byte => Make<byte, IntegerParser<byte>>(default),
            DataKind.Int16 => Make<short, IntegerParser<short>>(default),
            DataKind.UInt16 => Make<ushort, IntegerParser<ushort>>(default),
            DataKind.Int32 => Make<int, IntegerParser<int>>(default),
            DataKind.UInt32 => Make<uint, IntegerParser<uint>>(default),
            DataKind.Int64 => Make<long, IntegerParser<long>>(default),
            DataKind.UInt64 => Make<ulong, IntegerParser<ulong>>(default),
            DataKind.Boolean => Make<bool, BooleanParser>(default),
            DataKind.TimeSpan => Make<TimeSpan, TimeParser>(default),
            DataKind.DateTime => Make<DateTime, TimeParser>(default),
            _ => Make<DateTimeOffset, TimeParser>(default),
        };

        // with MissingRealsAsNaNs an empty field is NaN where that is a value, else it is the default
        LoadedColumn Make<T, TParser>(TParser parser, T nan = default)
            where TParser : struct, IValueParser<T>
        {
            var empty = format.MissingRealsAsNaNs ? nan : default;
            return column.Type is VectorDataViewType
                ? new Vector<T, TParser>(column, parser, empty, badValue)
                : new Scalar<T, TParser>(column, parser, empty, badValue);
        }
    }

    private static FormatException Unreadable(ReadOnlySpan<char> text, TextColumn column, int slot)
        => new($"Could not parse value {text} in {(column.Type is VectorDataViewType ? $"slot {slot} of " : "")}column {column.Name}");

    private sealed class Scalar<T, TParser>(TextColumn column, TParser parser, T empty, Action<int> badValue) : LoadedColumn
        where TParser : struct, IValueParser<T>
    {
        private T _value;

        public override Delegate Getter => (ValueGetter<T>)((ref T value) => value = _value);

        public override void Read(ReadOnlyMemory<char> line, FieldSplitter fields, int fieldCount)
        {
            int source = column.Segments[0].Min, at = fields.PositionOf(source);
            if (at >= fields.Count || fields.IndexAt(at) != source || fields.Fields[at].IsEmpty)
            {
                _value = empty;
                return;
            }
            var text = fields.Fields[at].In(line.Span);
            if (parser.TryParse(text, out _value))
                return;
            if (!parser.HasMissing)
                throw Unreadable(text, column, 0);
            badValue(0);
        }
    }

    private sealed class Vector<T, TParser>(TextColumn column, TParser parser, T empty, Action<int> badValue) : LoadedColumn
        where TParser : struct, IValueParser<T>
    {
        private readonly bool _emptyIsDefault = EqualityComparer<T>.Default.Equals(empty, default);
        private VBuffer<T> _value;

        public override Delegate Getter => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _value.CopyTo(ref value));

        public override void Read(ReadOnlyMemory<char> line, FieldSplitter fields, int fieldCount)
        {
            int size = column.SizeOf(fieldCount);
            int present = 0;
            foreach (var segment in column.Segments)
                for (int at = fields.PositionOf(segment.Min), end = fields.PositionOf(segment.EndOf(fieldCount)); at < end; at++)
                    if (!fields.Fields[at].IsEmpty)
                        present++;

            // a line that has less than half of the values makes a sparse vector
            bool isDense = present >= (size + 1) / 2 || !_emptyIsDefault;
            var editor = VBufferEditor.Create(ref _value, size, isDense ? size : present);
            if (isDense && present < size)
                editor.Values.Clear();
            int slotBase = 0, next = 0;
            var span = line.Span;
            foreach (var segment in column.Segments)
            {
                int limit = segment.EndOf(fieldCount);
                if (!_emptyIsDefault)
                    FillEmpty(editor.Values.Slice(slotBase, limit - segment.Min), segment.Min, fields);
                for (int at = fields.PositionOf(segment.Min), end = fields.PositionOf(limit); at < end; at++)
                {
                    var field = fields.Fields[at];
                    if (field.IsEmpty)
                        continue;
                    int slot = slotBase + fields.IndexAt(at) - segment.Min;
                    if (!isDense)
                        editor.Indices[next] = slot;
                    ReadOne(field.In(span), slot, ref editor.Values[isDense ? slot : next++]);
                }
                slotBase += limit - segment.Min;
            }
            _value = editor.Commit();
        }

        private void ReadOne(ReadOnlySpan<char> text, int slot, ref T value)
        {
            if (parser.TryParse(text, out value))
                return;
            if (!parser.HasMissing)
                throw Unreadable(text, column, slot);
            badValue(slot);
        }

        // what a line without sparse fields lacks is empty; what one with them leaves out is the default
        private void FillEmpty(Span<T> values, int min, FieldSplitter fields)
        {
            bool isSparse = fields.Count > fields.DenseCount;
            values[..Math.Clamp(isSparse ? fields.DenseCount - min : values.Length, 0, values.Length)].Fill(empty);
        }
    }

    private sealed class TextScalar(TextColumn column) : LoadedColumn
    {
        private ReadOnlyMemory<char> _value;

        public override Delegate Getter => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _value);

        public override void Read(ReadOnlyMemory<char> line, FieldSplitter fields, int fieldCount)
        {
            int source = column.Segments[0].Min, at = fields.PositionOf(source);
            _value = at < fields.Count && fields.IndexAt(at) == source ? fields.Fields[at].In(line) : default;
        }
    }

    private sealed class TextVector(TextColumn column) : LoadedColumn
    {
        private VBuffer<ReadOnlyMemory<char>> _value;

        public override Delegate Getter => (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) => _value.CopyTo(ref value));

        public override void Read(ReadOnlyMemory<char> line, FieldSplitter fields, int fieldCount)
        {
            var editor = VBufferEditor.Create(ref _value, column.SizeOf(fieldCount));
            editor.Values.Clear();
            int slotBase = 0;
            foreach (var segment in column.Segments)
            {
                int limit = segment.EndOf(fieldCount);
                for (int at = fields.PositionOf(segment.Min), end = fields.PositionOf(limit); at < end; at++)
                    editor.Values[slotBase + fields.IndexAt(at) - segment.Min] = fields.Fields[at].In(line);
                slotBase += limit - segment.Min;
            }
            _value = editor.Commit();
        }
    }
}
