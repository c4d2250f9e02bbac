using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Makes a vector of a key: one at the slot of the key, zero elsewhere.</summary>
public sealed class KeyToVectorMappingEstimator : TrivialEstimator<KeyToVectorMappingTransformer>
{
    internal KeyToVectorMappingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs, bool outputCountVector)
        : this(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(KeyToVectorMappingEstimator)), pairs, outputCountVector)
    {
    }

    private KeyToVectorMappingEstimator(IHost host, (string Output, string Input)[] pairs, bool outputCountVector)
        : base(host, new KeyToVectorMappingTransformer(host, pairs, outputCountVector))
    {
    }

    /// <summary>The input columns and the vectors.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        for (int i = 0; i < Transformer.ColumnPairs.Length; i++)
        {
            var (output, input) = Transformer.ColumnPairs[i];
            if (!inputSchema.TryFindColumn(input, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            if (!column.IsKey) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input, "key type", column.GetTypeString());

            bool counts = Transformer.Counts[i], scalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
            List<SchemaShape.Column> annotations = [];
            if (column.Annotations.TryFindColumn(ColumnAnnotations.KeyValues, out var values)
                && values.Kind == SchemaShape.Column.VectorKind.Vector && values.ItemType is TextDataViewType
                && (counts || scalar || column.Kind == SchemaShape.Column.VectorKind.Vector))
                annotations.Add(ColumnAnnotations.SlotNamesShape);
            if (!counts && column.Kind != SchemaShape.Column.VectorKind.VariableVector) annotations.Add(ColumnAnnotations.CategoricalSlotRangesShape);
            if (!counts || scalar) annotations.Add(ColumnAnnotations.IsNormalizedShape);
            var kind = !counts && column.Kind == SchemaShape.Column.VectorKind.VariableVector
                ? SchemaShape.Column.VectorKind.VariableVector
                : SchemaShape.Column.VectorKind.Vector;
            added.Add(new(output, kind, NumberDataViewType.Single, false, new SchemaShape(annotations)));
        }
        return inputSchema.With([.. added]);
    }
}

/// <summary>Makes a vector of a key; of a vector of keys one after the other, or their counts. A missing key is all zeros.</summary>
[LoadableClass(LoaderSignature)]
public sealed class KeyToVectorMappingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "KeyToVectorTransform";

    private static readonly VersionInfo Version = new("KEY2VECT", 0x00010002, 0x00010002, 0x00010002, LoaderSignature);

    internal KeyToVectorMappingTransformer(IHost host, (string Output, string Input)[] pairs, bool counts) : base(host, pairs) =>
        Counts = [.. pairs.Select(_ => counts)];

    private KeyToVectorMappingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx) =>
        Counts = [.. ColumnPairs.Select(_ => ctx.Reader.ReadBoolean())];

    internal bool[] Counts { get; }

    private static KeyToVectorMappingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(KeyToVectorMappingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (bool counts in Counts) ctx.Writer.Write(counts);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ColumnwiseMapper(schema, ColumnPairs, Describe, MakeGetter);

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        if (input.Type.ItemType() is not KeyDataViewType key)
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, "key type", input.Type.ToString());
        Contracts.Check(key.Count <= int.MaxValue, $"Column '{input.Name}' has {key.Count} keys, too many for a vector.");
        int keys = (int)key.Count, values = input.Type.ValueCount();
        bool counts = Counts[pair], scalar = input.Type is not VectorDataViewType;
        Contracts.Check((long)keys * Math.Max(values, 1) <= int.MaxValue || counts, $"Column '{input.Name}': {values} times {keys} slots are too many for a vector.");
        var type = counts || values == 1
            ? new VectorDataViewType(NumberDataViewType.Single, keys)
            : new VectorDataViewType(NumberDataViewType.Single, values, keys);

        var annotations = new DataViewSchema.Annotations.Builder();
        if (input.HasKeyValues())
        {
            var buffer = default(VBuffer<ReadOnlyMemory<char>>);
            input.GetKeyValues(ref buffer);
            string[] names = [.. buffer.DenseValues().Select(name => name.ToString())];
            if (counts || scalar) annotations.AddSlotNames(names);
            else if (values > 0)
            {
                string[] groups = input.SlotNamesOrNull() ?? new string[values];
                annotations.AddSlotNames(groups.SelectMany((group, i) => names.Select(name => $"{(string.IsNullOrEmpty(group) ? $"[{i}]" : group)}.{name}")));
            }
        }
        if (!counts && values > 0)
            annotations.AddVector(ColumnAnnotations.CategoricalSlotRanges, NumberDataViewType.Int32,
                [.. Enumerable.Range(0, values).SelectMany(i => (int[])[i * keys, (i + 1) * keys - 1])]);
        if (!counts || scalar) annotations.AddIsNormalized();
        return new(ColumnPairs[pair].OutputColumnName, type, annotations.ToAnnotations());
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, DataViewSchema.Column input, int pair)
    {
        int size = (int)((KeyDataViewType)input.Type.ItemType()).Count;
        if (input.Type is not VectorDataViewType)
        {
            var getKey = KeyGetters.Scalar(row, input);
            uint key = 0;
            return (ref VBuffer<float> value) =>
            {
                getKey(ref key);
                bool present = key != 0 && key <= size;
                var editor = VBufferEditor.Create(ref value, size, present ? 1 : 0, requireIndicesOnDense: true);
                if (present)
                {
                    editor.Values[0] = 1;
                    editor.Indices[0] = (int)key - 1;
                }
                value = editor.Commit();
            };
        }

        var getKeys = KeyGetters.Vector(row, input);
        var keys = default(VBuffer<uint>);
        bool counts = Counts[pair];
        var sums = new SortedDictionary<int, float>();
        return (ref VBuffer<float> value) =>
        {
            getKeys(ref keys);
            sums.Clear();
            foreach (var (slot, key) in keys.Items())
            {
                if (key == 0 || key > size) continue;
                int target = (counts ? 0 : slot * size) + (int)key - 1;
                sums[target] = sums.GetValueOrDefault(target) + 1;
            }
            var editor = VBufferEditor.Create(ref value, counts ? size : keys.Length * size, sums.Count, requireIndicesOnDense: true);
            int next = 0;
            foreach (var (target, count) in sums)
            {
                editor.Values[next] = count;
                editor.Indices[next++] = target;
            }
            value = editor.Commit();
        };
    }
}
