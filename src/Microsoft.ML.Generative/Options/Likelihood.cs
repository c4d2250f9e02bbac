namespace Microsoft.ML.Generative;

/// <summary>What the decoder of an autoencoder says of a feature.</summary>
public enum Likelihood
{
    /// <summary>Bernoulli for features that are 0 or 1 in every training row, Gaussian for all others.</summary>
    Automatic,

    /// <summary>Bernoulli for all features, which must lie from 0 to 1, such as the intensities of pixels; samples give 0 or 1 where the training rows do,
    /// and the chance elsewhere.</summary>
    Bernoulli,
}
