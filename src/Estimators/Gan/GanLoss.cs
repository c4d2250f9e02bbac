using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What generator and discriminator play for.</summary>
public enum GanLoss
{
    /// <summary>The discriminator tells drawn rows from real ones by logistic regression, the generator maximises the log-chance that its rows are taken for real
    /// (Goodfellow et al., 2014). By default with a penalty on the discriminator's gradient (Mescheder et al., 2018).</summary>
    NonSaturating,

    /// <summary>The same for differences: how much more real a real row looks than a drawn one beside it (Jolicoeur-Martineau, 2019), which makes dropping modes
    /// costly. By default with the penalty on the gradient at real and at drawn rows (Huang et al., 2024).</summary>
    Relativistic,

    /// <summary>Margins of 1 on both sides (Lim and Ye, 2017). By default with spectral normalisation (Miyato et al., 2018).</summary>
    Hinge,

    /// <summary>The difference of the critic's means, an estimate of the Wasserstein distance (Arjovsky et al., 2017). By default with the penalty that holds the gradient between
    /// real and drawn rows at length 1 (Gulrajani et al., 2017).</summary>
    Wasserstein,
}

/// <summary>The losses of the two players, means over packs. real and drawn are what the discriminator says of either, (packs,).</summary>
internal static class GanLosses
{
    public static Tensor OfDiscriminator(this GanLoss loss, Tensor real, Tensor drawn) => loss switch
    {
        GanLoss.NonSaturating => nn.functional.softplus(-real).mean() + nn.functional.softplus(drawn).mean(),
        GanLoss.Relativistic => nn.functional.softplus(drawn - real).mean(),
        GanLoss.Hinge => nn.functional.relu(1 - real).mean() + nn.functional.relu(1 + drawn).mean(),
        GanLoss.Wasserstein => drawn.mean() - real.mean(),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "no such loss"),
    };

    public static Tensor OfGenerator(this GanLoss loss, Tensor real, Tensor drawn) => loss switch
    {
        GanLoss.NonSaturating => nn.functional.softplus(-drawn).mean(),
        GanLoss.Relativistic => nn.functional.softplus(real - drawn).mean(),
        GanLoss.Hinge or GanLoss.Wasserstein => -drawn.mean(),
        _ => throw new ArgumentOutOfRangeException(nameof(loss), loss, "no such loss"),
    };
}
