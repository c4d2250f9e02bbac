using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Writes and reads one value of a primitive type.</summary>
internal static class PrimitiveCodec
{
    private static readonly Dictionary<Type, (Delegate Write, Delegate Read)> Codecs = new()
    {
        [typeof(bool)] = Pair((w, v) => w.Write(v), r => r.ReadBoolean()),
        [typeof(sbyte)] = Pair((w, v) => w.Write(v), r => r.ReadSByte()),
        [typeof(byte)] = Pair((w, v) => w.Write(v), r => r.ReadByte()),
        [typeof(short)] = Pair((w, v) => w.Write(v), r => r.ReadInt16()),
        [typeof(ushort)] = Pair((w, v) => w.Write(v), r => r.ReadUInt16()),
        [typeof(int)] = Pair((w, v) => w.Write(v), r => r.ReadInt32()),
        [typeof(uint)] = Pair((w, v) => w.Write(v), r => r.ReadUInt32()),
        [typeof(long)] = Pair((w, v) => w.Write(v), r => r.ReadInt64()),
        [typeof(ulong)] = Pair((w, v) => w.Write(v), r => r.ReadUInt64()),
        [typeof(float)] = Pair((w, v) => w.Write(v), r => r.ReadSingle()),
        [typeof(double)] = Pair((w, v) => w.Write(v), r => r.ReadDouble()),
        [typeof(TimeSpan)] = Pair((w, v) => w.Write(v.Ticks), r => new TimeSpan(r.ReadInt64())),
        [typeof(DateTime)] = Pair((w, v) => w.Write(v.Ticks), r => new DateTime(r.ReadInt64())),
        [typeof(DateTimeOffset)] = Pair<DateTimeOffset>((w, v) => { w.Write(v.Ticks); w.Write(v.Offset.Ticks); }, r => new(r.ReadInt64(), new(r.ReadInt64()))),
        [typeof(DataViewRowId)] = Pair<DataViewRowId>((w, v) => { w.Write(v.Low); w.Write(v.High); }, r => new(r.ReadUInt64(), r.ReadUInt64())),
        [typeof(ReadOnlyMemory<char>)] = Pair((w, v) => w.Write(v.ToString()), r => r.ReadString().AsMemory()),
    };

    public static bool Knows(Type rawType) => Codecs.ContainsKey(rawType);

    public static Action<BinaryWriter, T> Writer<T>() => (Action<BinaryWriter, T>)Find(typeof(T)).Write;

    public static Func<BinaryReader, T> Reader<T>() => (Func<BinaryReader, T>)Find(typeof(T)).Read;

    private static (Delegate Write, Delegate Read) Find(Type rawType)
        => Codecs.TryGetValue(rawType, out var codec) ? codec : throw Contracts.Except($"Values of type {rawType} can't be written to a file.");

    private static (Delegate Write, Delegate Read) Pair<T>(Action<BinaryWriter, T> write, Func<BinaryReader, T> read) => (write, read);
}
