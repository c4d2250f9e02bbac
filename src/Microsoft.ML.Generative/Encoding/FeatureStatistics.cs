namespace Microsoft.ML.Generative.Encoding;

/// <summary>Mean, spread and kind of every feature, gathered in one pass (Welford, 1962).</summary>
internal sealed class FeatureStatistics(int features)
{
    private readonly double[] _mean = new double[features];
    private readonly double[] _squares = new double[features];   // sum of squared deviations
    private readonly bool[] _notBinary = new bool[features];
    private readonly bool[] _notProportion = new bool[features];

    public long Rows { get; private set; }

    public void Add(ReadOnlySpan<float> row)
    {
        double share = 1.0 / ++Rows;
        for (int i = 0; i < row.Length; i++)
        {
            double value = row[i], deviation = value - _mean[i];
            _mean[i] += deviation * share;
            _squares[i] += deviation * (value - _mean[i]);
            _notBinary[i] |= value != 0 && value != 1;
            _notProportion[i] |= value is < 0 or > 1;
        }
    }

    /// <summary>Whether every value is 0 or 1.</summary>
    public bool IsZeroOrOne(int feature) => !_notBinary[feature];

    /// <summary>Whether every value is 0 or 1, and both occur.</summary>
    public bool IsBinary(int feature) => IsZeroOrOne(feature) && !IsConstant(feature);

    /// <summary>Whether every value lies from 0 to 1.</summary>
    public bool IsProportion(int feature) => !_notProportion[feature];

    public float Mean(int feature) => (float)_mean[feature];

    /// <summary>Standard deviation; 1 for a feature that is constant.</summary>
    public float Scale(int feature) => IsConstant(feature) ? 1 : (float)Math.Sqrt(_squares[feature] / Rows);

    // a spread within the rounding of floats around the mean is none
    private bool IsConstant(int feature) => Math.Sqrt(_squares[feature] / Rows) <= 1e-6 * Math.Max(1e-30, Math.Abs(_mean[feature]));
}
