using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Variables with the same kind of distribution, worked on together. Everything is laid out variable by variable.</summary>
/// <param name="variables">Which of the row's variables, ascending.</param>
internal abstract class VariableGroup(IReadOnlyList<int> variables) : nn.Module(nameof(VariableGroup))
{
    /// <summary>Their numbers among the variables of the row.</summary>
    public IReadOnlyList<int> Variables { get; } = variables;

    public int Count => Variables.Count;

    /// <summary>Numbers of the row that each of them takes here, padding included.</summary>
    public abstract int Width { get; }

    /// <summary>What a network has to say of each of them.</summary>
    public abstract int ParametersPerVariable { get; }

    /// <summary>Noise that a draw takes: 1, or 2.</summary>
    public abstract int NoisePerVariable { get; }

    /// <summary>Where a network's bias should start: at what the variables are on average.</summary>
    /// <param name="average">Mean of the group's numbers over the training rows, count·width of them.</param>
    /// <param name="rows">How many rows that is the mean of.</param>
    /// <returns>Count·parameters numbers.</returns>
    public abstract float[] StartingParameters(float[] average, long rows);

    /// <summary>Log-densities of all of the group, or of one of it.</summary>
    /// <param name="x">(…, count·width), or (…, the variable's own width) for one</param>
    /// <param name="parameters">(…, count·parameters), or (…, parameters) for one</param>
    /// <param name="one">Which one in the group; null for all.</param>
    /// <returns>(…, count) or (…, 1), nats</returns>
    public abstract Tensor LogDensities(Tensor x, Tensor parameters, int? one = null);

    /// <inheritdoc cref="LogDensities(Tensor, Tensor, int?)"/>
    /// <returns>Their sum, a scalar.</returns>
    public abstract Tensor TotalLogDensity(Tensor x, Tensor parameters);

    /// <summary>Draws all of the group, or one of it.</summary>
    /// <param name="parameters">(…, count·parameters), or (…, parameters) for one.</param>
    /// <param name="noise">(…, count, noise) or (…, 1, noise), standard normal: the first number chooses, the second one is added to.</param>
    /// <param name="one">Which one in the group; null for all.</param>
    /// <returns>(…, count·width), or (…, the variable's own width)</returns>
    public abstract Tensor Draw(Tensor parameters, Tensor noise, int? one = null);

    /// <summary>The mean of each number: the chance of a 1, of each category.</summary>
    /// <returns>(…, count·width)</returns>
    public abstract Tensor Mean(Tensor parameters);

    /// <inheritdoc cref="LogDensities(Tensor, Tensor, int?)"/>
    /// <param name="x">(batch, count·width)</param>
    /// <param name="parameters">(batch, count·parameters)</param>
    public abstract OnnxValue LogDensities(OnnxValue x, OnnxValue parameters);

    /// <inheritdoc cref="Draw(Tensor, Tensor, int?)"/>
    /// <param name="parameters">(batch, count·parameters), or (batch, parameters) for one.</param>
    /// <param name="noise">(batch, count, noise), or (batch, 1, noise) for one.</param>
    public abstract OnnxValue Draw(OnnxValue parameters, OnnxValue noise, int? one = null);

    /// <summary>A share of the rows, as if there were one more with the number and one without it: never 0 or 1.</summary>
    protected static double Smoothed(float share, long rows) => (share * rows + 1) / (rows + 2);

    /// <summary>One of several, with these chances: the first whose cumulative chance is not below that of lesser noise.</summary>
    /// <param name="chances">(…, count, choices); zeros are never chosen.</param>
    /// <param name="noise">(…, count, 1), standard normal.</param>
    /// <returns>(…, count, choices), one-hot</returns>
    protected static Tensor Choose(Tensor chances, Tensor noise)
    {
        var cumulative = chances.cumsum(-1);
        long choices = chances.shape[^1];
        var reached = special.ndtr(noise) * cumulative.narrow(-1, choices - 1, 1);      // of the sum as it came out, so that the last choice is never passed
        var index = cumulative.lt(reached).sum(-1, keepdim: true);                      // (…, count, 1)
        return index.eq(arange(choices, device: chances.device)).to(float32);
    }

    /// <inheritdoc cref="Choose(Tensor, Tensor)"/>
    protected static OnnxValue Choose(OnnxValue chances, OnnxValue noise, int choices)
    {
        var cumulative = chances.CumulativeSum(-1);
        var reached = noise.NormalDistribution() * cumulative.Narrow(-1, choices - 1, 1);
        var index = reached.Greater(cumulative).ToFloat().Sum(-1, keepDimension: true);
        float[] numbers = Enumerable.Range(0, choices).Select(i => (float)i).ToArray();
        return index.Equal(chances.Graph.Constant(numbers, choices)).ToFloat();
    }
}
