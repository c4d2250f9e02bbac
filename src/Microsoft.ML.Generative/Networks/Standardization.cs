using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>(x − mean) / scale with the moments of the training rows, and its inverse; part of the network, so that it is saved and exported with it.</summary>
internal sealed class Standardization : nn.Module
{
    public Standardization(NetworkInput input, Initializer initializer) : base(nameof(Standardization))
    {
        Mean = this.Own("mean", initializer.Fixed(input.Mean));
        Scale = this.Own("scale", initializer.Fixed(input.Scale));
        LogScale = input.Scale.Sum(s => Math.Log(s));
    }

    /// <summary>(features,)</summary>
    public Tensor Mean { get; }

    /// <summary>(features,)</summary>
    public Tensor Scale { get; }

    /// <summary>log |dx / dx̃|: what a log-density of standardised rows loses in the units of the rows.</summary>
    public double LogScale { get; private set; }

    public Tensor Apply(Tensor x) => (x - Mean).div_(Scale);   // (batch, features)

    public Tensor Invert(Tensor standardized) => addcmul(Mean, standardized, Scale, 1);   // (batch, features)
}
