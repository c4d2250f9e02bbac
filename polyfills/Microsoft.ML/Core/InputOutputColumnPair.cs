using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A column to make and the one to make it from.</summary>
public sealed class InputOutputColumnPair
{
    /// <param name="outputColumnName">The column to make.</param>
    /// <param name="inputColumnName">The column to make it from; null for that of the same name.</param>
    public InputOutputColumnPair(string outputColumnName, string inputColumnName = null)
    {
        OutputColumnName = Contracts.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    /// <summary>The column to make.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column to make it from.</summary>
    public string InputColumnName { get; }
}
