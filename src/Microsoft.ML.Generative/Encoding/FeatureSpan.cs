namespace Microsoft.ML.Generative.Encoding;

/// <summary>What the numbers of a <see cref="FeatureSpan"/> mean: likelihood, last activation, inverse transform and export follow it.</summary>
internal enum SpanKind
{
    /// <summary>Real numbers, standardised inside the network.</summary>
    Continuous,

    /// <summary>Zeros and ones.</summary>
    Binary,

    /// <summary>Numbers from 0 to 1, taken as chances, such as the intensities of pixels.</summary>
    Proportion,

    /// <summary>A one-hot vector: exactly one of the span's numbers is 1.</summary>
    Categorical,

    /// <summary>The pixels of an image, row by row.</summary>
    Image,

    /// <summary>Number of a token: of a word in a vocabulary, or of what the value of a table's column falls into.</summary>
    Token,

    /// <summary>Where a value stands within its token, from 0 to below 1; follows the span of the token that it belongs to.</summary>
    Position,
}

/// <summary>A run of neighbouring numbers of the encoded tensor that belong together.</summary>
/// <param name="Column">The column of the data view that they come from.</param>
/// <param name="Start">Index of the first number in the encoded row.</param>
/// <param name="Width">How many numbers.</param>
/// <param name="Kind">What they mean.</param>
/// <param name="Categories">How many tokens there are; 0 for other kinds.</param>
internal sealed record FeatureSpan(string Column, int Start, int Width, SpanKind Kind, int Categories = 0);
