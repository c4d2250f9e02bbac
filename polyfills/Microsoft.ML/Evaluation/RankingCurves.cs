namespace Microsoft.ML.Data;

/// <summary>Areas under the curves that a ranking by score traces.</summary>
internal static class RankingCurves
{
    /// <summary>
    /// The share of pairs of a positive and a negative that the score ranks right; a tie counts one half.
    /// </summary>
    public static double AreaUnderRoc(List<(float Score, bool Positive)> rows)
    {
        float[] high = [.. rows.Where(row => row.Positive).Select(row => row.Score)];
        float[] low = [.. rows.Where(row => !row.Positive).Select(row => row.Score)];
        if (high.Length == 0) throw NotDefined("PosSample", "positive");
        if (low.Length == 0) throw NotDefined("NegSample", "negative");
        Array.Sort(high);
        Array.Sort(low);

        double won = 0;
        int below = 0, upTo = 0;   // negatives below the positive, and up to it
        foreach (float score in high)
        {
            while (below < low.Length && low[below] < score) below++;
            while (upTo < low.Length && low[upTo] <= score) upTo++;
            won += 0.5 * (below + upTo);
        }
        return won / ((double)high.Length * low.Length);
    }

    /// <summary>
    /// The lower trapezoid estimator of Boyd, Eng and Page, "Area under the precision-recall curve: point estimates and
    /// confidence intervals" (ECML 2013). Rows with the same score keep their order, so each is a point of its own.
    /// </summary>
    public static double AreaUnderPrecisionRecall(List<(float Score, bool Positive)> rows)
    {
        int positives = rows.Count(row => row.Positive), found = 0, seen = 0;
        double area = 0, lastRecall = 0, lastPrecision = 1;
        foreach (var (_, positive) in rows.OrderByDescending(row => row.Score))
        {
            seen++;
            if (positive) found++;
            double precision = (double)found / seen;
            if (positive)
            {
                double recall = (double)found / positives;
                area += (recall - lastRecall) * (lastPrecision + precision) / 2;
                lastRecall = recall;
            }
            lastPrecision = precision;
        }
        return area;
    }

    private static ArgumentOutOfRangeException NotDefined(string sample, string kind) =>
        new(sample, $"AUC is not defined when there is no {kind} class in the data");
}
