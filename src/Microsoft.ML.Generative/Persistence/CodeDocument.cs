using System.Globalization;
using System.Numerics;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>The tokens of single values in a model file: of numbers, of categories or of identifiers.</summary>
/// <param name="Missing">Rows without a value.</param>
internal sealed record CodeDocument(double Missing)
{
    public NumbersDocument? Numbers { get; init; }

    public CategoriesDocument? Categories { get; init; }

    /// <summary>Rows with an identifier, for a column of those.</summary>
    public double? Identifiers { get; init; }

    /// <param name="what">What has these tokens, for messages.</param>
    /// <param name="canBeMissing">Whether there can be values that are missing.</param>
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public void Check(string what, bool canBeMissing)
    {
        if (!IsCount(Missing) || (Missing > 0 && !canBeMissing)) throw new InvalidDataException(FormattableString.Invariant($"{what} has {Missing} rows without a value"));
        if (new object?[] { Numbers, Categories, Identifiers }.Count(part => part is not null) != 1)
            throw new InvalidDataException($"{what} has not one of numbers, categories and identifiers");
        if (Identifiers is { } rows && !(rows > 0 && IsCount(rows))) throw new InvalidDataException(FormattableString.Invariant($"{what} has {rows} rows with identifiers"));
    }

    public static bool IsCount(double rows) => double.IsFinite(rows) && rows >= 0;
}

/// <summary>Categories in a model file.</summary>
/// <param name="Values">Those that have a token, as text.</param>
/// <param name="Rows">Rows that have each.</param>
/// <param name="PooledRows">Rows with another category; null if there is no token for those.</param>
/// <param name="Drawn">What that token becomes when it is drawn.</param>
/// <param name="DrawnRows">How often each.</param>
/// <param name="DrawnAreOwn">Whether these are categories that the token stands for.</param>
internal sealed record CategoriesDocument(
    IReadOnlyList<string> Values, IReadOnlyList<double> Rows, double? PooledRows, IReadOnlyList<string> Drawn, IReadOnlyList<double> DrawnRows, bool DrawnAreOwn)
{
    public static CategoriesDocument Of<T>(CategoryCode<T> code) where T : notnull => new(
        Texts(code.Kept), [.. code.Kept.Select(value => value.Rows)], code.PooledRows, Texts(code.Drawn), [.. code.Drawn.Select(value => value.Rows)], code.DrawnAreOwn);

    /// <param name="what">What has these tokens, for messages.</param>
    /// <param name="parse">Gives the value of a text, and whether it is one.</param>
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public CategoryCode<T> ToCode<T>(string what, double missing, Func<string, (T Value, bool Is)> parse, IEqualityComparer<T>? comparer) where T : notnull
    {
        var kept = Read(what, Values, Rows, parse, comparer);
        var drawn = Read(what, Drawn, DrawnRows, parse, comparer);
        if (PooledRows is { } rows && !CodeDocument.IsCount(rows)) throw new InvalidDataException(FormattableString.Invariant($"{what} has {rows} rows with rare values"));
        if (PooledRows is null != (drawn.Count == 0)) throw new InvalidDataException($"{what} has {drawn.Count} values to draw for rare ones, of which there are {(PooledRows is null ? "none" : "some")}");
        if (kept.Count == 0 && drawn.Count == 0 && missing == 0) throw new InvalidDataException($"{what} has no value");
        if (DrawnAreOwn && kept.Select(value => value.Item1).Intersect(drawn.Select(value => value.Item1), comparer).Any())
            throw new InvalidDataException($"{what} has a value that is rare and is not");
        return new CategoryCode<T>(missing, kept, PooledRows, drawn, DrawnAreOwn, comparer);
    }

    private static string[] Texts<T>(IReadOnlyList<(T Value, double Rows)> values) => [.. values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Value}"))];

    private static List<(T, double)> Read<T>(string what, IReadOnlyList<string?> texts, IReadOnlyList<double> rows, Func<string, (T Value, bool Is)> parse, IEqualityComparer<T>? comparer)
        where T : notnull
    {
        if (texts.Count != rows.Count) throw new InvalidDataException($"{what} has {texts.Count} values, and rows of {rows.Count}");
        var values = new List<(T, double)>();
        var known = new HashSet<T>(comparer);
        for (int i = 0; i < texts.Count; i++)
        {
            var (value, isValue) = texts[i] is { } text ? parse(text) : default;
            if (!isValue) throw new InvalidDataException($"{what} has the value '{texts[i]}', which it can't have");
            if (!known.Add(value)) throw new InvalidDataException($"{what} has the value '{texts[i]}' twice");
            if (!(rows[i] > 0 && CodeDocument.IsCount(rows[i]))) throw new InvalidDataException(FormattableString.Invariant($"{what} has {rows[i]} rows with the value '{texts[i]}'"));
            values.Add((value, rows[i]));
        }
        return values;
    }
}

/// <summary>Numbers in a model file: their grid, and the cells of their tokens in order.</summary>
/// <param name="Grid">Null for real numbers that are on none.</param>
/// <param name="Tokens">The token of each cell.</param>
/// <param name="First">The lowest number of each, as text: of the grid, if there is one.</param>
/// <param name="Last">The highest number of each.</param>
/// <param name="Rows">Rows in each.</param>
internal sealed record NumbersDocument(GridDocument? Grid, IReadOnlyList<int> Tokens, IReadOnlyList<string> First, IReadOnlyList<string> Last, IReadOnlyList<double> Rows)
{
    public static NumbersDocument Of<TLine>(GridDocument? grid, CellTable<TLine> table) where TLine : struct, INumber<TLine> => new(
        grid,
        [.. table.Cells.Select(cell => cell.Token)],
        [.. table.Cells.Select(cell => cell.First.ToString(null, CultureInfo.InvariantCulture))],
        [.. table.Cells.Select(cell => cell.Last.ToString(null, CultureInfo.InvariantCulture))],
        [.. table.Cells.Select(cell => cell.Rows)]);

    /// <param name="what">What has these tokens, for messages.</param>
    /// <param name="canBe">Whether the type of the column has the number that stands at one of the line.</param>
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public CellTable<TLine> ToCells<TLine>(string what, Func<TLine, bool> canBe) where TLine : struct, INumber<TLine>
    {
        if (Tokens.Count != First.Count || Tokens.Count != Last.Count || Tokens.Count != Rows.Count)
            throw new InvalidDataException($"{what} has {Tokens.Count} cells with {First.Count} first and {Last.Count} last numbers and rows of {Rows.Count}");
        if (!Tokens.Distinct().Order().SequenceEqual(Enumerable.Range(0, Tokens.Distinct().Count()))) throw new InvalidDataException($"{what} has cells of tokens that are not there");
        var cells = new List<Cell<TLine>>();
        for (int i = 0; i < Tokens.Count; i++)
        {
            TLine first = Number(what, First[i], canBe), last = Number(what, Last[i], canBe);
            if (first > last || (i > 0 && first <= cells[^1].Last)) throw new InvalidDataException($"{what} has cells that overlap, or are not in order, at {First[i]}");
            if (!(Rows[i] > 0 && CodeDocument.IsCount(Rows[i]))) throw new InvalidDataException(FormattableString.Invariant($"{what} has a cell with {Rows[i]} rows"));
            cells.Add(new Cell<TLine>(Tokens[i], first, last, Rows[i]));
        }
        return new CellTable<TLine>(cells);
    }

    private static TLine Number<TLine>(string what, string? text, Func<TLine, bool> canBe) where TLine : struct, INumber<TLine> =>
        TLine.TryParse(text, CultureInfo.InvariantCulture, out var number) && TLine.IsFinite(number) && canBe(number)
            ? number
            : throw new InvalidDataException($"{what} has a cell at '{text}', which it can't have");
}

/// <summary>The grid of numbers in a model file: (offset + step · i) / 10^decimals.</summary>
internal sealed record GridDocument(int Decimals, long Offset, long Step)
{
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public void Check(string what, int mostDecimals)
    {
        if (Decimals < 0 || Decimals > mostDecimals) throw new InvalidDataException($"{what} has a grid of {Decimals} decimals; there can be 0 to {mostDecimals}");
        if (Step < 1 || Offset < 0 || Offset >= Step) throw new InvalidDataException($"{what} has a grid with steps of {Step} from {Offset} on");
    }
}
