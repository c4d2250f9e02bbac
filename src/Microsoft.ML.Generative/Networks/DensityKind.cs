namespace Microsoft.ML.Generative;

/// <summary>What a model's log-density is.</summary>
public enum DensityKind
{
    /// <summary>The log-density itself.</summary>
    Exact,

    /// <summary>A lower bound on it.</summary>
    Bound,

    /// <summary>An estimate, which may lie on either side.</summary>
    Estimate,
}
