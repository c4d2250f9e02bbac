using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Persistence.Onnx;

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

    /// <summary>How many values an ONNX graph has of the column, as it is: its slots.</summary>
    public abstract int OnnxWidth { get; }

    /// <summary>Type of these values.</summary>
    public virtual Type OnnxType => typeof(float);

    /// <param name="values">(batch, <see cref="OnnxWidth"/>)</param>
    /// <returns>(batch, width), as encoded; NaN in what of a table cannot be encoded</returns>
    public abstract OnnxValue Encode(OnnxValue values);

    /// <param name="encoded">(batch, width), as encoded</param>
    /// <returns>(batch, <see cref="OnnxWidth"/>)</returns>
    /// <exception cref="NotSupportedException">A graph cannot draw the column; the message says why.</exception>
    public abstract OnnxValue Decode(OnnxValue encoded);
}
