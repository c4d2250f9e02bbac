using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads and saves text files.</summary>
public static class TextLoaderSaverCatalog
{
    /// <summary>A loader of text files.</summary>
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Column[] columns, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        var options = Options(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);
        options.Columns = columns;
        return new(catalog.GetEnvironment(), options, dataSample);
    }

    /// <summary>A loader of text files.</summary>
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null)
        => new(catalog.GetEnvironment(), options, dataSample);

    /// <summary>A loader of text files whose columns the attributes of a class describe.</summary>
    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => TextLoader.Create<TInput>(catalog.GetEnvironment(), Options(separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    /// <summary>A loader of text files whose columns the attributes of a class describe.</summary>
    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null)
        => TextLoader.Create<TInput>(catalog.GetEnvironment(), options, dataSample);

    /// <summary>A view of a text file.</summary>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        CheckPath(path);
        return catalog.CreateTextLoader(columns, separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(path);
    }

    /// <summary>A view of a text file; the file is the sample where one is needed, and has the names of the slots.</summary>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options options = null)
    {
        CheckPath(path);
        var source = new MultiFileSource(path);
        return catalog.CreateTextLoader(options, source).Load(source);
    }

    /// <summary>A view of a text file whose columns the attributes of a class describe.</summary>
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t', bool hasHeader = false,
        bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
    {
        CheckPath(path);
        return catalog.CreateTextLoader<TInput>(separatorChar, hasHeader, null, allowQuoting, trimWhitespace, allowSparse).Load(path);
    }

    /// <summary>A view of a text file whose columns the attributes of a class describe.</summary>
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        CheckPath(path);
        return catalog.CreateTextLoader<TInput>(options).Load(path);
    }

    /// <summary>Writes a view as text.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">The view.</param>
    /// <param name="stream">Where to write to.</param>
    /// <param name="separatorChar">What separates fields: space, tab, comma, semicolon or bar.</param>
    /// <param name="headerRow">Whether the first line has the names of the fields.</param>
    /// <param name="schema">Whether a comment says how to load the file.</param>
    /// <param name="keepHidden">Whether to write hidden columns too.</param>
    /// <param name="forceDense">Whether to write all values of sparse rows.</param>
    public static void SaveAsText(this DataOperationsCatalog catalog, IDataView data, Stream stream, char separatorChar = '\t', bool headerRow = true,
        bool schema = true, bool keepHidden = false, bool forceDense = false)
    {
        Contracts.CheckValue(catalog, nameof(catalog));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(stream, nameof(stream));
        var columns = data.Schema.Where(column => (keepHidden || !column.IsHidden) && PrimitiveTypes.KindOf(column.Type.ItemType()) != null).ToArray();
        Contracts.Check(columns.Length > 0, "No valid columns to save");
        new TextSaver(separatorChar, headerRow, schema, forceDense).Save(data, columns, stream);
    }

    private static TextLoader.Options Options(char separator, bool hasHeader, bool allowQuoting, bool trimWhitespace, bool allowSparse) => new()
    {
        Separators = [separator],
        HasHeader = hasHeader,
        AllowQuoting = allowQuoting,
        TrimWhitespace = trimWhitespace,
        AllowSparse = allowSparse,
    };

    private static void CheckPath(string path)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        Contracts.CheckParam(MultiFileSource.Expand(path).Length > 0, nameof(path), $"File or directory does not exist at path: {path}");
    }
}

/// <summary>Loads files.</summary>
public static class DataLoaderExtensions
{
    /// <summary>A view of files.</summary>
    public static IDataView Load(this IDataLoader<IMultiStreamSource> loader, params string[] path) => loader.Load(new MultiFileSource(path));
}
