using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Makes the tokens of counted values.</summary>
internal static class CodeLearner
{
    // fewer rows do not tell identifiers from values that happen to differ
    private const int LeastIdentifiers = 20;

    /// <summary>Texts: categories, or identifiers if almost all are different.</summary>
    public static TokenCode<ReadOnlyMemory<char>> Texts(ValueCounts<ReadOnlyMemory<char>> counts, TableEncodingOptions options) =>
        counts.Counted >= LeastIdentifiers && counts.Distinct >= options.IdentifierShare * counts.Counted
            ? new MadeUpCode<ReadOnlyMemory<char>>(counts.Missing, counts.Rows, MadeUpText)
            : Categories(counts, options, mostPossible: ulong.MaxValue, "other".AsMemory(), TextComparer.Instance);

    /// <summary>An identifier that stands for no row.</summary>
    public static ReadOnlyMemory<char> MadeUpText(long number) => string.Create(CultureInfo.InvariantCulture, $"id-{number:000000}").AsMemory();

    /// <summary>Keys: categories. If none can be kept, those drawn are missing.</summary>
    public static TokenCode<long> Keys(ValueCounts<long> counts, ulong keyCount, TableEncodingOptions options) =>
        Categories(counts, options, keyCount, 0, null);

    /// <summary>Booleans: categories, of which neither is too rare to be kept.</summary>
    public static TokenCode<long> Booleans(ValueCounts<long> counts, TableEncodingOptions options) =>
        Categories(counts, options with { LeastRows = 1, MostCategories = 2 }, mostPossible: 2, 0, null);

    /// <summary>Whole numbers, or identifiers if all are different and nearly consecutive.</summary>
    /// <param name="makeUp">The identifier of a number from 1; null for numbers that are never identifiers.</param>
    public static TokenCode<long> Integers(ValueCounts<long> counts, NumberUnit<long> unit, Func<long, long>? makeUp, TableEncodingOptions options)
    {
        if (counts.Distinct == 0) return Number(counts, new WholeScale(0, 1), unit, options);
        if (makeUp is not null && options.IdentifierShare <= 1 && counts.Distinct >= LeastIdentifiers && counts.Distinct > options.FewValues && counts.Distinct == counts.Rows
            && (Int128)counts.Values.Max(value => value.Key) - counts.Values.Min(value => value.Key) < 2 * (Int128)counts.Rows)
            return new MadeUpCode<long>(counts.Missing, counts.Rows, makeUp);
        return Number(counts, WholeScale.Of(counts.Values.Select(value => value.Key)), unit, options);
    }

    /// <summary>Real numbers, on a grid of decimals if they are on one.</summary>
    public static TokenCode<T> Reals<T>(ValueCounts<T> counts, TableEncodingOptions options) where T : struct, IFloatingPointIeee754<T>
    {
        var decimals = counts.Distinct == 0 ? null : DecimalScale<T>.Of([.. counts.Values.Select(value => value.Key)]);
        return decimals is null ? Number(counts, new RealScale<T>(), RealDomain<T>.Unit, options) : Number(counts, decimals, RealDomain<T>.Unit, options);
    }

    private static NumberCode<T, TLine> Number<T, TLine>(ValueCounts<T> counts, NumberScale<T, TLine> scale, NumberUnit<T> unit, TableEncodingOptions options)
        where T : struct, INumber<T> where TLine : struct, INumber<TLine>
    {
        var values = counts.Values.Select(value => (Value: scale.ToLine(value.Key), Rows: value.Value)).OrderBy(value => value.Value).ToList();
        var cells = values.Count == 0 ? new CellTable<TLine>([]) : CellLearner<TLine>.Learn(values, options);
        if (counts.RowsPerCount > 1) cells = new CellTable<TLine>([.. cells.Cells.Select(cell => cell with { Rows = cell.Rows * counts.RowsPerCount })]);
        return new NumberCode<T, TLine>(counts.Missing, scale, cells, unit);
    }

    private static CategoryCode<T> Categories<T>(ValueCounts<T> counts, TableEncodingOptions options, ulong mostPossible, T other, IEqualityComparer<T>? comparer) where T : notnull
    {
        // ties in the order of appearance
        var values = counts.Values.Select(value => (value.Key, Rows: value.Value)).OrderByDescending(value => value.Rows).ToList();
        IReadOnlyList<(T, double)> Scaled(IEnumerable<(T Value, long Rows)> some) => [.. some.Select(value => (value.Value, value.Rows * counts.RowsPerCount))];

        var kept = Scaled(values.TakeWhile((value, i) => i < options.MostCategories && value.Rows >= options.LeastRows));
        var pooled = Scaled(values.Skip(kept.Count));
        bool mayBeUnknown = options.UnknownValues == UnknownValues.Pool && kept.Count > 0 && (ulong)kept.Count < mostPossible;
        if (pooled.Count == 0 && !mayBeUnknown) return new CategoryCode<T>(counts.Missing, kept, null, [], false, comparer);

        var drawn = options.RareValues == RareValues.Draw ? pooled : Scaled(values.Skip(kept.Count).Where(value => value.Rows >= options.LeastRows));
        double pooledRows = pooled.Sum(value => value.Item2);
        if (drawn.Count > 0) return new CategoryCode<T>(counts.Missing, kept, pooledRows, drawn, true, comparer);
        // without rows to learn from, the token hardly comes up: no position for its sake
        IReadOnlyList<(T, double)> replacing = kept.Count == 0 ? [(other, 1)] : pooledRows == 0 ? [kept[0]] : kept;
        return new CategoryCode<T>(counts.Missing, kept, pooledRows, replacing, false, comparer);
    }
}
