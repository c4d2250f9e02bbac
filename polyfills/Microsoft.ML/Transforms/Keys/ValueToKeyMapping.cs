using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Gives each different value of a column a key.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _pairs;
    private readonly int _maximumNumberOfKeys;
    private readonly KeyOrdinality _ordinality;
    private readonly bool _valuesAsText;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs, int maximumNumberOfKeys,
        KeyOrdinality ordinality, bool valuesAsText, IDataView keyData)
    {
        _host = Contracts.CheckValue(environment, nameof(environment)).Register(nameof(ValueToKeyMappingEstimator));
        _pairs = Contracts.CheckNonEmpty(pairs, "columns");
        Contracts.CheckParam(maximumNumberOfKeys > 0, nameof(maximumNumberOfKeys), "Must be positive");
        Contracts.CheckParam(keyData == null || keyData.Schema.Count == 1, nameof(keyData), "If specified, this data view should contain only a single column "
            + $"containing the terms to map, but this had {keyData?.Schema.Count} columns.");
        _maximumNumberOfKeys = maximumNumberOfKeys;
        _ordinality = ordinality;
        _valuesAsText = valuesAsText;
        _keyData = keyData;
    }

    /// <summary>The order of the keys.</summary>
    public enum KeyOrdinality : byte
    {
        /// <summary>By the first row that has the value.</summary>
        ByOccurrence = 0,

        /// <summary>By value; texts by their code units.</summary>
        ByValue = 1,
    }

    /// <summary>Collects the values.</summary>
    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var columns = _pairs.Select(pair => input.Schema.GetColumnOrNull(pair.Input)
            ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", pair.Input)).ToArray();
        return new(_host, _pairs, [.. columns.Select(column => Learn(input, column))], _valuesAsText);
    }

    /// <summary>The input columns and the keys.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        foreach (var (output, input) in _pairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            // keys of keys keep the values that those stand for
            var values = column.IsKey && column.Annotations.TryFindColumn(ColumnAnnotations.KeyValues, out var old) && old.Kind == SchemaShape.Column.VectorKind.Vector
                ? old
                : new(ColumnAnnotations.KeyValues, SchemaShape.Column.VectorKind.Vector, _valuesAsText ? TextDataViewType.Instance : column.ItemType, column.IsKey && !_valuesAsText);
            added.Add(new(output, column.Kind, NumberDataViewType.UInt32, true, new SchemaShape([.. column.Keep(ColumnAnnotations.SlotNames), values])));
        }
        return inputSchema.With([.. added]);
    }

    private KeyMap Learn(IDataView input, DataViewSchema.Column column)
    {
        var (data, source) = _keyData == null ? (input, column) : (_keyData, _keyData.Schema[0]);
        if (_keyData != null && !source.Type.ItemType().Equals(column.Type.ItemType()))
            throw Contracts.ExceptParam("keyData", $"Key data column '{source.Name}' has item type '{source.Type.ItemType()}', "
                + $"which does not match that of the input column '{column.Name}', '{column.Type.ItemType()}'.");
        var map = KeyMap.Create(column.Type.ItemType());
        using (var cursor = data.GetRowCursor([source])) map.Learn(cursor, source, _keyData == null ? _maximumNumberOfKeys : int.MaxValue);
        if (_ordinality == KeyOrdinality.ByValue) map.Sort();
        return map;
    }
}

/// <summary>Replaces values by their keys; values that were not there while fitting become missing.</summary>
[LoadableClass(LoaderSignature)]
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "TermTransform";

    private static readonly VersionInfo Version = new("PFTERMTR", LoaderSignature);

    private readonly KeyMap[] _maps;
    private readonly bool _valuesAsText;

    internal ValueToKeyMappingTransformer(IHost host, (string Output, string Input)[] pairs, KeyMap[] maps, bool valuesAsText) : base(host, pairs)
    {
        _maps = maps;
        _valuesAsText = valuesAsText;
    }

    private ValueToKeyMappingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        _valuesAsText = ctx.Reader.ReadBoolean();
        _maps = [.. ColumnPairs.Select(_ => KeyMap.Load(ctx.Reader))];
    }

    private static ValueToKeyMappingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(ValueToKeyMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        ctx.Writer.Write(_valuesAsText);
        foreach (var map in _maps) map.Save(ctx.Writer);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) =>
        new ColumnwiseMapper(schema, ColumnPairs, Describe, (row, input, pair) => _maps[pair].CreateGetter(row, input));

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        var map = _maps[pair];
        if (!input.Type.ItemType().Equals(map.ItemTypeOfValues))
            throw Contracts.Except($"Could not apply a map over type '{map.ItemTypeOfValues}' to column '{input.Name}' since it has type '{input.Type.ItemType()}'");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == ColumnAnnotations.SlotNames);
        map.AddKeyValues(annotations, input, _valuesAsText);
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(map.KeyType, vector.Dimensions) : map.KeyType;
        return new(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }
}
