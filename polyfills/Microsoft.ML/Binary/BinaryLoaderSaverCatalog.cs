using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads and saves binary files. Their form is this library's own.</summary>
public static class BinaryLoaderSaverCatalog
{
    /// <summary>A view of a binary file.</summary>
    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, string path)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        Contracts.CheckParam(File.Exists(path), nameof(path), $"File does not exist at path: {path}");
        return new BinaryDataView(new MultiFileSource(path));
    }

    /// <summary>A view of a binary file.</summary>
    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, IMultiStreamSource fileSource)
        => new BinaryDataView(Contracts.CheckValue(fileSource, nameof(fileSource)));

    /// <summary>Writes a view in a binary form, with types and annotations of its columns.</summary>
    public static void SaveAsBinary(this DataOperationsCatalog catalog, IDataView data, Stream stream, bool keepHidden = false)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(stream, nameof(stream));
        var columns = data.Schema.Where(column => (keepHidden || !column.IsHidden) && PrimitiveCodec.Knows(column.Type.ItemType().RawType)).ToArray();
        Contracts.Check(columns.Length > 0, "No valid columns to save");
        BinarySaver.Save(data, columns, stream);
    }
}
