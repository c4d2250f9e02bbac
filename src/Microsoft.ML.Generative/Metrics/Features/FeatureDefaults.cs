namespace Microsoft.ML.Generative.Metrics;

/// <summary>What the metrics of a feature column take unless told otherwise, alone or all together.</summary>
internal static class FeatureDefaults
{
    public const int Projections = 256;

    public const double RelativeEpsilon = 0.05;

    /// <summary>Of each kind, for what takes many passes over all pairs of rows.</summary>
    public const int MostRows = 5000;

    public const int Permutations = 200;

    public const int Neighbours = 5;   // as Naeem et al. have it

    public const int Modes = 25;

    public const int Splits = 10;      // as Salimans et al. have it
}
