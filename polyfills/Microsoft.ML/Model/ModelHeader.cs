using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The frame of each component in a model file: 256 bytes that say what follows, the component's own bytes, a table of strings,
/// the name of the assembly that loads it, and eight bytes that mark the end. Positions are counted from the header's first byte.
/// </summary>
internal sealed class ModelHeader
{
    private const int Size = 256;
    private const ulong HeadMark = 0x4C45444F4D004C4D; // "ML\0MODEL"
    private const ulong TailMark = 0x4D4C004D4F44454C;
    private const uint VersionWritten = 0x00010002;
    private const uint OldestReadable = 0x00010001;

    private string _modelSignature;
    private uint _verWritten;
    private uint _verReadable;

    public string LoaderSignature { get; private set; }

    public byte[] Body { get; private set; }

    public string[] Strings { get; private set; }

    public static void Write(Stream destination, VersionInfo version, ReadOnlySpan<byte> body, IReadOnlyList<string> strings)
    {
        string assembly = version.LoaderAssemblyName;
        long tableSize = strings.Count * 8L, charsSize = strings.Sum(s => 2L * s.Length), assemblySize = 2L * assembly.Length;
        long table = Size + body.Length, chars = table + tableSize, assemblyAt = chars + charsSize, tail = assemblyAt + assemblySize;

        var header = new byte[Size];
        Put64(header, 0x00, HeadMark);
        Put32(header, 0x08, VersionWritten);
        Put32(header, 0x0C, VersionWritten);
        Put64(header, 0x10, Size);
        Put64(header, 0x18, (ulong)body.Length);
        if (strings.Count > 0)
        {
            Put64(header, 0x20, (ulong)table);
            Put64(header, 0x28, (ulong)tableSize);
            Put64(header, 0x30, (ulong)chars);
            Put64(header, 0x38, (ulong)charsSize);
        }
        Encoding.Latin1.GetBytes(version.ModelSignature, header.AsSpan(0x40));
        Put32(header, 0x48, version.VerWrittenCur);
        Put32(header, 0x4C, version.VerReadableCur);
        Encoding.Latin1.GetBytes(version.LoaderSignature, header.AsSpan(0x50));
        Put64(header, 0x80, (ulong)tail);
        Put64(header, 0x88, (ulong)tail + 8);
        Put64(header, 0x90, (ulong)assemblyAt);
        Put32(header, 0x98, (uint)assemblySize);

        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(header);
        writer.Write(body);
        long end = 0;
        foreach (string s in strings)
            writer.Write(end += 2L * s.Length);
        foreach (string s in strings)
            writer.Write(MemoryMarshal.AsBytes(s.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(assembly.AsSpan()));
        writer.Write(TailMark);
    }

    public static ModelHeader Read(byte[] file)
    {
        Contracts.CheckDecode(file.Length >= Size, "The header of a component is incomplete.");
        Contracts.CheckDecode(Get64(file, 0x00) == (long)HeadMark, "Wrong file type");
        uint written = Get32(file, 0x08), readable = Get32(file, 0x0C);
        Contracts.CheckDecode(readable <= written, "Corrupt file header");
        Contracts.CheckDecode(readable <= VersionWritten, "File is too new");
        Contracts.CheckDecode(written >= OldestReadable, "File is too old");

        long bodySize = Get64(file, 0x18), table = Get64(file, 0x20), tableSize = Get64(file, 0x28), chars = Get64(file, 0x30), charsSize = Get64(file, 0x38);
        long tail = Get64(file, 0x80);
        Contracts.CheckDecode(Get64(file, 0x10) == Size && InFile(Size, bodySize) && InFile(table, tableSize) && InFile(chars, charsSize) && InFile(tail, 8),
            "Corrupt file header");
        Contracts.CheckDecode(Get64(file, (int)tail) == (long)TailMark, "Corrupt model file tail");
        return new()
        {
            LoaderSignature = Text(file, 0x50, 24),
            _modelSignature = Encoding.Latin1.GetString(file, 0x40, 8),
            _verWritten = Get32(file, 0x48),
            _verReadable = Get32(file, 0x4C),
            Body = file[Size..(Size + (int)bodySize)],
            Strings = ReadStrings(file, (int)table, (int)tableSize / 8, (int)chars, charsSize),
        };

        bool InFile(long at, long size) => at >= 0 && size >= 0 && at <= file.Length && size <= file.Length - at;
    }

    public void CheckVersion(VersionInfo version)
    {
        Contracts.CheckDecode(_modelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(_verReadable <= _verWritten, "Corrupt file header");
        Contracts.CheckDecode(_verReadable <= version.VerWrittenCur,
            $"Component '{version.LoaderSignature}' of the model is too new: it was written as version {_verReadable:x8}, and at most {version.VerWrittenCur:x8} can be read.");
        Contracts.CheckDecode(_verWritten >= version.VerWeCanReadBack,
            $"Component '{version.LoaderSignature}' of the model is too old: it was written as version {_verWritten:x8}, and at least {version.VerWeCanReadBack:x8} can be read.");
    }

    private static string[] ReadStrings(byte[] file, int table, int count, int chars, long charsSize)
    {
        var strings = new string[count];
        long start = 0;
        for (int i = 0; i < count; i++)
        {
            long end = Get64(file, table + (8 * i));
            Contracts.CheckDecode(start <= end && end <= charsSize && end % 2 == 0, "Corrupt table of strings");
            strings[i] = new(MemoryMarshal.Cast<byte, char>(file.AsSpan(chars + (int)start, (int)(end - start))));
            start = end;
        }
        return strings;
    }

    private static string Text(byte[] file, int at, int size) => Encoding.Latin1.GetString(file, at, size).TrimEnd('\0');

    private static void Put64(byte[] bytes, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);

    private static void Put32(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);

    private static long Get64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private static uint Get32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
