using System.Reflection;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>
/// Writes a view in a binary form: a mark, the schema, the rows one after another, each behind a byte of one, then a byte of zero and
/// the number of rows.
/// </summary>
internal static class BinarySaver
{
    public const string Mark = "MLDATAVIEW\n";

    public static void Save(IDataView data, DataViewSchema.Column[] columns, Stream stream)
    {
        var buffer = new BufferedStream(stream, 1 << 16); // not disposed of, since that would close the stream
        using var writer = new BinaryWriter(buffer, Encoding.UTF8, leaveOpen: true);
        writer.Write(Mark.AsSpan());
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns);
        SchemaCodec.Write(writer, builder.ToSchema());

        using var cursor = data.GetRowCursor(columns);
        var writers = columns.Select(column => MakeWriter(cursor, column, writer)).ToArray();
        long count = 0;
        for (; cursor.MoveNext(); count++)
        {
            writer.Write(true);
            foreach (var write in writers)
                write();
        }
        writer.Write(false);
        writer.Write(count);
        writer.Flush();
        buffer.Flush();
    }

    private static Action MakeWriter(DataViewRow row, DataViewSchema.Column column, BinaryWriter writer)
        => (Action)typeof(BinarySaver).GetMethod(column.Type is VectorDataViewType ? nameof(VectorWriter) : nameof(ScalarWriter), BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(column.Type.ItemType().RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column, writer], null);

    private static Action ScalarWriter<T>(DataViewRow row, DataViewSchema.Column column, BinaryWriter writer)
    {
        var getter = row.GetGetter<T>(column);
        var write = PrimitiveCodec.Writer<T>();
        T value = default;
        return () =>
        {
            getter(ref value);
            write(writer, value);
        };
    }

    private static Action VectorWriter<T>(DataViewRow row, DataViewSchema.Column column, BinaryWriter writer)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var write = PrimitiveCodec.Writer<T>();
        VBuffer<T> vector = default;
        return () =>
        {
            getter(ref vector);
            VectorCodec.Write(writer, vector, write);
        };
    }
}
