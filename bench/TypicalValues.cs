using System.Globalization;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench;

/// <summary>What an imputer has to beat: the most frequent text and the median of each column, whatever the rest of the row is.</summary>
internal sealed record TypicalValues(IReadOnlyList<string> Values)
{
    public static TypicalValues Of(MixedTable training) => new([.. training.Names.Select((_, c) => training.IsNumber(c) ? Median(training.Numbers(c)) : Mode(training.Rows.Select(row => row[c])))]);

    public MixedTable Fill(MixedTable table) => table.With([.. table.Rows.Select(row => row.Select((field, c) => field.Length > 0 ? field : Values[c]).ToArray())]);

    /// <summary>The most frequent text that is not empty.</summary>
    public static string Mode(IEnumerable<string> texts) => texts.Where(text => text.Length > 0).CountBy(text => text).OrderByDescending(count => count.Value).FirstOrDefault(new KeyValuePair<string, int>("", 0)).Key;

    private static string Median(IEnumerable<double> numbers)
    {
        double[] known = [.. numbers.Where(number => !double.IsNaN(number)).Order()];
        return known.Length == 0 ? "" : known[known.Length / 2].ToString(CultureInfo.InvariantCulture);
    }
}
