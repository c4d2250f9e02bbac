namespace Microsoft.ML.Generative;

/// <summary>What the network of a diffusion model predicts of a row with noise, √ᾱ·x + √(1−ᾱ)·ε.</summary>
public enum DiffusionPrediction
{
    /// <summary>The noise ε (Ho et al., 2020).</summary>
    Noise,

    /// <summary>v = √ᾱ·ε − √(1−ᾱ)·x (Salimans and Ho, 2022): the noise where there is little of it, the row where there is hardly anything else.</summary>
    Velocity,
}
