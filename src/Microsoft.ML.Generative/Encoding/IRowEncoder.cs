namespace Microsoft.ML.Generative.Encoding;

/// <summary>Reads the columns of a row (or of a cursor, at whichever row it stands) into the floats that the network takes.</summary>
internal interface IRowEncoder
{
    /// <summary>Writes the encoded values of the current row: features first, then the condition, if the model has one.</summary>
    /// <param name="destination">Exactly as long as the encoded row is wide.</param>
    void Encode(Span<float> destination);
}
