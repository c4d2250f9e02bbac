using System.Buffers.Binary;
using System.IO.Compression;

namespace Demo.Images;

/// <summary>The idx format of MNIST: 0, 0, a type (8: bytes), the number of dimensions, each of them as a big-endian integer, then the values.</summary>
internal static class IdxFile
{
    private const byte Bytes = 8;

    /// <summary>Reads a file of bytes, packed with gzip.</summary>
    /// <param name="dimensions">Its dimensions; the first is the number of entries.</param>
    /// <exception cref="InvalidDataException">It is something else, or shorter than it says.</exception>
    public static byte[] Read(string path, out int[] dimensions)
    {
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        try
        {
            var magic = new byte[4];
            file.ReadExactly(magic);
            if (magic is not [0, 0, Bytes, > 0 and <= 3]) throw new InvalidDataException($"{path} is no idx file of bytes");
            dimensions = new int[magic[3]];
            var number = new byte[4];
            for (int i = 0; i < dimensions.Length; i++)
            {
                file.ReadExactly(number);
                dimensions[i] = BinaryPrimitives.ReadInt32BigEndian(number);
            }
            var values = new byte[dimensions.Aggregate(1, (product, size) => checked(product * size))];
            file.ReadExactly(values);
            return values;
        }
        catch (EndOfStreamException fault)
        {
            throw new InvalidDataException($"{path} ends too soon", fault);
        }
    }

    /// <summary>Writes the head of a file of bytes; the values follow.</summary>
    public static void WriteHeader(Stream file, params ReadOnlySpan<int> dimensions)
    {
        file.Write([0, 0, Bytes, (byte)dimensions.Length]);
        Span<byte> number = stackalloc byte[4];
        foreach (var size in dimensions)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, size);
            file.Write(number);
        }
    }
}
