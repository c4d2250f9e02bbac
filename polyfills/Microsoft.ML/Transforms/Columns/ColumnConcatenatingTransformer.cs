using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type, scalars and vectors, into one vector.</summary>
[LoadableClass(LoaderSignature)]
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";

    private static readonly VersionInfo Version = new("CONCAT F", 0x00010003, 0x00010003, 0x00010003, LoaderSignature);

    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(IHost host, string output, string[] inputs) : base(host)
    {
        _output = output;
        _inputs = inputs;
    }

    private static ColumnConcatenatingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        Contracts.CheckDecode(ctx.Reader.ReadCount() == 1, "Only one joined column per step can be read.");
        string output = ctx.LoadNonEmptyString();
        var inputs = new string[ctx.Reader.ReadCount()];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = ctx.LoadNonEmptyString();
            ctx.LoadStringOrNull();   // another name for the slots: nothing here gives one
        }
        return new(environment.Register(nameof(ColumnConcatenatingTransformer)), output, inputs);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(1);
        ctx.SaveNonEmptyString(_output);
        ctx.Writer.Write(_inputs.Length);
        foreach (string input in _inputs)
        {
            ctx.SaveNonEmptyString(input);
            ctx.SaveStringOrNull(null);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema inputSchema)
    {
        var sources = new DataViewSchema.Column[_inputs.Length];
        for (int i = 0; i < _inputs.Length; i++)
        {
            sources[i] = inputSchema.GetColumnOrNull(_inputs[i])
                ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", _inputs[i]);
            if (!sources[i].Type.ItemType().Equals(sources[0].Type.ItemType()))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", _inputs[i], sources[0].Type.ItemType().ToString(), sources[i].Type.ToString());
        }
        return new Joined(inputSchema, _output, sources);
    }

    private sealed class Joined(DataViewSchema inputSchema, string name, DataViewSchema.Column[] sources) : RowMapper(inputSchema)
    {
        // one vector alone passes through as it is, annotations included
        private bool IsCopy => sources is [{ Type: VectorDataViewType }];

        public override IEnumerable<int> InputsOf(int outputColumn) => sources.Select(source => source.Index);

        protected override Delegate MakeGetter(DataViewRow input, int outputColumn) => IsCopy
            ? input.GetterOf(input.Schema[sources[0].Index])
            : GenericCalls.Call<Delegate>(JoinGetter<int>, sources[0].Type.ItemType().RawType, input);

        protected override DataViewSchema.DetachedColumn[] MakeOutputColumns()
        {
            if (IsCopy) return [new(name, sources[0].Type, sources[0].Annotations)];
            int size = sources.All(source => source.Type.ValueCount() > 0) ? sources.Sum(source => source.Type.ValueCount()) : 0;
            var itemType = (PrimitiveDataViewType)sources[0].Type.ItemType();
            var annotations = new DataViewSchema.Annotations.Builder();
            if (itemType is NumberDataViewType && sources.All(source => source.IsNormalized())) annotations.AddIsNormalized();
            if (size > 0)
            {
                if (sources.Any(source => source.Type is not VectorDataViewType || source.SlotNamesOrNull() != null))
                    annotations.AddSlotNames(sources.SelectMany(SlotNames));
                int[] ranges = CategoricalSlotRanges();
                if (ranges.Length > 0) annotations.AddVector(ColumnAnnotations.CategoricalSlotRanges, NumberDataViewType.Int32, ranges);
            }
            return [new(name, new VectorDataViewType(itemType, size), annotations.ToAnnotations())];
        }

        private static IEnumerable<string> SlotNames(DataViewSchema.Column source)
        {
            if (source.Type is not VectorDataViewType vector) return [source.Name];
            var names = source.SlotNamesOrNull() ?? new string[vector.Size];
            return names.Select(slot => string.IsNullOrEmpty(slot) ? "" : $"{source.Name}.{slot}");
        }

        private int[] CategoricalSlotRanges()
        {
            List<int> ranges = [];
            int first = 0;
            foreach (var source in sources)
            {
                ranges.AddRange((source.CategoricalSlotRangesOrNull() ?? []).Select(slot => slot + first));
                first += source.Type.ValueCount();
            }
            return [.. ranges];
        }

        private ValueGetter<VBuffer<T>> JoinGetter<T>(DataViewRow input)
        {
            var scalars = new ValueGetter<T>[sources.Length];
            var vectors = new ValueGetter<VBuffer<T>>[sources.Length];
            for (int i = 0; i < sources.Length; i++)
            {
                var column = input.Schema[sources[i].Index];
                if (sources[i].Type is VectorDataViewType) vectors[i] = input.GetGetter<VBuffer<T>>(column);
                else scalars[i] = input.GetGetter<T>(column);
            }
            var parts = new VBuffer<T>[sources.Length];
            return (ref VBuffer<T> value) =>
            {
                int length = 0, count = 0;
                for (int i = 0; i < parts.Length; i++)
                {
                    if (vectors[i] == null)
                    {
                        length++;
                        count++;
                        continue;
                    }
                    vectors[i](ref parts[i]);
                    int expected = sources[i].Type.ValueCount();
                    if (expected != 0 && parts[i].Length != expected)
                        throw Contracts.Except($"Column '{sources[i].Name}': expected {expected} slots, but got {parts[i].Length}");
                    length += parts[i].Length;
                    count += parts[i].GetValues().Length;
                }
                bool sparse = count <= length / 2;
                var editor = VBufferEditor.Create(ref value, length, sparse ? count : length);
                int slot = 0, next = 0;
                for (int i = 0; i < parts.Length; i++)
                {
                    if (vectors[i] == null)
                    {
                        if (sparse) editor.Indices[next] = slot;
                        scalars[i](ref editor.Values[sparse ? next++ : slot]);
                        slot++;
                        continue;
                    }
                    if (!sparse) parts[i].CopyTo(editor.Values, slot);
                    else
                    {
                        parts[i].GetValues().CopyTo(editor.Values[next..]);
                        var indices = parts[i].GetIndices();
                        for (int k = 0; k < parts[i].GetValues().Length; k++)
                            editor.Indices[next++] = slot + (parts[i].IsDense ? k : indices[k]);
                    }
                    slot += parts[i].Length;
                }
                value = editor.Commit();
            };
        }
    }
}
