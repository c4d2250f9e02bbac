namespace Microsoft.ML.Generative.Encoding;

/// <summary>A part of a token of numbers, within which they are uniform.</summary>
/// <param name="Token">Number of the token, from 0, among those of numbers.</param>
/// <param name="First">Lowest number.</param>
/// <param name="Last">Highest number.</param>
/// <param name="Rows">Rows to learn from that are in it; a fraction where the rows of several cells are shared out among them.</param>
internal sealed record Cell<T>(int Token, T First, T Last, double Rows);
