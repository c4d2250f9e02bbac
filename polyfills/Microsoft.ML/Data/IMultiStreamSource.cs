namespace Microsoft.ML.Data;

/// <summary>A source of several streams, mostly files.</summary>
public interface IMultiStreamSource
{
    /// <summary>The number of streams.</summary>
    int Count { get; }

    /// <summary>The path of a stream, or null where it has none.</summary>
    string GetPathOrNull(int index);

    /// <summary>Opens a stream.</summary>
    Stream Open(int index);

    /// <summary>Opens a stream as text.</summary>
    TextReader OpenTextReader(int index);
}
