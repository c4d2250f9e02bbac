using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>A column that a model adds: a number of floats per row, and the type that they have in the data view.</summary>
/// <param name="Name">Name in the schema.</param>
/// <param name="Type">Single, Boolean (true where the float is not 0) or Vector&lt;Single&gt; of <paramref name="Width"/>; any other with <see cref="Decode"/>.</param>
/// <param name="Width">Floats per row.</param>
/// <param name="Annotations">Annotations of the column, such as slot names; null for none.</param>
internal sealed record OutputColumn(string Name, DataViewType Type, int Width, DataViewSchema.Annotations? Annotations = null)
{
    /// <summary>Makes the getter of a column of another type, given the row, of which it may read the input column of the same name, and the floats; null where the floats are the values.</summary>
    public Func<DataViewRow, FloatReader, Delegate>? Decode { get; init; }

    /// <param name="row">The row that the floats belong to; not needed without <see cref="Decode"/>.</param>
    /// <param name="read">Gives the floats.</param>
    public Delegate CreateGetter(DataViewRow? row, FloatReader read) => Decode is null ? FloatGetters.Create(Type, read) : Decode(row!, read);
}

/// <summary>A model as the batched cursor and the row mapper see it: floats in, floats out, many rows at a time. Safe for several threads.</summary>
internal interface IBatchModel
{
    /// <summary>Columns of the input that it reads.</summary>
    IReadOnlyList<string> InputColumns { get; }

    /// <summary>Columns that it adds.</summary>
    IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Floats in an encoded row.</summary>
    int InputWidth { get; }

    /// <summary>Checks that a schema has the columns it reads, in the types and sizes that it was trained on; names what is wrong if not.</summary>
    void Check(DataViewSchema schema);

    /// <summary>Makes the reader of a row or cursor; the row's input columns must be active.</summary>
    IRowEncoder CreateEncoder(DataViewRow row);

    /// <summary>Computes the columns asked for.</summary>
    /// <param name="encoded">Row after row, at least <paramref name="rows"/> × <see cref="InputWidth"/> long.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="results">One array per output, rows × width long at least, or null where the column is not wanted.</param>
    void Compute(float[] encoded, int rows, float[]?[] results);
}
