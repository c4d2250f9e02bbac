using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>The floats that a column has in the current row.</summary>
internal delegate ReadOnlySpan<float> FloatReader();

/// <summary>Makes data view getters over rows of floats.</summary>
internal static class FloatGetters
{
    /// <param name="type">Single, Double, Boolean (true where the float is not 0) or Vector&lt;Single&gt;.</param>
    /// <param name="read">Gives one float, or as many as the vector is long.</param>
    public static Delegate Create(DataViewType type, FloatReader read) => type switch
    {
        VectorDataViewType { ItemType: var item } when item.RawType == typeof(float) => Vector(read),
        NumberDataViewType when type.RawType == typeof(float) => (ValueGetter<float>)((ref float value) => value = read()[0]),
        NumberDataViewType when type.RawType == typeof(double) => (ValueGetter<double>)((ref double value) => value = read()[0]),
        BooleanDataViewType => (ValueGetter<bool>)((ref bool value) => value = read()[0] != 0),
        _ => throw new NotSupportedException($"A column of floats can be Single, Double, Boolean or Vector<Single>, not {type}."),
    };

    private static ValueGetter<VBuffer<float>> Vector(FloatReader read) => (ref VBuffer<float> value) =>
    {
        var floats = read();
        var editor = VBufferEditor.Create(ref value, floats.Length);
        floats.CopyTo(editor.Values);
        value = editor.Commit();
    };
}
