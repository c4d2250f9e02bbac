namespace Microsoft.ML.Generative;

/// <summary>How training goes on from a trained model. Everything else is as the options of that model say.</summary>
public sealed record TransferOptions
{
    /// <summary>Layers whose weights stay as they are, bit by bit, by the names that the weights have in the model file: <c>encoder</c> for a whole stack,
    /// <c>encoder.0</c> for its first layer. A name that there is not is an error that lists those there are. Default: none.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>How the model is trained. What is left open is chosen as for a new model, except that the highest learning rate is a tenth of that one's.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Seed of everything random in the fit. Default: null, drawn from the <see cref="MLContext"/> (whose own seed makes it reproducible).</summary>
    public int? Seed { get; init; }

    internal void Validate(StartingPoint start)
    {
        var faults = new OptionFaults();
        string layers = string.Join(", ", start.Layers);
        foreach (string? layer in Freeze ?? [])
            faults.Require(start.Layers.Contains(layer), $"'{layer}'", $"a layer of the model: {layers}", nameof(Freeze));
        if (Freeze is null) faults.Require(false, Freeze, "given; it may be empty");
        else faults.Require(Freeze.Count == 0 || !start.FreezesAll, string.Join(", ", Freeze), "less than all layers", nameof(Freeze));
        faults.RequireValid(Training, options => options.Validate(faults));
        faults.ThrowIfAny(nameof(TransferOptions));
    }
}
