namespace Microsoft.ML.Generative;

/// <summary>What an exported ONNX graph computes.</summary>
public enum OnnxGraph
{
    /// <summary>How unusual a row is.</summary>
    Score,

    /// <summary>The row as the model gives it back.</summary>
    Reconstruct,

    /// <summary>The code of a row.</summary>
    Encode,

    /// <summary>A new row, from standard normal noise.</summary>
    Sample,

    /// <summary>The log-density of a row.</summary>
    LogDensity,

    /// <summary>What each column adds to the score of a row.</summary>
    ColumnScores,
}
