using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Brings columns to the scale that was learned.</summary>
[LoadableClass(LoaderSignature)]
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";

    private static readonly VersionInfo Version = new("PFNORMAL", LoaderSignature);

    private readonly DataViewType[] _types;
    private readonly ColumnNormalizer[] _normalizers;

    internal NormalizingTransformer(IHost host, (string Output, string Input)[] pairs, DataViewType[] types, ColumnNormalizer[] normalizers) : base(host, pairs)
    {
        _types = types;
        _normalizers = normalizers;
    }

    private NormalizingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        _types = new DataViewType[ColumnPairs.Length];
        _normalizers = new ColumnNormalizer[ColumnPairs.Length];
        for (int i = 0; i < _types.Length; i++)
        {
            _types[i] = SchemaCodec.ReadType(ctx.Reader);
            _normalizers[i] = ColumnNormalizer.Load(ctx.Reader);
        }
    }

    /// <summary>What was learned about a column, by its index among the normalised ones.</summary>
    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckParam(0 <= index && index < _normalizers.Length, nameof(index));
        return _normalizers[index].GetParameters(_types[index] is VectorDataViewType);
    }

    private static NormalizingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(NormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        for (int i = 0; i < _types.Length; i++)
        {
            SchemaCodec.WriteType(ctx.Writer, _types[i]);
            _normalizers[i].Save(ctx.Writer);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) =>
        new ColumnwiseMapper(schema, ColumnPairs, Describe, (row, input, pair) => _normalizers[pair].CreateGetter(row, input));

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        if (!input.Type.Equals(_types[pair]))
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, _types[pair].ToString(), input.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddIsNormalized();
        annotations.Add(input.Annotations, kind => kind == ColumnAnnotations.SlotNames);
        return new(ColumnPairs[pair].OutputColumnName, input.Type, annotations.ToAnnotations());
    }

    /// <summary>What a normaliser learned about a column.</summary>
    public abstract class NormalizerModelParametersBase
    {
        private protected NormalizerModelParametersBase()
        {
        }
    }

    /// <summary>(x − offset) · scale. Vectors without any offset have an empty one.</summary>
    public sealed class AffineNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal AffineNormalizerModelParameters(TData scale, TData offset)
        {
            Scale = scale;
            Offset = offset;
        }

        /// <summary>The factors.</summary>
        public TData Scale { get; }

        /// <summary>What is subtracted first.</summary>
        public TData Offset { get; }
    }

    /// <summary>The share of a normal distribution below x, or below log x.</summary>
    public sealed class CdfNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal CdfNormalizerModelParameters(TData mean, TData standardDeviation, bool useLog)
        {
            Mean = mean;
            StandardDeviation = standardDeviation;
            UseLog = useLog;
        }

        /// <summary>The means.</summary>
        public TData Mean { get; }

        /// <summary>The standard deviations.</summary>
        public TData StandardDeviation { get; }

        /// <summary>Whether the logarithm of the values is meant.</summary>
        public bool UseLog { get; }
    }
}
