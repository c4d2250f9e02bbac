using System.Text;
using Microsoft.ML.Data;

namespace MLGenerative.Bench.Data;

/// <summary>A text as if it were a file.</summary>
internal sealed class TextInMemory(string text) : IMultiStreamSource
{
    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

    public int Count => 1;

    public string GetPathOrNull(int index) => null!;

    public Stream Open(int index) => new MemoryStream(_bytes, writable: false);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}
