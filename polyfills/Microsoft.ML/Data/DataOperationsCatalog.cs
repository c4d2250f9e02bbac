using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Data: loading, saving, splitting, filtering.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    internal DataOperationsCatalog(IHostEnvironment environment) => Environment = environment;

    IHostEnvironment IInternalCatalog.Environment => Environment;

    internal IHostEnvironment Environment { get; }

    /// <summary>A view of objects, one row each; nothing is enumerated before rows are read, and every cursor enumerates anew.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null)
        where TRow : class
        => new EnumerableDataView<TRow>(Contracts.CheckValue(data, nameof(data)), new(schemaDefinition));

    /// <summary>A view of objects whose columns have the types and annotations of that schema.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema)
        where TRow : class
        => new EnumerableDataView<TRow>(Contracts.CheckValue(data, nameof(data)),
            new(RowClass<TRow>.DefinitionFor(Contracts.CheckValue(schema, nameof(schema)))));

    /// <summary>The rows of a view as objects; nothing is read before they are enumerated.</summary>
    /// <param name="data">The view.</param>
    /// <param name="reuseRowObject">Whether the same object is given for all rows.</param>
    /// <param name="ignoreMissingColumns">Whether members may lack a column.</param>
    /// <param name="schemaDefinition">How members get columns; null for what their attributes say.</param>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null)
        where TRow : class, new()
        => new TypedRows<TRow>(Contracts.CheckValue(data, nameof(data)).Schema, ignoreMissingColumns, schemaDefinition).Enumerate(data, reuseRowObject);
}
