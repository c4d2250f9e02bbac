namespace Microsoft.ML.Generative;

/// <summary>Where the rows come from that a restricted Boltzmann machine is taught to make less likely, in the place of draws from it, which cannot be had.</summary>
public enum RbmGradient
{
    /// <summary>From the rows of the batch by some Gibbs steps: contrastive divergence, CD-k (Hinton, 2002).</summary>
    ContrastiveDivergence,

    /// <summary>From chains that go on from step to step: persistent contrastive divergence, stochastic maximum likelihood (Younes, 1989; Tieleman, 2008).</summary>
    Persistent,

    /// <summary>From chains that go on at several temperatures, and exchange their states (Desjardins et al., 2010; Cho, Raiko and Ilin, 2010).</summary>
    ParallelTempering,
}
