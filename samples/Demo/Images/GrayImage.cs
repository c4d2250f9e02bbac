using System.Buffers.Binary;
using System.IO.Compression;

namespace Demo.Images;

/// <summary>An image of gray values, 0 black to 255 white, row by row; saved as PNG.</summary>
internal sealed class GrayImage(int width, int height)
{
    private static readonly byte[] Signature = [137, 80, 78, 71, 13, 10, 26, 10];

    public byte[] Pixels { get; } = new byte[width * height];

    /// <summary>Lays images out in a grid, each pixel as a square of <paramref name="zoom"/> pixels, on a white ground.</summary>
    /// <param name="images">Images of <paramref name="side"/> × <paramref name="side"/> pixels, 0 to 1; they fill the grid row by row.</param>
    public static GrayImage Grid(IReadOnlyList<float[]> images, int side, int columns, int zoom = 2, int gap = 2)
    {
        int tile = side * zoom + gap;
        int rows = (images.Count + columns - 1) / columns;
        int width = columns * tile + gap;
        var grid = new GrayImage(width, rows * tile + gap);
        Array.Fill(grid.Pixels, byte.MaxValue);
        for (int n = 0; n < images.Count; n++)
        {
            int corner = (n / columns * tile + gap) * width + n % columns * tile + gap;
            for (int y = 0; y < side * zoom; y++)
                for (int x = 0; x < side * zoom; x++)
                    grid.Pixels[corner + y * width + x] = ToByte(images[n][y / zoom * side + x / zoom]);
        }
        return grid;
    }

    /// <summary>A gray value from 0 to 1 as a byte; values outside are cut off.</summary>
    public static byte ToByte(float value) => (byte)Math.Round(Math.Clamp(value, 0f, 1f) * byte.MaxValue);

    public void Save(string path)
    {
        using var file = File.Create(path);
        file.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;   // bits per pixel; the zeros that follow: gray, deflate, no special filter, not interlaced
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress());
        WriteChunk(file, "IEND"u8, []);
    }

    private byte[] Compress()
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize))
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);   // this line is stored as it is
                zlib.Write(Pixels, y * width, width);
            }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~UpdateCrc(UpdateCrc(uint.MaxValue, type), content));
        file.Write(number);
    }

    private static uint UpdateCrc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
        }
        return crc;
    }
}
