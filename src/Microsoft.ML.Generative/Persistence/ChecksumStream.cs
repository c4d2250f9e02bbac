using System.Security.Cryptography;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>Passes bytes on, in one direction, and sums them up on the way.</summary>
internal sealed class ChecksumStream(Stream inner) : Stream
{
    private static readonly uint[] Crc32Table = MakeCrc32Table();

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private uint _crc = uint.MaxValue;
    private long _count;

    /// <summary>The checksum that zip files use, of what has passed.</summary>
    public uint Crc32 => ~_crc;

    /// <summary>SHA-256 of what has passed, in lower-case hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_sha256.GetCurrentHash());

    public override bool CanRead => inner.CanRead;
    public override bool CanWrite => inner.CanWrite;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _count; set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Add(buffer[..read]);
        return read;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        inner.Write(buffer);
        Add(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override void Flush() => inner.Flush();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _sha256.Dispose();
        base.Dispose(disposing);
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        _count += bytes.Length;
        _sha256.AppendData(bytes);
        var crc = _crc;
        foreach (var b in bytes) crc = Crc32Table[(byte)(crc ^ b)] ^ (crc >> 8);
        _crc = crc;
    }

    private static uint[] MakeCrc32Table()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;   // IEEE 802.3, reflected
            table[i] = crc;
        }
        return table;
    }
}
