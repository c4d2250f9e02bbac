namespace Microsoft.ML.Generative;

/// <summary>Up-down fine-tuning of all layers of a deep belief network together, the contrastive wake–sleep algorithm (Hinton, Osindero and Teh, 2006, appendix B).</summary>
public sealed record UpDownOptions
{
    /// <summary>Steps, 1 or more, at most as many as the layers before have together. Default: null, as many as one layer has by default.</summary>
    public int? Steps { get; init; }

    /// <summary>Learning rate, as a share of that of the first layer, above 0 and up to 1. Default: 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    internal void Validate(OptionFaults faults)
    {
        faults.Require(Steps is null or >= 1, Steps, "1 or more");
        faults.Require(LearningRate is > 0 and <= 1, LearningRate, "above 0 and up to 1");
    }
}
