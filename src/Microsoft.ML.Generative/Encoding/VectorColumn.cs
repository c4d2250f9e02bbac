using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
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
        return new VectorColumn(name, ((VectorDataViewType)schema[name].Type).Size, SlotNamesOf(schema[name]));
    }

    public override void Check(DataViewSchema schema)
    {
        SchemaShapes.Require(SchemaShapes.Of(schema), Name, ColumnRequirement.Features);
        int size = ((VectorDataViewType)schema[Name].Type).Size;
        if (size != Width)
            throw new ArgumentException($"Column '{Name}' is Vector<Single> of {size}; the model was trained on {Width}. Fit the pipeline again or select the {Width} columns.");
    }

    public override IRowEncoder CreateEncoder(DataViewRow row) => new Encoder(row.GetGetter<VBuffer<float>>(row.Schema[Name]), this);

    public override string Describe(int index) => $"slot {index} of column '{Name}'";

    public override SampleColumn ToSampleColumn(int offset) => new FloatSampleColumn(Name, Type, offset, Width, SlotNames is null ? null : Annotations(SlotNames));

    private static IReadOnlyList<string>? SlotNamesOf(DataViewSchema.Column column)
    {
        if (!column.HasSlotNames()) return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(n => n.ToString()).ToList();
    }

    private static DataViewSchema.Annotations Annotations(IReadOnlyList<string> slotNames)
    {
        var values = new VBuffer<ReadOnlyMemory<char>>(slotNames.Count, slotNames.Select(n => n.AsMemory()).ToArray());
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, slotNames.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => values.CopyTo(ref value));
        return builder.ToAnnotations();
    }

    private sealed class Encoder(ValueGetter<VBuffer<float>> getter, VectorColumn column) : IRowEncoder
    {
        private VBuffer<float> _values;

        public void Encode(Span<float> destination)
        {
            getter(ref _values);
            if (_values.Length != column.Width)
                throw new InvalidOperationException($"Column '{column.Name}' has a row of {_values.Length} slots; its type says {column.Width}.");
            if (_values.IsDense) _values.GetValues().CopyTo(destination);
            else _values.CopyTo(destination);
        }
    }
}
