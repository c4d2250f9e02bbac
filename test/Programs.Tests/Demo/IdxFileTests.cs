using System.IO.Compression;
using Demo.Images;

namespace MLGenerative.Programs.Tests.Demo;

public sealed class IdxFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void What_was_written_is_read_again()
    {
        Write(file =>
        {
            IdxFile.WriteHeader(file, 2, 1, 300);
            for (int i = 0; i < 600; i++) file.WriteByte((byte)i);
        });

        var values = IdxFile.Read(_path, out var dimensions);

        Assert.Equal([2, 1, 300], dimensions);
        Assert.Equal(Enumerable.Range(0, 600).Select(i => (byte)i), values);
    }

    [Fact]
    public void A_file_that_ends_too_soon_is_refused()
    {
        Write(file =>
        {
            IdxFile.WriteHeader(file, 2, 2);
            file.WriteByte(1);
        });

        var fault = Assert.Throws<InvalidDataException>(() => IdxFile.Read(_path, out _));
        Assert.Equal($"{_path} ends too soon", fault.Message);
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        Write(file => file.Write("plain text"u8));

        var fault = Assert.Throws<InvalidDataException>(() => IdxFile.Read(_path, out _));
        Assert.Equal($"{_path} is no idx file of bytes", fault.Message);
    }

    public void Dispose() => File.Delete(_path);

    private void Write(Action<Stream> write)
    {
        using var file = new GZipStream(File.Create(_path), CompressionMode.Compress);
        write(file);
    }
}
