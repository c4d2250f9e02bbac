using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a file that <see cref="BinarySaver"/> wrote; each cursor reads it anew.</summary>
internal sealed class BinaryDataView : IDataView
{
    private readonly IMultiStreamSource _source;
    private readonly long? _rowCount;

    public BinaryDataView(IMultiStreamSource source)
    {
        Contracts.CheckParam(source.Count == 1, nameof(source), "Only one binary file can be loaded at a time");
        _source = source;
        using var reader = Open(out var schema);
        Schema = schema;
        if (!reader.BaseStream.CanSeek)
            return;
        reader.BaseStream.Seek(-sizeof(long), SeekOrigin.End);
        _rowCount = reader.ReadInt64();
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _rowCount;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(Open(out _), Schema, Schema.MaskOf(columnsNeeded));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private BinaryReader Open(out DataViewSchema schema)
    {
        var reader = new BinaryReader(_source.Open(0), Encoding.UTF8);
        try
        {
            Contracts.CheckDecode(new string(reader.ReadChars(BinarySaver.Mark.Length)) == BinarySaver.Mark, $"'{_source.GetPathOrNull(0)}' is not a binary data file.");
            schema = SchemaCodec.Read(reader);
            return reader;
        }
        catch (EndOfStreamException inner)
        {
            reader.Dispose();
            throw Contracts.ExceptDecode($"'{_source.GetPathOrNull(0)}' is truncated.", inner);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private sealed class Cursor : RootCursor
    {
        private readonly BinaryReader _reader;
        private readonly Action[] _read;

        public Cursor(BinaryReader reader, DataViewSchema schema, bool[] active)
            : base(schema, active)
        {
            _reader = reader;
            var columns = schema.Select(column => Make(column.Type, reader)).ToArray();
            _read = [.. columns.Select(column => column.Read)];
            Getters = [.. columns.Select(column => column.Getter)];
        }

        protected override Delegate[] Getters { get; }

        protected override bool MoveNextCore()
        {
            try
            {
                if (!_reader.ReadBoolean())
                    return false;
                foreach (var read in _read)
                    read();
                return true;
            }
            catch (EndOfStreamException inner)
            {
                throw Contracts.ExceptDecode($"The binary data file is truncated in row {Position + 1}.", inner);
            }
        }

        protected override void DisposeOwn() => _reader.Dispose();

        private static (Action Read, Delegate Getter) Make(DataViewType type, BinaryReader reader)
            => ((Action, Delegate))typeof(Cursor).GetMethod(type is VectorDataViewType ? nameof(Vector) : nameof(Scalar), BindingFlags.Static | BindingFlags.NonPublic)
                .MakeGenericMethod(type.ItemType().RawType).Invoke(null, [reader]);

        private static (Action Read, Delegate Getter) Scalar<T>(BinaryReader reader)
        {
            T current = default;
            var read = PrimitiveCodec.Reader<T>();
            return (() => current = read(reader), (ValueGetter<T>)((ref T value) => value = current));
        }

        private static (Action Read, Delegate Getter) Vector<T>(BinaryReader reader)
        {
            VBuffer<T> current = default;
            var read = PrimitiveCodec.Reader<T>();
            return (() => VectorCodec.Read(reader, ref current, read), (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => current.CopyTo(ref value)));
        }
    }
}
