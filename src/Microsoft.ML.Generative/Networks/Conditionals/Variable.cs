using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What an autoregressive model draws at a time: one number of a row, or one category, which takes several numbers.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Index of its first number in the encoded row.</param>
/// <param name="Width">How many numbers: 1, or those of a one-hot category.</param>
internal sealed record Variable(SpanKind Kind, int Start, int Width)
{
    /// <summary>The variables of a row, in the order of their numbers.</summary>
    public static IReadOnlyList<Variable> Of(IReadOnlyList<FeatureSpan> spans) => spans.SelectMany(span => span.Kind == SpanKind.Categorical
        ? [new Variable(span.Kind, span.Start, span.Width)]
        : Enumerable.Range(span.Start, span.Width).Select(start => new Variable(span.Kind, start, 1))).ToList();
}
