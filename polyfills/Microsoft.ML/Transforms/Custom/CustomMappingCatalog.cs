using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Steps that run a delegate.</summary>
public static class CustomMappingCatalog
{
    /// <summary>Adds columns that a delegate computes from the columns of the same row.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="mapAction">The delegate; it must depend on the row alone.</param>
    /// <param name="contractName">The name that saved models refer to it by; null if it is never saved.</param>
    /// <param name="inputSchemaDefinition">The columns of <typeparamref name="TSrc"/>; null to take them from its members.</param>
    /// <param name="outputSchemaDefinition">The columns of <typeparamref name="TDst"/>; null to take them from its members.</param>
    public static CustomMappingEstimator<TSrc, TDst> CustomMapping<TSrc, TDst>(this TransformsCatalog catalog, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class, new()
        where TDst : class, new() =>
        new(catalog.GetEnvironment(), mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition);
}
