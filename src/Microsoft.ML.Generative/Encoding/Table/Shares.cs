namespace Microsoft.ML.Generative.Encoding;

/// <summary>Outcomes that divide the interval from 0 to 1 among them by their shares.</summary>
internal static class Shares
{
    /// <summary>Upper end of each outcome; the last is 1.</summary>
    public static float[] Ends(IEnumerable<double> weights)
    {
        double[] all = [.. weights];
        double sum = all.Sum(), below = 0;
        var ends = new float[all.Length];
        for (int i = 0; i < all.Length; i++) ends[i] = i == all.Length - 1 ? 1 : (float)((below += all[i]) / sum);
        return ends;
    }

    /// <summary>The outcome that a number from 0 to 1 falls into.</summary>
    public static int Find(float[] ends, float position)
    {
        int at = Array.BinarySearch(ends, position);
        at = at < 0 ? ~at : at + 1;   // an end belongs to the next
        return Math.Min(at, ends.Length - 1);
    }

    /// <summary>The middle of an outcome.</summary>
    public static float Middle(float[] ends, int outcome) => ((outcome == 0 ? 0 : ends[outcome - 1]) + ends[outcome]) / 2;
}
