namespace Microsoft.ML.Generative;

/// <summary>Where the edges of a Markov network come from.</summary>
public enum MarkovStructure
{
    /// <summary>Learnt: a Chow–Liu tree, and then, as long as exact inference stays affordable, the edges of which the rows show the most that the network does not have yet
    /// (Bach and Jordan, 2001). Densities, samples and imputations are exact.</summary>
    BoundedTreewidth,

    /// <summary>Learnt: the tree of greatest likelihood (Chow and Liu, 1968), in one pass over the rows.</summary>
    Tree,

    /// <summary>Learnt: the edges that are left by pseudo-likelihood with a penalty on the size of each edge's weights, a group lasso (Lee, Sun, Liu and Taylor, 2015).</summary>
    Sparse,

    /// <summary>Every two columns have an edge.</summary>
    Complete,

    /// <summary>Given: <see cref="MarkovNetworkOptions.Edges"/>.</summary>
    Given,

    /// <summary>Given: each pixel and its neighbours to the left and right, above and below, in rows of <see cref="MarkovNetworkOptions.GridWidth"/>.</summary>
    Grid,
}

/// <summary>How the weights of a Markov network are learnt.</summary>
public enum MarkovFit
{
    /// <summary>By the likelihood itself where exact inference is affordable, else by pseudo-likelihood and then persistent contrastive divergence.</summary>
    Automatic,

    /// <summary>By pseudo-likelihood alone (Besag, 1975).</summary>
    PseudoLikelihood,

    /// <summary>By pseudo-likelihood, then persistent contrastive divergence (Tieleman, 2008), also where exact inference is affordable.</summary>
    ContrastiveDivergence,
}

/// <summary>Two columns that belong together: a column by its name, a slot of a vector by <c>column.slot</c>, with the name of the slot or its number.</summary>
/// <param name="First">One column.</param>
/// <param name="Second">The other.</param>
public sealed record MarkovEdge(string First, string Second);
