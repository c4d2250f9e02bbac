using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another type.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs, DataKind kind)
        : this(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(TypeConvertingEstimator)), pairs, kind)
    {
    }

    private TypeConvertingEstimator(IHost host, (string Output, string Input)[] pairs, DataKind kind)
        : base(host, new TypeConvertingTransformer(host, pairs, [.. pairs.Select(_ => kind)]))
    {
    }

    /// <summary>The input columns and the converted ones.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        for (int i = 0; i < Transformer.ColumnPairs.Length; i++)
        {
            var (output, input) = Transformer.ColumnPairs[i];
            if (!inputSchema.TryFindColumn(input, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            var type = PrimitiveTypes.Of(Transformer.Kinds[i]);
            bool fits = column.IsKey ? KeyDataViewType.IsValidDataType(type.RawType) : StandardConversions.Find(column.ItemType.RawType, type.RawType) != null;
            Contracts.CheckParam(fits, nameof(inputSchema), $"Don't know how to convert {column.ItemType} into {type}");

            List<SchemaShape.Column> annotations = column.Keep(ColumnAnnotations.SlotNames);
            if (column.IsKey) annotations.AddRange(column.Keep(ColumnAnnotations.KeyValues));
            else if (type is NumberDataViewType && column.ItemType is NumberDataViewType) annotations.AddRange(column.Keep(ColumnAnnotations.IsNormalized));
            else if (type is NumberDataViewType && column.ItemType is BooleanDataViewType) annotations.Add(ColumnAnnotations.IsNormalizedShape);
            added.Add(new(output, column.Kind, type, column.IsKey, new SchemaShape(annotations)));
        }
        return inputSchema.With([.. added]);
    }
}

/// <summary>Converts columns to another type.</summary>
[LoadableClass(LoaderSignature)]
public sealed class TypeConvertingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "ConvertTransform";

    private static readonly VersionInfo Version = new("CONVERTF", 0x00010004, 0x00010003, 0x00010004, LoaderSignature);

    internal TypeConvertingTransformer(IHost host, (string Output, string Input)[] pairs, DataKind[] kinds) : base(host, pairs)
    {
        Contracts.CheckParam(kinds.All(Enum.IsDefined), "outputKind");
        Kinds = kinds;
    }

    private TypeConvertingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
        Kinds = [.. ColumnPairs.Select(_ => (DataKind)ctx.Reader.ReadByte())];
        Contracts.CheckDecode(Kinds.All(Enum.IsDefined), "Unknown kind of data.");
    }

    internal DataKind[] Kinds { get; }

    private static TypeConvertingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(TypeConvertingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var kind in Kinds) ctx.Writer.Write((byte)kind);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ColumnwiseMapper(schema, ColumnPairs, Describe, (row, input, pair) =>
    {
        var from = input.Type.ItemType().RawType;
        var to = PrimitiveTypes.Of(Kinds[pair]).RawType;
        Func<DataViewRow, DataViewSchema.Column, Delegate, Delegate> make = MakeGetter<int, int>;
        return (Delegate)make.Method.GetGenericMethodDefinition().MakeGenericMethod(from, to)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, input, StandardConversions.Find(from, to)], null);
    });

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        var from = input.Type.ItemType();
        PrimitiveDataViewType to = PrimitiveTypes.Of(Kinds[pair]);
        bool keys = from is KeyDataViewType;
        if (keys && KeyDataViewType.IsValidDataType(to.RawType)) to = new KeyDataViewType(to.RawType, Math.Min(((KeyDataViewType)from).Count, LargestKey(to.RawType)));
        else if (keys || StandardConversions.Find(from.RawType, to.RawType) == null)
            throw Contracts.ExceptParam("inputSchema", $"source column '{input.Name}' with item type '{input.Type}' is not compatible with destination type '{to}'");

        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == ColumnAnnotations.SlotNames
            || kind == ColumnAnnotations.KeyValues && keys && ((KeyDataViewType)to).Count == ((KeyDataViewType)from).Count
            || kind == ColumnAnnotations.IsNormalized && from is NumberDataViewType && to is NumberDataViewType);
        if (from is BooleanDataViewType && to is NumberDataViewType) annotations.AddIsNormalized();
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(to, vector.Dimensions) : to;
        return new(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private static ulong LargestKey(Type type) =>
        type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;

    private static Delegate MakeGetter<TFrom, TTo>(DataViewRow row, DataViewSchema.Column input, Delegate conversion)
    {
        var convert = (Func<TFrom, TTo>)conversion;
        if (input.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<TFrom>(input);
            TFrom source = default;
            return (ValueGetter<TTo>)((ref TTo value) =>
            {
                getter(ref source);
                value = convert(source);
            });
        }
        var getVector = row.GetGetter<VBuffer<TFrom>>(input);
        var vector = default(VBuffer<TFrom>);
        // slots that a sparse vector leaves out may be left out again only if their value stays the default
        bool keepsDefault = EqualityComparer<TTo>.Default.Equals(convert(default), default);
        return (ValueGetter<VBuffer<TTo>>)((ref VBuffer<TTo> value) =>
        {
            getVector(ref vector);
            if (vector.IsDense || keepsDefault)
            {
                var values = vector.GetValues();
                var editor = VBufferEditor.Create(ref value, vector.Length, values.Length);
                vector.GetIndices().CopyTo(editor.Indices);
                for (int i = 0; i < values.Length; i++) editor.Values[i] = convert(values[i]);
                value = editor.Commit();
                return;
            }
            var dense = VBufferEditor.Create(ref value, vector.Length);
            int slot = 0;
            foreach (var item in vector.DenseValues()) dense.Values[slot++] = convert(item);
            value = dense.Commit();
        });
    }
}
