using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns, annotations included, under another name.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName)
        : this(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(ColumnCopyingEstimator)),
            (outputColumnName, Contracts.CheckNonEmpty(inputColumnName, nameof(inputColumnName))))
    {
    }

    private ColumnCopyingEstimator(IHost host, (string Output, string Input) pair) : base(host, new ColumnCopyingTransformer(host, [pair]))
    {
    }

    /// <summary>The input columns and the copies.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var copies = Transformer.ColumnPairs.Select(pair => inputSchema.TryFindColumn(pair.InputColumnName, out var source)
            ? new SchemaShape.Column(pair.OutputColumnName, source.Kind, source.ItemType, source.IsKey, source.Annotations)
            : throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.InputColumnName));
        return inputSchema.With([.. copies]);
    }
}

/// <summary>Copies columns, annotations included, under another name.</summary>
[LoadableClass(LoaderSignature)]
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";

    private static readonly VersionInfo Version = new("COPYCOLT", LoaderSignature);

    internal ColumnCopyingTransformer(IHost host, (string Output, string Input)[] pairs) : base(host, pairs)
    {
    }

    private ColumnCopyingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
    }

    private static ColumnCopyingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(ColumnCopyingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ColumnwiseMapper(schema, ColumnPairs,
        (input, pair) => new(ColumnPairs[pair].OutputColumnName, input.Type, input.Annotations),
        (row, input, pair) => row.GetterOf(input));
}
