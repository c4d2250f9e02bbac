using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Maps values to keys, and the keys to vectors.</summary>
public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    private readonly ValueToKeyMappingEstimator _toKeys;
    private readonly KeyToVectorMappingEstimator _toVectors;

    internal OneHotEncodingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs, OutputKind outputKind, int maximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality, IDataView keyData)
    {
        Contracts.CheckParam(Enum.IsDefined(outputKind), nameof(outputKind));
        if (outputKind == OutputKind.Binary) throw new NotSupportedException("OutputKind.Binary is not part of this stand-in for ML.NET.");
        _toKeys = new(environment, pairs, maximumNumberOfKeys, keyOrdinality, valuesAsText: true, keyData);
        _toVectors = outputKind == OutputKind.Key ? null
            : new(environment, [.. pairs.Select(pair => (pair.Output, pair.Output))], outputKind == OutputKind.Bag);
    }

    /// <summary>What the values become.</summary>
    public enum OutputKind : byte
    {
        /// <summary>One vector of counts for all values of a vector.</summary>
        Bag = 1,

        /// <summary>A vector with a one for each value.</summary>
        Indicator = 2,

        /// <summary>The key itself.</summary>
        Key = 3,

        /// <summary>The digits of the key in base two.</summary>
        Binary = 4,
    }

    /// <summary>Collects the values.</summary>
    public OneHotEncodingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var chain = new TransformerChain<ITransformer>(_toKeys.Fit(input));
        return new(_toVectors == null ? chain : chain.Append(_toVectors.Fit(chain.Transform(input))));
    }

    /// <summary>The input columns and the vectors or keys.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var keys = _toKeys.GetOutputSchema(inputSchema);
        return _toVectors == null ? keys : _toVectors.GetOutputSchema(keys);
    }
}

/// <summary>Maps values to keys, and the keys to vectors.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    private readonly ITransformer _steps;

    internal OneHotEncodingTransformer(ITransformer steps) => _steps = steps;

    bool ITransformer.IsRowToRowMapper => _steps.IsRowToRowMapper;

    /// <summary>The input columns and the vectors or keys.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _steps.GetOutputSchema(inputSchema);

    /// <summary>The view with them.</summary>
    public IDataView Transform(IDataView input) => _steps.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => _steps.GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => _steps.Save(ctx);
}
