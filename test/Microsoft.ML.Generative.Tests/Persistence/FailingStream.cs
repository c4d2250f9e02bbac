namespace Microsoft.ML.Generative.Tests.Persistence;

/// <summary>A disk that is full after so many bytes.</summary>
internal sealed class FailingStream(Stream inner, long room) : Stream
{
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count)
    {
        var fits = (int)Math.Min(room, count);
        inner.Write(buffer, offset, fits);
        room -= fits;
        if (fits < count) throw new IOException("No space left on device");
    }

    public override void Flush() => inner.Flush();
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
