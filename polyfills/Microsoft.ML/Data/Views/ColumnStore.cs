using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The row that a getter shall read.</summary>
internal sealed class RowIndex
{
    public int Value = -1;
}

/// <summary>The values of one column in memory.</summary>
internal interface IColumnStore
{
    /// <summary>Adds the value of the row where the cursor stands.</summary>
    void Append();

    /// <summary>Puts the value of the row where the cursor stands in place of another one.</summary>
    void Replace(int row);

    Delegate MakeGetter(RowIndex row);
}

internal static class ColumnStore
{
    /// <summary>A store for a column of a cursor.</summary>
    /// <param name="cursor">The cursor, with the column active.</param>
    /// <param name="column">The column.</param>
    /// <param name="replaceable">Whether rows will be replaced; else vectors are packed tightly.</param>
    public static IColumnStore Create(DataViewRow cursor, DataViewSchema.Column column, bool replaceable = false)
    {
        string method = column.Type is not VectorDataViewType ? nameof(Scalar) : replaceable ? nameof(Buffers) : nameof(Packed);
        return (IColumnStore)typeof(ColumnStore).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(column.Type.ItemType().RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [cursor, column], null);
    }

    public static IColumnStore CreateForIds(DataViewRow cursor) => new ScalarStore<DataViewRowId>(cursor.GetIdGetter());

    private static ScalarStore<T> Scalar<T>(DataViewRow cursor, DataViewSchema.Column column) => new(cursor.GetGetter<T>(column));

    private static BufferStore<T> Buffers<T>(DataViewRow cursor, DataViewSchema.Column column) => new(cursor.GetGetter<VBuffer<T>>(column));

    private static PackedStore<T> Packed<T>(DataViewRow cursor, DataViewSchema.Column column) => new(cursor.GetGetter<VBuffer<T>>(column));

    private sealed class ScalarStore<T>(ValueGetter<T> getter) : IColumnStore
    {
        private readonly List<T> _values = [];
        private T _value;

        public void Append()
        {
            getter(ref _value);
            _values.Add(_value);
        }

        public void Replace(int row)
        {
            getter(ref _value);
            _values[row] = _value;
        }

        public Delegate MakeGetter(RowIndex row) => (ValueGetter<T>)((ref T value) => value = _values[row.Value]);
    }

    private sealed class BufferStore<T>(ValueGetter<VBuffer<T>> getter) : IColumnStore
    {
        private readonly List<VBuffer<T>> _values = [];

        public void Append()
        {
            VBuffer<T> value = default;
            getter(ref value);
            _values.Add(value);
        }

        public void Replace(int row)
        {
            var value = _values[row]; // whose arrays are used again
            getter(ref value);
            _values[row] = value;
        }

        public Delegate MakeGetter(RowIndex row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[row.Value].CopyTo(ref value));
    }

    // a few large arrays: an array per row would keep the garbage collector busy
    private sealed class PackedStore<T>(ValueGetter<VBuffer<T>> getter) : IColumnStore
    {
        private const int ChunkSize = 1 << 16;

        private readonly List<(int Length, int Count, T[] Values, int Start, int[] Indices)> _rows = [];
        private VBuffer<T> _value;
        private T[] _chunk = [];
        private int _used;

        public void Append()
        {
            getter(ref _value);
            var values = _value.GetValues();
            if (_chunk.Length - _used < values.Length)
            {
                _chunk = new T[Math.Max(ChunkSize, values.Length)];
                _used = 0;
            }
            values.CopyTo(_chunk.AsSpan(_used));
            _rows.Add((_value.Length, values.Length, _chunk, _used, _value.IsDense ? null : _value.GetIndices().ToArray()));
            _used += values.Length;
        }

        public void Replace(int row) => throw new NotSupportedException();

        public Delegate MakeGetter(RowIndex row) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            var (length, count, values, start, indices) = _rows[row.Value];
            var editor = VBufferEditor.Create(ref value, length, count);
            values.AsSpan(start, count).CopyTo(editor.Values);
            indices.AsSpan().CopyTo(editor.Indices);
            value = editor.Commit();
        });
    }
}
