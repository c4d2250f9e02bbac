using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>How often each class was predicted as which: rows are the true classes, columns the predicted ones.</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _classNames;
    private readonly bool _binary;

    internal ConfusionMatrix(double[][] counts, string[] classNames, bool binary)
    {
        Counts = [.. counts];
        _classNames = classNames;
        _binary = binary;
        var classes = Enumerable.Range(0, counts.Length);
        PerClassRecall = [.. classes.Select(c => Share(counts[c][c], counts[c].Sum()))];
        PerClassPrecision = [.. classes.Select(c => Share(counts[c][c], counts.Sum(row => row[c])))];
    }

    /// <summary>Per class, the share of the rows predicted as it that are of it; 0 where none was.</summary>
    public IReadOnlyList<double> PerClassPrecision { get; }

    /// <summary>Per class, the share of its rows that were predicted as it; 0 where it has none.</summary>
    public IReadOnlyList<double> PerClassRecall { get; }

    /// <summary>Counts by true class, then by predicted class. In binary classification the positive class is the first.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>The number of classes.</summary>
    public int NumberOfClasses => Counts.Count;

    /// <summary>The number of rows of the actual class that were predicted as the predicted class.</summary>
    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        CheckIndex(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        CheckIndex(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    /// <summary>The matrix as a table in text, with precision and recall.</summary>
    public string GetFormattedConfusionTable()
    {
        int width = NumberOfClasses == 2 ? 8 : 5;
        string rule = string.Concat(Enumerable.Repeat(NumberOfClasses > 2 ? "========" : "===========", NumberOfClasses));
        int longest = _classNames.Max(name => name.Length);
        // names that do not fit above their column are numbered, in the header and beside the row
        bool numbered = longest > width;
        int digits = numbered ? Number(NumberOfClasses - 1).Length : 0;
        int margin = Math.Max(9, numbered ? longest + digits + 2 : longest);
        string pad = new(' ', margin - 9);

        var text = new StringBuilder();
        if (NumberOfClasses == 2 && _binary)
        {
            double positives = Counts[0].Sum(), negatives = Counts[1].Sum();
            text.Append(CultureInfo.InvariantCulture, $"TEST {_classNames[0].ToUpperInvariant()} RATIO:\t{positives / (positives + negatives):N4} ({positives:F1}/({positives:F1}+{negatives:F1}))");
        }
        text.AppendLine().AppendLine("Confusion table");
        text.Append("          ").Append(pad).Append("||").AppendLine(rule);
        text.Append("PREDICTED ").Append(pad).Append("||");
        for (int c = 0; c < NumberOfClasses; c++) text.Append(' ').Append((numbered ? Number(c) : _classNames[c]).PadLeft(width)).Append(" |");
        text.AppendLine(" Recall");
        text.Append("TRUTH     ").Append(pad).Append("||").AppendLine(rule);
        for (int row = 0; row < NumberOfClasses; row++)
        {
            text.Append(numbered
                ? Number(row).PadLeft(digits) + ". " + _classNames[row].PadLeft(margin - digits - 2)
                : _classNames[row].PadLeft(margin)).Append(" ||");
            foreach (double count in Counts[row]) text.Append(' ').Append(count.ToString("N0", CultureInfo.InvariantCulture).PadLeft(width)).Append(" |");
            text.Append(' ').AppendLine(PerClassRecall[row].ToString("F4", CultureInfo.InvariantCulture).PadLeft(5));
        }
        text.Append("          ").Append(pad).Append("||").AppendLine(rule);
        text.Append("Precision ").Append(pad).Append("||");
        foreach (double precision in PerClassPrecision) text.Append(precision.ToString("N4", CultureInfo.InvariantCulture).PadLeft(width + 1)).Append(" |");
        return text.AppendLine().ToString();
    }

    private void CheckIndex(int index, string parameter)
    {
        if (index < 0 || index >= NumberOfClasses)
            throw new ArgumentOutOfRangeException(parameter, "Invalid index. Should be non-negative, less than the number of classes.");
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
