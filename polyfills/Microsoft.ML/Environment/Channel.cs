using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>A channel that hands its messages to the environment at once, on the caller's thread.</summary>
internal sealed class Channel : IChannel
{
    private readonly LocalEnvironment _environment;
    private readonly string _name;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _disposed;

    public Channel(LocalEnvironment environment, string name)
    {
        _environment = environment;
        _name = name;
        Send(ChannelMessageKind.Trace, MessageSensitivity.None, "Channel started");
    }

    public string ContextDescription => _environment.FullName == null ? _name : $"{_environment.FullName}; {_name}";

    public TException Process<TException>(TException ex)
        where TException : Exception
        => LocalEnvironment.Mark(_environment.Process(ex), "Phase", _name);

    public void Send(ChannelMessage msg) => _environment.Dispatch(ContextDescription, msg);

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt);

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Trace, sensitivity, fmt, args);

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt);

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Error, sensitivity, fmt, args);

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, sensitivity, fmt);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Warning, sensitivity, fmt, args);

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt);

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Info, sensitivity, fmt, args);

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Send(ChannelMessageKind.Trace, MessageSensitivity.None, $"Channel finished. Elapsed {_watch.Elapsed:c}.");
        Send(ChannelMessageKind.Trace, MessageSensitivity.None, "Channel disposed");
    }

    private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string fmt, object[] args = null)
        => Send(new ChannelMessage(kind, sensitivity, fmt, args));
}

/// <summary>Nobody can listen to pipes from outside ML.NET, so what is sent goes nowhere.</summary>
internal sealed class SilentPipe<TMessage>(IExceptionContext owner) : IPipe<TMessage>
{
    public string ContextDescription => owner.ContextDescription;

    public TException Process<TException>(TException ex)
        where TException : Exception
        => owner.Process(ex);

    public void Send(TMessage msg)
    {
    }

    public void Dispose()
    {
    }
}

/// <summary>Nobody can listen to progress from outside ML.NET, so reports go nowhere.</summary>
internal sealed class SilentProgressChannel : IProgressChannel
{
    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
    {
    }

    public void Checkpoint(params double?[] values)
    {
    }

    public IProgressChannel StartProgressChannel(string name) => new SilentProgressChannel();

    public void Dispose()
    {
    }
}
