using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs the model once per row, for all columns that are active.</summary>
internal sealed class OnnxRowMapper : RowMapper
{
    private readonly OnnxTransformer _parent;
    private readonly DataViewSchema.Column[] _inputs;
    private readonly int[][] _shapes;

    public OnnxRowMapper(OnnxTransformer parent, DataViewSchema schema)
        : base(schema)
    {
        _parent = parent;
        _inputs = new DataViewSchema.Column[parent.Inputs.Length];
        _shapes = new int[parent.Inputs.Length][];
        for (int i = 0; i < _inputs.Length; i++)
        {
            var input = parent.Model.Input(parent.Inputs[i]);
            if (input.Shape.Count(size => size == 0) > 1) throw new ArgumentOutOfRangeException(input.Name, "Only 1 unknown dimension is allowed");
            _shapes[i] = input.Shape;
            _inputs[i] = schema.GetColumnOrNull(input.Name) ?? throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name);
            Check(input, _inputs[i].Type);
        }
    }

    public override IEnumerable<int> InputsOf(int outputColumn) => _inputs.Select(input => input.Index);

    public override Delegate[] MakeGetters(DataViewRow input, bool[] active, out Action disposer)
    {
        var run = new RowRun(this, input, [.. _parent.Outputs.Where((_, i) => active[i])]);
        disposer = run.Dispose;
        return [.. active.Select((isActive, i) => isActive ? MakeGetter(run, _parent.Outputs[i], _parent.OutputTypes[i]) : null)];
    }

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns()
    {
        const string Suffix = ".output";
        return [.. _parent.Outputs.Select((name, i) =>
        {
            string column = name.EndsWith(Suffix) ? name.Replace(Suffix, "") : name;
            var annotations = new DataViewSchema.Annotations.Builder();
            if (_parent.Model.SlotNames.TryGetValue(column, out string[] slots)) annotations.AddSlotNames(slots);
            return new DataViewSchema.DetachedColumn(column, _parent.OutputTypes[i], annotations.ToAnnotations());
        })];
    }

    protected override Delegate MakeGetter(DataViewRow input, int outputColumn) => throw new NotSupportedException("The getters are made together.");

    private static Delegate MakeGetter(RowRun run, string name, DataViewType type) => type switch
    {
        VectorDataViewType { ItemType: TextDataViewType } => TextGetter(run, name),
        VectorDataViewType vector => GenericCalls.Call<Delegate>(VectorGetter<int>, vector.ItemType.RawType, run, name),
        _ => GenericCalls.Call<Delegate>(ScalarGetter<int>, type.RawType, run, name),
    };

    private static void Check(OnnxVariable input, DataViewType type)
    {
        var itemType = type.ItemType();
        if (!itemType.Equals(input.Type.ItemType()) && !(itemType is KeyDataViewType && itemType.RawType == input.Type.ItemType().RawType))
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, input.Type.ItemType().ToString(), type.ToString());
        int count = input.Shape.Aggregate(1, (product, size) => product * size);
        if (count > 0 && type.ValueCount() % count != 0)
            throw Contracts.Except($"Input shape mismatch: Input '{input.Name}' has shape {string.Join(",", input.Shape)}, but input data is of length {type.ValueCount()}.");
    }

    private static ValueGetter<VBuffer<T>> VectorGetter<T>(RowRun run, string name) => (ref VBuffer<T> value) =>
    {
        var numbers = run.Result<T>(name);
        var editor = VBufferEditor.Create(ref value, numbers.Length);
        numbers.CopyTo(editor.Values);
        value = editor.Commit();
    };

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> TextGetter(RowRun run, string name) => (ref VBuffer<ReadOnlyMemory<char>> value) =>
    {
        var texts = run.Result<string>(name);
        var editor = VBufferEditor.Create(ref value, texts.Length);
        for (int i = 0; i < texts.Length; i++) editor.Values[i] = texts[i].AsMemory();
        value = editor.Commit();
    };

    private static ValueGetter<T> ScalarGetter<T>(RowRun run, string name) => (ref T value) => value = run.Result<T>(name)[0];

    /// <summary>The results of the row on which the input stands.</summary>
    private sealed class RowRun : IDisposable
    {
        private readonly OnnxRowMapper _mapper;
        private readonly DataViewRow _input;
        private readonly string[] _outputs;
        private readonly Func<NamedOnnxValue>[] _values;
        private IDisposableReadOnlyCollection<DisposableNamedOnnxValue> _results;
        private long _position = -1;

        public RowRun(OnnxRowMapper mapper, DataViewRow input, string[] outputs)
        {
            _mapper = mapper;
            _input = input;
            _outputs = outputs;
            _values = outputs.Length == 0 ? [] : [.. mapper._inputs.Select((column, i) => GenericCalls.Call<Func<NamedOnnxValue>>(
                column.Type is VectorDataViewType ? VectorSource<int> : ScalarSource<int>, column.Type.ItemType().RawType, input, input.Schema[column.Index], mapper._shapes[i]))];
        }

        public ReadOnlySpan<T> Result<T>(string name)
        {
            if (_results == null || _position != _input.Position)
            {
                _results?.Dispose();
                _results = _mapper._parent.Model.Run(Array.ConvertAll(_values, value => value()), _outputs);
                _position = _input.Position;
            }
            return ((DenseTensor<T>)_results[Array.IndexOf(_outputs, name)].Value).Buffer.Span;
        }

        public void Dispose()
        {
            _results?.Dispose();
            _results = null;
        }

        private static Func<NamedOnnxValue> ScalarSource<T>(DataViewRow input, DataViewSchema.Column column, int[] shape)
        {
            var getter = input.GetGetter<T>(column);
            return () =>
            {
                var value = new T[1];
                getter(ref value[0]);
                return ToOnnx(column.Name, value, [1, 1]);
            };
        }

        private static NamedOnnxValue ToOnnx<T>(string name, T[] values, int[] shape) => values is ReadOnlyMemory<char>[] texts
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(Array.ConvertAll(texts, text => text.ToString()), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));

        private static Func<NamedOnnxValue> VectorSource<T>(DataViewRow input, DataViewSchema.Column column, int[] shape)
        {
            var getter = input.GetGetter<VBuffer<T>>(column);
            var vector = default(VBuffer<T>);
            int open = ((VectorDataViewType)column.Type).IsKnownSize ? -1 : Array.IndexOf(shape, 0);
            int known = shape.Where(size => size > 0).Aggregate(1, (product, size) => product * size);
            shape = [.. shape];
            return () =>
            {
                getter(ref vector);
                var values = new T[vector.Length];
                vector.CopyTo(values);
                if (open >= 0) shape[open] = values.Length / known;
                return ToOnnx(column.Name, values, shape);
            };
        }
    }
}
