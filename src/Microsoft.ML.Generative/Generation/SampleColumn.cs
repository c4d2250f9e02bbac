using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>A column of drawn rows: its type, and how its value comes from the floats of a row.</summary>
internal abstract class SampleColumn(string name, DataViewType type, DataViewSchema.Annotations? annotations)
{
    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    public DataViewSchema.Annotations? Annotations { get; } = annotations;

    /// <param name="row">Gives all floats of the current row; calling it draws the batch that the row is in.</param>
    /// <param name="position">Gives the number of the current row, for values that are made up.</param>
    public abstract Delegate CreateGetter(FloatReader row, Func<long> position);
}

/// <summary>Some neighbouring floats of the row: Single, Double, Boolean (true where the float is not 0) or Vector&lt;Single&gt;.</summary>
internal sealed class FloatSampleColumn(string name, DataViewType type, int offset, int width = 1, DataViewSchema.Annotations? annotations = null)
    : SampleColumn(name, type, annotations)
{
    public override Delegate CreateGetter(FloatReader row, Func<long> position) => FloatGetters.Create(Type, () => row().Slice(offset, width));
}

/// <summary>One of some values, whose number (from 0) is a float of the row: labels, categories.</summary>
internal sealed class ChoiceSampleColumn<T>(string name, DataViewType type, T[] values, int offset, DataViewSchema.Annotations? annotations = null)
    : SampleColumn(name, type, annotations)
{
    public override Delegate CreateGetter(FloatReader row, Func<long> position) => (ValueGetter<T>)((ref T value) => value = values[(int)row()[offset]]);
}

/// <summary>The same vector in every row.</summary>
internal sealed class ConstantVectorColumn(string name, DataViewType type, float[] values, DataViewSchema.Annotations? annotations = null)
    : SampleColumn(name, type, annotations)
{
    public override Delegate CreateGetter(FloatReader row, Func<long> position) => FloatGetters.Create(Type, () => values);
}

/// <summary>The same value in every row, which takes no drawing: the label that was asked for, the mark of a synthetic row.</summary>
internal sealed class ConstantSampleColumn<T>(string name, DataViewType type, T constant, DataViewSchema.Annotations? annotations = null)
    : SampleColumn(name, type, annotations)
{
    public override Delegate CreateGetter(FloatReader row, Func<long> position) => (ValueGetter<T>)((ref T value) => value = constant);
}
