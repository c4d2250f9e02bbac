using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Replaces keys by the values that the annotation KeyValues has for them.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    internal KeyToValueMappingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs)
        : this(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(KeyToValueMappingEstimator)), pairs)
    {
    }

    private KeyToValueMappingEstimator(IHost host, (string Output, string Input)[] pairs) : base(host, new KeyToValueMappingTransformer(host, pairs))
    {
    }

    /// <summary>The input columns and the values.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            if (!column.IsKey) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input, "key type", column.GetTypeString());
            if (!column.Annotations.TryFindColumn(ColumnAnnotations.KeyValues, out var values))
                throw Contracts.ExceptParam(nameof(inputSchema), $"Input column '{input}' doesn't contain key values metadata");
            added.Add(new(output, column.Kind, values.ItemType, values.IsKey, new SchemaShape(column.Keep(ColumnAnnotations.SlotNames))));
        }
        return inputSchema.With([.. added]);
    }
}

/// <summary>Replaces keys by their values; missing keys become NaN, the empty text, or the default value.</summary>
[LoadableClass(LoaderSignature)]
public sealed class KeyToValueMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToValueTransform";

    private static readonly VersionInfo Version = new("KEY2VALT", LoaderSignature);

    internal KeyToValueMappingTransformer(IHost host, (string Output, string Input)[] pairs) : base(host, pairs)
    {
    }

    private KeyToValueMappingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx)
    {
    }

    private static KeyToValueMappingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(KeyToValueMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ColumnwiseMapper(schema, ColumnPairs, Describe,
        (row, input, _) => GenericCalls.Call<Delegate>(MakeGetter<int>, ValuesOf(input).ItemType.RawType, row, input));

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        var values = ValuesOf(input);
        Contracts.Check((ulong)values.Size == ((KeyDataViewType)input.Type.ItemType()).Count, "KeyValues metadata size does not match column type key count");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == ColumnAnnotations.SlotNames);
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(values.ItemType, vector.Dimensions) : values.ItemType;
        return new(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private static VectorDataViewType ValuesOf(DataViewSchema.Column input)
    {
        if (input.Type.ItemType() is not KeyDataViewType)
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, "key type", input.Type.ToString());
        return input.Annotations.Schema.GetColumnOrNull(ColumnAnnotations.KeyValues)?.Type as VectorDataViewType
            ?? throw Contracts.Except($"Metadata KeyValues does not exist: column '{input.Name}' has keys without values.");
    }

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column input)
    {
        var buffer = default(VBuffer<T>);
        input.GetKeyValues(ref buffer);
        T[] values = [.. buffer.DenseValues()];
        var missing = MissingValues.Of<T>();
        T ValueOf(uint key) => key == 0 || key > values.Length ? missing : values[key - 1];

        if (input.Type is not VectorDataViewType)
        {
            var getKey = KeyGetters.Scalar(row, input);
            uint key = 0;
            return (ValueGetter<T>)((ref T value) =>
            {
                getKey(ref key);
                value = ValueOf(key);
            });
        }
        var getKeys = KeyGetters.Vector(row, input);
        var keys = default(VBuffer<uint>);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            getKeys(ref keys);
            var editor = VBufferEditor.Create(ref value, keys.Length);
            int slot = 0;
            foreach (uint key in keys.DenseValues()) editor.Values[slot++] = ValueOf(key);
            value = editor.Commit();
        });
    }
}

/// <summary>What stands for a missing value of a type.</summary>
internal static class MissingValues
{
    public static T Of<T>() => typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
}

/// <summary>Reads keys of any width.</summary>
internal static class KeyGetters
{
    public static ValueGetter<uint> Scalar(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type.RawType == typeof(uint)) return row.GetGetter<uint>(column);
        if (column.Type.RawType == typeof(byte)) return Widen<byte>(row, column, key => key);
        if (column.Type.RawType == typeof(ushort)) return Widen<ushort>(row, column, key => key);
        return Widen<ulong>(row, column, key => key > uint.MaxValue ? 0 : (uint)key);
    }

    public static ValueGetter<VBuffer<uint>> Vector(DataViewRow row, DataViewSchema.Column column)
    {
        var type = column.Type.ItemType().RawType;
        if (type == typeof(uint)) return row.GetGetter<VBuffer<uint>>(column);
        if (type == typeof(byte)) return WidenVector<byte>(row, column, key => key);
        if (type == typeof(ushort)) return WidenVector<ushort>(row, column, key => key);
        return WidenVector<ulong>(row, column, key => key > uint.MaxValue ? 0 : (uint)key);
    }

    private static ValueGetter<uint> Widen<T>(DataViewRow row, DataViewSchema.Column column, Func<T, uint> widen)
    {
        var getter = row.GetGetter<T>(column);
        T source = default;
        return (ref uint key) =>
        {
            getter(ref source);
            key = widen(source);
        };
    }

    private static ValueGetter<VBuffer<uint>> WidenVector<T>(DataViewRow row, DataViewSchema.Column column, Func<T, uint> widen)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var source = default(VBuffer<T>);
        return (ref VBuffer<uint> keys) =>
        {
            getter(ref source);
            var editor = VBufferEditor.Create(ref keys, source.Length);
            int slot = 0;
            foreach (var key in source.DenseValues()) editor.Values[slot++] = widen(key);
            keys = editor.Commit();
        };
    }
}
