using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Demo.Images;

namespace MLGenerative.Programs.Tests.Demo;

public sealed class GrayImageTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void A_saved_image_has_the_pixels_it_was_given()
    {
        var image = new GrayImage(3, 2);
        ((byte[])[1, 2, 3, 250, 251, 252]).CopyTo(image.Pixels, 0);

        image.Save(_path);

        var chunks = ReadChunks(File.ReadAllBytes(_path));
        Assert.Equal(["IHDR", "IDAT", "IEND"], chunks.Select(c => c.Type));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 0, 0, 0, 0], chunks[0].Content);
        Assert.Equal([0, 1, 2, 3, 0, 250, 251, 252], Inflate(chunks[1].Content));
    }

    [Fact]
    public void The_checksum_of_the_last_chunk_is_the_one_that_every_png_file_has()
    {
        new GrayImage(1, 1).Save(_path);

        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82], File.ReadAllBytes(_path)[^12..]);
    }

    [Fact]
    public void A_grid_fills_row_by_row_and_leaves_white_where_it_has_no_image()
    {
        var grid = GrayImage.Grid([[0, 1, 0.5f, 2], [-1, -1, -1, -1], [0, 0, 0, 0]], side: 2, columns: 2, zoom: 1, gap: 1);

        byte[][] expected =
        [
            [255, 255, 255, 255, 255, 255, 255],
            [255, 000, 255, 255, 000, 000, 255],
            [255, 128, 255, 255, 000, 000, 255],
            [255, 255, 255, 255, 255, 255, 255],
            [255, 000, 000, 255, 255, 255, 255],
            [255, 000, 000, 255, 255, 255, 255],
            [255, 255, 255, 255, 255, 255, 255],
        ];
        Assert.Equal(expected, grid.Pixels.Chunk(7));
    }

    public void Dispose() => File.Delete(_path);

    private static List<(string Type, byte[] Content)> ReadChunks(byte[] file)
    {
        var chunks = new List<(string, byte[])>();
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            chunks.Add((Encoding.ASCII.GetString(file, at + 4, 4), file[(at + 8)..(at + 8 + length)]));
            at += length + 12;
        }
        return chunks;
    }

    private static byte[] Inflate(byte[] compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.ToArray();
    }
}
