using System.Globalization;

namespace Csv;

/// <summary>How the numbers or dates of a column are written: what a text means, and how a value is written in the same way.</summary>
/// <param name="Name">In words.</param>
/// <param name="Parse">The value of a text; null if it is not of this format. Dates are whole days, or seconds, from the year 1.</param>
/// <param name="Write">The text of a value.</param>
public sealed record FieldFormat(string Name, Func<string, double?> Parse, Func<double, string> Write)
{
    private const int MostDigits = 15;   // that a Double keeps

    private static readonly string[] DateFormats =
    [
        "yyyy-MM-dd", "yyyy/MM/dd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy", "M/d/yyyy", "dd-MM-yyyy", "MM-dd-yyyy", "yyyy-MM", "d MMM yyyy", "dd-MMM-yyyy",
    ];

    private static readonly string[] TimeFormats = [" HH:mm:ss", " HH:mm", "'T'HH:mm:ss", "'T'HH:mm:ss'Z'", "'T'HH:mm", "'T'HH:mm:ss.fff'Z'", " HH:mm:ss.fff", "'T'HH:mm:ss.fff"];

    /// <summary>The format that all texts have; null if they are but texts.</summary>
    /// <param name="texts">Different texts of a column, none of them missing.</param>
    public static FieldFormat? Of(IReadOnlyCollection<string> texts) =>
        texts.Count == 0 ? null : Whole(texts) ?? Decimal(texts, '.') ?? Decimal(texts, ',') ?? Date(texts);

    public bool IsWhole => Name == "whole number";

    public bool IsDate => Name.StartsWith("date", StringComparison.Ordinal);

    /// <summary>Ticks of the unit in which dates are counted: a day, or a second where there is a time of day.</summary>
    private double Unit { get; init; } = TimeSpan.TicksPerDay;

    public long TicksOf(double date) => (long)Math.Round(date * Unit / TimeSpan.TicksPerMillisecond) * TimeSpan.TicksPerMillisecond;

    public double DateOf(long ticks) => ticks / Unit;

    private static FieldFormat? Whole(IReadOnlyCollection<string> texts)
    {
        var format = new FieldFormat("whole number",
            text => !IsName(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null,
            value => ((long)value).ToString(CultureInfo.InvariantCulture));
        return format.Fits(texts) ? format : null;
    }

    private static FieldFormat? Decimal(IReadOnlyCollection<string> texts, char point)
    {
        var culture = new NumberFormatInfo { NumberDecimalSeparator = point.ToString(), NumberGroupSeparator = "" };
        // as many decimals as there are: always so many if all have them, at most so many if not
        int[] decimals = [.. texts.Select(text => text.IndexOf(point) is >= 0 and var at ? text.Length - at - 1 : 0)];
        bool scientific = texts.Any(text => text.AsSpan().IndexOfAny('e', 'E') >= 0);
        string places = scientific || decimals.Max() > 15 ? "R" : "0." + new string('0', decimals.Min()) + new string('#', decimals.Max() - decimals.Min());
        var format = new FieldFormat("number",
            text => !IsName(text) && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, culture, out double value)
                && double.IsFinite(value) ? value : null,
            value => value.ToString(places, culture));
        return format.Fits(texts) ? format : null;
    }

    // 007 and 12345678901234567890 are names rather than numbers: as numbers they would not come back
    private static bool IsName(string text) => text.StartsWith('+') || text.TrimStart('-') is ['0', >= '0' and <= '9', ..] || text.TakeWhile(c => char.IsAsciiDigit(c) || c == '-').Count() > MostDigits;

    private static FieldFormat? Date(IReadOnlyCollection<string> texts)
    {
        string first = texts.First();
        foreach (string date in DateFormats)
        {
            foreach (string time in TimeFormats.Prepend(""))
            {
                var format = DateFormat(date, time);
                if (format.Parse(first) is not null && format.Fits(texts)) return format;
            }
        }
        return null;
    }

    private static FieldFormat DateFormat(string date, string time)
    {
        string pattern = date + time;
        double unit = time.Length == 0 ? TimeSpan.TicksPerDay : TimeSpan.TicksPerSecond;
        FieldFormat? format = null;
        return format = new($"date {pattern}",
            text => DateTime.TryParseExact(text, pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value)
                && value.ToString(pattern, CultureInfo.InvariantCulture) == text ? value.Ticks / unit : null,   // the very text: no other format of it
            value => new DateTime(format!.TicksOf(Math.Clamp(value, 0, DateTime.MaxValue.Date.Ticks / unit))).ToString(pattern, CultureInfo.InvariantCulture)) { Unit = unit };
    }

    private bool Fits(IReadOnlyCollection<string> texts) => texts.All(text => Parse(text) is not null);
}
