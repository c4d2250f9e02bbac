using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Rows of visible units with the chances of the hidden ones: of the data, or drawn from the model.</summary>
/// <param name="V">(rows, visible)</param>
/// <param name="H">(rows, hidden)</param>
/// <param name="Condition">(rows, conditions), one-hot; null without.</param>
/// <param name="Shares">(rows,) weights that add up to 1; null for equal ones.</param>
/// <param name="FreeEnergy">Their mean free energy, a scalar.</param>
internal readonly record struct RbmDraws(Tensor V, Tensor H, RbmBiases Biases, Tensor? Condition, Tensor? Shares, Tensor FreeEnergy)
{
    /// <returns>(units,)</returns>
    public Tensor MeanOf(Tensor values) => Shares is null ? values.mean([0]) : values.t().mv(Shares);

    /// <summary>Every row times its share.</summary>
    public Tensor Weighted(Tensor values) => Shares is null ? values / values.shape[0] : values * Shares.unsqueeze(1);

    /// <returns>(conditions, units): what each condition contributes to the mean.</returns>
    public Tensor OfConditions(Tensor values) => Condition!.t().mm(Weighted(values));
}
