using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative;

/// <summary>The variables of a Markov network: each has some tokens. All tokens of all variables are numbered through.</summary>
/// <param name="Names">Of each variable.</param>
/// <param name="Features">Of each, the feature that holds the number of its token.</param>
/// <param name="Sizes">Of each, how many tokens it has.</param>
internal sealed record TokenLayout(IReadOnlyList<string> Names, int[] Features, int[] Sizes)
{
    /// <summary>How many variables there are.</summary>
    public int Count => Sizes.Length;

    /// <summary>Where the tokens of each variable begin among all; then their number.</summary>
    public int[] Offsets { get; } = [0, .. Sizes.Select((_, i) => Sizes.Take(i + 1).Sum())];

    /// <summary>How many tokens all variables have.</summary>
    public int Tokens => Offsets[^1];

    /// <summary>How many tokens the variable with the most has.</summary>
    public int Widest { get; } = Sizes.Max();

    /// <summary>Of each token, which variable it is one of.</summary>
    public IEnumerable<int> VariableOfToken => Sizes.SelectMany((size, i) => Enumerable.Repeat(i, size));

    /// <summary>The columns of a table, or features that are 0 or 1.</summary>
    /// <exception cref="ArgumentException">There are others.</exception>
    public static TokenLayout Of(NetworkInput input)
    {
        if (input.TokenColumns is { Count: > 0 } columns)
            return new([.. columns.Select(column => column.Name)], [.. columns.Select(column => column.Token)], [.. columns.Select(column => column.Categories)]);
        if (input.Spans.FirstOrDefault(span => span.Kind != SpanKind.Binary) is { } other)
            throw new ArgumentException($"Column '{other.Column}' is not 0 or 1 in all slots of all rows. Name it in InputColumnNames instead of FeatureColumnName: numbers then are parted into bins.");
        return new(input.FeatureNames, [.. Enumerable.Range(0, input.Features)], [.. Enumerable.Repeat(2, input.Features)]);
    }
}
