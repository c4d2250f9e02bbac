using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes and reads a schema with the annotations of its columns.</summary>
internal static class SchemaCodec
{
    private const string Mark = "MLSCHEMA";
    private const int Newest = 1;

    private enum Kind : byte
    {
        Primitive,
        RowId,
        Key,
        Vector,
    }

    public static void Write(BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(Mark.AsSpan());
        writer.Write(Newest);
        WriteColumns(writer, schema);
    }

    public static DataViewSchema Read(BinaryReader reader)
    {
        Contracts.CheckDecode(new string(reader.ReadChars(Mark.Length)) == Mark, "this is not a schema");
        int version = reader.ReadInt32();
        Contracts.CheckDecode(version == Newest, $"the schema has version {version}, and {Newest} can be read");
        var builder = new DataViewSchema.Builder();
        for (int i = ReadCount(reader); i > 0; i--)
            builder.AddColumn(reader.ReadString(), ReadType(reader), ReadAnnotations(reader));
        return builder.ToSchema();
    }

    private static void WriteColumns(BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(schema.Count);
        foreach (var column in schema)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            var saved = column.Annotations.Schema.Where(a => CanWrite(a.Type)).ToArray();
            writer.Write(saved.Length);
            foreach (var annotation in saved)
            {
                writer.Write(annotation.Name);
                WriteType(writer, annotation.Type);
                Call(nameof(WriteValue), annotation.Type, writer, column.Annotations, annotation);
            }
        }
    }

    private static bool CanWrite(DataViewType type)
        => type is VectorDataViewType or PrimitiveDataViewType && PrimitiveCodec.Knows(type.ItemType().RawType);

    private static DataViewSchema.Annotations ReadAnnotations(BinaryReader reader)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        for (int i = ReadCount(reader); i > 0; i--)
        {
            string name = reader.ReadString();
            var type = ReadType(reader);
            builder.Add(name, type, (Delegate)Call(nameof(ReadValue), type, reader));
        }
        return builder.ToAnnotations();
    }

    internal static void WriteType(BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write((byte)Kind.Vector);
                writer.Write(vector.Dimensions.Length);
                foreach (int size in vector.Dimensions)
                    writer.Write(size);
                WriteType(writer, vector.ItemType);
                break;
            case KeyDataViewType key:
                writer.Write((byte)Kind.Key);
                writer.Write((byte)PrimitiveTypes.KindOf(key).Value);
                writer.Write(key.Count);
                break;
            case RowIdDataViewType:
                writer.Write((byte)Kind.RowId);
                break;
            default:
                writer.Write((byte)Kind.Primitive);
                writer.Write((byte)(PrimitiveTypes.KindOf(type) ?? throw Contracts.Except($"A column of type {type} can't be written to a file.")));
                break;
        }
    }

    internal static DataViewType ReadType(BinaryReader reader)
    {
        var kind = (Kind)reader.ReadByte();
        switch (kind)
        {
            case Kind.Vector:
                var dimensions = new List<int>();
                for (int i = ReadCount(reader); i > 0; i--)
                    dimensions.Add(reader.ReadInt32());
                return new VectorDataViewType(ReadType(reader) as PrimitiveDataViewType ?? throw Contracts.ExceptDecode("a vector of vectors"), dimensions.ToArray());
            case Kind.Key:
                return new KeyDataViewType(PrimitiveTypes.Of((DataKind)reader.ReadByte()).RawType, reader.ReadUInt64());
            case Kind.RowId:
                return RowIdDataViewType.Instance;
            default:
                Contracts.CheckDecode(kind == Kind.Primitive, $"unknown kind of type {kind}");
                return PrimitiveTypes.Of((DataKind)reader.ReadByte());
        }
    }

    private static int ReadCount(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        Contracts.CheckDecode(count >= 0, "a negative count");
        return count;
    }

    // calls WriteValue<T> or ReadValue<T>, or its form for vectors, with the type of the values
    private static object Call(string method, DataViewType type, params object[] arguments)
        => typeof(SchemaCodec).GetMethod(type is VectorDataViewType ? method + "s" : method, BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(type.ItemType().RawType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static void WriteValue<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        T value = default;
        annotations.GetGetter<T>(annotation)(ref value);
        PrimitiveCodec.Writer<T>()(writer, value);
    }

    private static ValueGetter<T> ReadValue<T>(BinaryReader reader)
    {
        var value = PrimitiveCodec.Reader<T>()(reader);
        return (ref T destination) => destination = value;
    }

    private static void WriteValues<T>(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        VBuffer<T> value = default;
        annotations.GetGetter<VBuffer<T>>(annotation)(ref value);
        VectorCodec.Write(writer, value, PrimitiveCodec.Writer<T>());
    }

    private static ValueGetter<VBuffer<T>> ReadValues<T>(BinaryReader reader)
    {
        VBuffer<T> value = default;
        VectorCodec.Read(reader, ref value, PrimitiveCodec.Reader<T>());
        return (ref VBuffer<T> destination) => value.CopyTo(ref destination);
    }
}

/// <summary>Writes and reads a vector: its length, the number of values, their indices where it is sparse, the values.</summary>
internal static class VectorCodec
{
    public static void Write<T>(BinaryWriter writer, in VBuffer<T> vector, Action<BinaryWriter, T> writeItem)
    {
        var values = vector.GetValues();
        writer.Write(vector.Length);
        writer.Write(values.Length);
        foreach (int index in vector.GetIndices())
            writer.Write(index);
        foreach (var value in values)
            writeItem(writer, value);
    }

    public static void Read<T>(BinaryReader reader, ref VBuffer<T> destination, Func<BinaryReader, T> readItem)
    {
        int length = reader.ReadInt32(), count = reader.ReadInt32();
        long left = reader.BaseStream.CanSeek ? reader.BaseStream.Length - reader.BaseStream.Position : long.MaxValue;
        Contracts.CheckDecode(0 <= count && count <= length && count <= left, "the size of a vector is impossible");
        var editor = VBufferEditor.Create(ref destination, length, count);
        for (int i = 0, last = -1; i < editor.Indices.Length; i++)
        {
            int index = editor.Indices[i] = reader.ReadInt32();
            Contracts.CheckDecode(last < index && index < length, "the indices of a vector are not ascending");
            last = index;
        }
        for (int i = 0; i < count; i++)
            editor.Values[i] = readItem(reader);
        destination = editor.Commit();
    }
}
