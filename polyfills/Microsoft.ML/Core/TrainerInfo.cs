namespace Microsoft.ML;

/// <summary>What a trainer wants of its data.</summary>
public sealed class TrainerInfo
{
    internal TrainerInfo(bool normalization = true, bool calibration = false, bool caching = true, bool supportValid = false)
    {
        NeedNormalization = normalization;
        NeedCalibration = calibration;
        WantCaching = caching;
        SupportsValidation = supportValid;
    }

    /// <summary>Whether features should be brought to one scale first.</summary>
    public bool NeedNormalization { get; }

    /// <summary>Whether it goes through the data often, so that a cache pays.</summary>
    public bool WantCaching { get; }

    internal bool NeedCalibration { get; }

    internal bool SupportsValidation { get; }
}
