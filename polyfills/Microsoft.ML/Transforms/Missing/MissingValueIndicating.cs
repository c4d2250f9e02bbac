using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Tells which values of a column of floating point numbers are NaN.</summary>
public sealed class MissingValueIndicatorEstimator : TrivialEstimator<MissingValueIndicatorTransformer>
{
    internal MissingValueIndicatorEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs)
        : this(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(MissingValueIndicatorEstimator)), pairs)
    {
    }

    private MissingValueIndicatorEstimator(IHost host, (string Output, string Input)[] pairs) : base(host, new MissingValueIndicatorTransformer(host, pairs))
    {
    }

    /// <summary>The input columns and the indicators.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            MissingValueIndicatorTransformer.CheckType(column.ItemType);
            added.Add(new(output, column.Kind, BooleanDataViewType.Instance, false,
                new SchemaShape([.. column.Keep(ColumnAnnotations.SlotNames), ColumnAnnotations.IsNormalizedShape])));
        }
        return inputSchema.With([.. added]);
    }
}

/// <summary>Tells which values of a column of floating point numbers are NaN.</summary>
[LoadableClass(LoaderSignature)]
public sealed class MissingValueIndicatorTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "NaIndicatorTransform";

    private static readonly VersionInfo Version = new("NAIND TF", LoaderSignature);

    internal MissingValueIndicatorTransformer(IHost host, (string Output, string Input)[] pairs) : base(host, pairs)
    {
    }

    private MissingValueIndicatorTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
    }

    internal static void CheckType(DataViewType itemType)
    {
        if (!itemType.Equals(NumberDataViewType.Single) && !itemType.Equals(NumberDataViewType.Double))
            throw Contracts.ExceptParam("inputSchema", $"Type '{itemType}' is not supported by {LoaderSignature} since it doesn't have an NA value");
    }

    private static MissingValueIndicatorTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(MissingValueIndicatorTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ColumnwiseMapper(schema, ColumnPairs, Describe, (row, input, _) =>
        input.Type.ItemType().Equals(NumberDataViewType.Single) ? MakeGetter<float>(row, input, float.IsNaN) : MakeGetter<double>(row, input, double.IsNaN));

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        CheckType(input.Type.ItemType());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == ColumnAnnotations.SlotNames);
        annotations.AddIsNormalized();
        DataViewType type = input.Type is VectorDataViewType vector
            ? new VectorDataViewType(BooleanDataViewType.Instance, vector.Dimensions)
            : BooleanDataViewType.Instance;
        return new(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column input, Func<T, bool> isMissing)
    {
        if (input.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<T>(input);
            T source = default;
            return (ValueGetter<bool>)((ref bool value) =>
            {
                getter(ref source);
                value = isMissing(source);
            });
        }
        var getVector = row.GetGetter<VBuffer<T>>(input);
        var vector = default(VBuffer<T>);
        return (ValueGetter<VBuffer<bool>>)((ref VBuffer<bool> value) =>
        {
            getVector(ref vector);
            var editor = VBufferEditor.Create(ref value, vector.Length);
            int slot = 0;
            foreach (var item in vector.DenseValues()) editor.Values[slot++] = isMissing(item);
            value = editor.Commit();
        });
    }
}
