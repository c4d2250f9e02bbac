using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A message that reached <see cref="MLContext.Log"/>.</summary>
public class LoggingEventArgs : EventArgs
{
    /// <param name="message">The text.</param>
    public LoggingEventArgs(string message) => Message = message;

    /// <param name="message">The text without source and kind.</param>
    /// <param name="kind">How much it matters.</param>
    /// <param name="source">The component and its channel.</param>
    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
        : this($"[Source={source}, Kind={kind}] {message}")
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
    }

    /// <summary>The component and its channel.</summary>
    public string Source { get; }

    /// <summary>How much it matters.</summary>
    public ChannelMessageKind Kind { get; }

    /// <summary>The text with source and kind.</summary>
    public string Message { get; }

    /// <summary>The text.</summary>
    public string RawMessage { get; }
}
