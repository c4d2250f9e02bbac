namespace Microsoft.ML.Generative;

/// <summary>How a flow transforms a feature.</summary>
public enum FlowTransform
{
    /// <summary>Shifted and scaled (Dinh et al., 2017; Papamakarios et al., 2017).</summary>
    Affine,

    /// <summary>By a monotonic rational-quadratic spline (Durkan et al., 2019).</summary>
    Spline,
}

/// <summary>Which features decide how a feature is transformed.</summary>
public enum FlowStructure
{
    /// <summary>One half decides for the other (RealNVP, Dinh et al., 2017): one pass for densities and for draws.</summary>
    Coupling,

    /// <summary>Those before it (MAF, Papamakarios et al., 2017): one pass for densities, one per feature for draws.</summary>
    Autoregressive,
}

/// <summary>What stands between the transforms of a flow, so that every feature comes to depend on all others.</summary>
public enum FlowMixing
{
    /// <summary>The order of the features is turned round.</summary>
    Reverse,

    /// <summary>A fixed permutation, another one each time.</summary>
    Permutation,

    /// <summary>A permutation and a learned linear map, as a product of triangular matrices (Oliva et al., 2018; Kingma and Dhariwal, 2018).</summary>
    Linear,
}

/// <summary>What a flow turns rows into.</summary>
public enum FlowBaseDistribution
{
    /// <summary>A standard Gaussian.</summary>
    Standard,

    /// <summary>A Gaussian whose means and deviations are learned.</summary>
    Diagonal,

    /// <summary>A learned mixture of diagonal Gaussians.</summary>
    Mixture,

    /// <summary>For every feature a mixture of Gaussians that the features before it decide (Uria et al., 2013): draws take one pass per feature.</summary>
    AutoregressiveMixture,
}
