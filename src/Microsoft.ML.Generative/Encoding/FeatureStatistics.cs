namespace Microsoft.ML.Generative.Encoding;

/// <summary>Mean, spread and kind of every feature, gathered in one pass (Welford, 1962).</summary>
internal sealed class FeatureStatistics(int features)
{
    // beyond it every float is a whole number
    private const float MostWhole = 1 << 22;

    private readonly double[] _mean = new double[features];
    private readonly double[] _squares = new double[features];   // sum of squared deviations
    private readonly bool[] _notBinary = new bool[features];
    private readonly bool[] _notProportion = new bool[features];
    private readonly bool[] _notWhole = new bool[features];
    private readonly float[] _lowest = Enumerable.Repeat(float.PositiveInfinity, features).ToArray();
    private readonly float[] _highest = Enumerable.Repeat(float.NegativeInfinity, features).ToArray();

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
            _notWhole[i] |= value != Math.Floor(value);
            _lowest[i] = Math.Min(_lowest[i], row[i]);
            _highest[i] = Math.Max(_highest[i], row[i]);
        }
    }

    /// <summary>Whether every value is 0 or 1.</summary>
    public bool IsZeroOrOne(int feature) => !_notBinary[feature];

    /// <summary>Whether every value is 0 or 1, and both occur.</summary>
    public bool IsBinary(int feature) => IsZeroOrOne(feature) && !IsConstant(feature);

    /// <summary>Whether every value lies from 0 to 1.</summary>
    public bool IsProportion(int feature) => !_notProportion[feature];

    /// <summary>The range of a feature that has whole numbers only, and several of them; null for others.</summary>
    public WholeNumbers? WholeNumbers(int feature) =>
        _notWhole[feature] || IsConstant(feature) || Math.Max(-_lowest[feature], _highest[feature]) > MostWhole ? null : new(_lowest[feature], _highest[feature]);

    public float Mean(int feature) => (float)_mean[feature];

    /// <summary>Standard deviation; 1 for a feature that is constant.</summary>
    public float Scale(int feature) => IsConstant(feature) ? 1 : (float)Math.Sqrt(Variance(feature));

    public double Variance(int feature) => _squares[feature] / Rows;

    // a spread within the rounding of floats around the mean is none
    private bool IsConstant(int feature) => Math.Sqrt(Variance(feature)) <= 1e-6 * Math.Max(1e-30, Math.Abs(_mean[feature]));
}

/// <summary>The range of whole numbers.</summary>
internal sealed record WholeNumbers(float Lowest, float Highest);
