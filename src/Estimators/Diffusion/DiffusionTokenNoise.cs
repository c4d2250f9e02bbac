namespace Microsoft.ML.Generative;

/// <summary>What takes the place of the values of a table's columns as a diffusion goes on, each by itself.</summary>
public enum DiffusionTokenNoise
{
    /// <summary>Nothing: a value is hidden, and stays so (absorbing states, Austin et al., 2021).</summary>
    Absorbing,

    /// <summary>Any token of the column, all alike (multinomial diffusion, Hoogeboom et al., 2021).</summary>
    Uniform,

    /// <summary>A token of the column with the share that it has among the rows to learn from (Vignac et al., 2023).</summary>
    Marginal,
}
