using Microsoft.ML.Data;

namespace Deployment;

/// <summary>What the pipeline says of a reading.</summary>
internal sealed class Verdict
{
    /// <summary>Chance that the pump fails.</summary>
    public float Probability { get; set; }

    [ColumnName("PredictedLabel")]
    public bool WillFail { get; set; }

    /// <summary>How unlike all training rows the reading is.</summary>
    public float Novelty { get; set; }

    /// <summary>Whether it is so unlike them that the verdict means little.</summary>
    public bool IsNovel { get; set; }
}
