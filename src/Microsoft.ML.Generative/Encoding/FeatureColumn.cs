using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A column of the data view that becomes a run of floats in the encoded row.</summary>
internal abstract record FeatureColumn(string Name, int Width)
{
    /// <summary>Type of the column in the data view.</summary>
    public abstract DataViewType Type { get; }

    /// <summary>Checks that a schema has this column as it was in training.</summary>
    /// <exception cref="ArgumentException">It has not; the message names the column, what is there and what was expected.</exception>
    public abstract void Check(DataViewSchema schema);

    /// <summary>Makes the reader of a row or cursor on which the column is active.</summary>
    public abstract IRowEncoder CreateEncoder(DataViewRow row);

    /// <summary>Name of one of its floats, for messages: "slot 3 of column 'Features'".</summary>
    public abstract string Describe(int index);

    /// <summary>The column again, made of a drawn row's floats from <paramref name="offset"/> on.</summary>
    public abstract SampleColumn ToSampleColumn(int offset);
}
