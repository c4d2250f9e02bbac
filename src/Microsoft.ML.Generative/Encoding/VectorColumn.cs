using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A column of type Vector&lt;Single&gt; of fixed size: one float per slot.</summary>
internal sealed record VectorColumn(string Name, int Width) : FeatureColumn(Name, Width)
{
    public override DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, Width);

    /// <summary>Finds the column in the schema of the rows to learn from.</summary>
    public static VectorColumn Find(DataViewSchema schema, string name) => new(name, SizeIn(schema, name));

    public override void Check(DataViewSchema schema)
    {
        int size = SizeIn(schema, Name);
        if (size != Width)
            throw new ArgumentException($"Column '{Name}' is a vector of {size}; the model was trained on {Width}. Fit the pipeline again or select the {Width} slots.");
    }

    public override IRowEncoder CreateEncoder(DataViewRow row) => new Encoder(row.GetGetter<VBuffer<float>>(row.Schema[Name]), this);

    public override string Describe(int index) => $"slot {index} of column '{Name}'";

    private static int SizeIn(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
            throw new ArgumentException($"Column '{name}' is not there; the columns are {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}. "
                                        + "Make it with Concatenate, or name another one in the options.");
        if (column.Type is not VectorDataViewType vector || !vector.ItemType.Equals(NumberDataViewType.Single))
            throw new ArgumentException($"Column '{name}' is {column.Type}; it must be a vector of Single. Convert it with Concatenate or ConvertType.");
        if (!vector.IsKnownSize)
            throw new ArgumentException($"Column '{name}' is a vector of unknown size; it must have a fixed size. "
                                        + "Concatenate columns of known size, or declare it with [VectorType(n)].");
        return vector.Size;
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
