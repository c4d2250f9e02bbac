using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Brings columns of floating point numbers to one scale, each slot by itself.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly IHost _host;
    private readonly NormalizerOptions[] _columns;

    internal NormalizingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs, long maximumExampleCount, NormalizerMethod method)
    {
        _host = Contracts.CheckValue(environment, nameof(environment)).Register(nameof(NormalizingEstimator));
        Contracts.CheckParam(maximumExampleCount > 1, nameof(maximumExampleCount), "Must be greater than 1");
        foreach (var (output, input) in pairs)
        {
            Contracts.CheckNonEmpty(output, "name");
            Contracts.CheckNonEmpty(input, "inputColumnName");
        }
        _columns = [.. pairs.Select(pair => new NormalizerOptions(pair, maximumExampleCount, method))];
    }

    /// <summary>Learns the scales in one pass over the columns.</summary>
    public NormalizingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var columns = _columns.Select(options => input.Schema.GetColumnOrNull(options.Pair.Input)
            ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", options.Pair.Input)).ToArray();
        var fittings = _columns.Zip(columns, (options, column) => NormalizerFitting.Start(options, column.Type)).ToArray();

        using (var cursor = input.GetRowCursor(columns.DistinctBy(column => column.Index)))
        {
            for (int i = 0; i < columns.Length; i++) fittings[i].Read(cursor, columns[i]);
            while (cursor.MoveNext())
                foreach (var fitting in fittings) fitting.AddRow();
        }
        return new(_host, [.. _columns.Select(options => options.Pair)],
            [.. columns.Select(column => column.Type)], [.. fittings.Select(fitting => fitting.Finish())]);
    }

    /// <summary>The input columns and the normalised ones, of the same types and marked as normalised.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        foreach (var options in _columns)
        {
            string name = options.Pair.Input;
            if (!inputSchema.TryFindColumn(name, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "known-size vector or scalar", column.GetTypeString());
            if (column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single) && !column.ItemType.Equals(NumberDataViewType.Double))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "vector or scalar of Single or Double", column.GetTypeString());
            added.Add(new(options.Pair.Output, column.Kind, column.ItemType, false,
                new SchemaShape([ColumnAnnotations.IsNormalizedShape, .. column.Keep(ColumnAnnotations.SlotNames)])));
        }
        return inputSchema.With([.. added]);
    }
}
