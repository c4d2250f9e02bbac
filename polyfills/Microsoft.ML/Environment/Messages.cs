namespace Microsoft.ML.Runtime;

/// <summary>How much a message matters.</summary>
public enum ChannelMessageKind
{
    /// <summary>A detail.</summary>
    Trace = 0,

    /// <summary>What a user may want to know.</summary>
    Info = 1,

    /// <summary>Something doubtful.</summary>
    Warning = 2,

    /// <summary>A fault.</summary>
    Error = 3,
}

/// <summary>What a message may give away.</summary>
[Flags]
public enum MessageSensitivity
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Values from the data.</summary>
    UserData = 1,

    /// <summary>Names of columns.</summary>
    Schema = 2,

    /// <summary>Everything.</summary>
    All = ~0,

    /// <summary>Possibly everything.</summary>
    Unknown = ~0,
}

/// <summary>A message of a component.</summary>
public readonly struct ChannelMessage
{
    /// <summary>How much it matters.</summary>
    public readonly ChannelMessageKind Kind;

    /// <summary>What it may give away.</summary>
    public readonly MessageSensitivity Sensitivity;

    private readonly string _format;
    private readonly object[] _args;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] args = null)
    {
        Kind = kind;
        Sensitivity = sensitivity;
        _format = Contracts.CheckNonEmpty(format, nameof(format));
        _args = args;
    }

    /// <summary>The text.</summary>
    public string Message => _args != null ? string.Format(_format, _args) : _format;
}

/// <summary>Names what a component reports while it goes on.</summary>
public sealed class ProgressHeader
{
    /// <summary>The units that are counted, the largest first.</summary>
    public readonly IReadOnlyList<string> UnitNames;

    /// <summary>The metrics.</summary>
    public readonly IReadOnlyList<string> MetricNames;

    /// <param name="metricNames">The metrics.</param>
    /// <param name="unitNames">The units that are counted, the largest first.</param>
    public ProgressHeader(string[] metricNames, string[] unitNames)
    {
        MetricNames = metricNames ?? [];
        UnitNames = unitNames ?? [];
    }

    /// <param name="unitNames">The units that are counted, the largest first.</param>
    public ProgressHeader(params string[] unitNames)
        : this(null, unitNames)
    {
    }
}
