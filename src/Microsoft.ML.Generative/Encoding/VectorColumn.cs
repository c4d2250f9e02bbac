using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Persistence.Onnx;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A column of type Vector&lt;Single&gt; of fixed size: one float per slot.</summary>
/// <param name="SlotNames">Names of the slots; null if they have none.</param>
internal sealed record VectorColumn(string Name, int Width, IReadOnlyList<string>? SlotNames) : FeatureColumn(Name, Width)
{
    public override DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, Width);

    /// <summary>Finds the column in the schema of the rows to learn from.</summary>
    /// <exception cref="ArgumentException">It is missing, or not a vector of Single of known size.</exception>
    public static VectorColumn Find(DataViewSchema schema, string name)
    {
        SchemaShapes.Require(SchemaShapes.Of(schema), name, ColumnRequirement.Features);
        return new VectorColumn(name, ((VectorDataViewType)schema[name].Type).Size, Encoding.SlotNames.Of(schema[name].Annotations));
    }

    public override void Check(DataViewSchema schema)
    {
        SchemaShapes.Require(SchemaShapes.Of(schema), Name, ColumnRequirement.Features);
        int size = ((VectorDataViewType)schema[Name].Type).Size;
        if (size != Width)
            throw OtherSize(Name, size, Width);
    }

    public override IRowEncoder CreateEncoder(DataViewRow row) => new Encoder(row.GetGetter<VBuffer<float>>(row.Schema[Name]), this);

    public override string Describe(int index) => $"slot {index} of column '{Name}'";

    public override int OnnxWidth => Width;

    public override OnnxValue Encode(OnnxValue values) => values;

    public override OnnxValue Decode(OnnxValue encoded) => encoded;

    public override SampleColumn ToSampleColumn(int offset) => new FloatSampleColumn(Name, Type, offset, Width, SlotNames is null ? null : Encoding.SlotNames.ToAnnotations(SlotNames));

    public static ArgumentException OtherSize(string name, int size, int trained) =>
        new($"Column '{name}' is Vector<Single> of {size}; the model was trained on {trained}. Fit the pipeline again or select the {trained} columns.");

    public static InvalidOperationException OtherLength(string name, int length, int size) => new($"Column '{name}' has a row of {length} slots; its type says {size}.");

    private sealed class Encoder(ValueGetter<VBuffer<float>> getter, VectorColumn column) : IRowEncoder
    {
        private VBuffer<float> _values;

        public void Encode(Span<float> destination)
        {
            getter(ref _values);
            if (_values.Length != column.Width)
                throw OtherLength(column.Name, _values.Length, column.Width);
            if (_values.IsDense) _values.GetValues().CopyTo(destination);
            else _values.CopyTo(destination);
        }
    }
}
