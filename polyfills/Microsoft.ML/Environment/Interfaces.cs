namespace Microsoft.ML.Runtime;

/// <summary>Marks the exceptions of a component with where they come from.</summary>
public interface IExceptionContext
{
    /// <summary>The component.</summary>
    string ContextDescription { get; }

    /// <summary>Marks an exception that is about to be thrown.</summary>
    TException Process<TException>(TException ex)
        where TException : Exception;
}

/// <summary>Opens channels.</summary>
public interface IChannelProvider : IExceptionContext
{
    /// <summary>Opens a channel for messages.</summary>
    IChannel Start(string name);

    /// <summary>Opens a pipe for objects.</summary>
    IPipe<TMessage> StartPipe<TMessage>(string name);
}

/// <summary>Reports progress.</summary>
public interface IProgressChannelProvider
{
    /// <summary>Opens a channel for progress.</summary>
    IProgressChannel StartProgressChannel(string name);
}

/// <summary>Where components run: messages, random numbers, the catalog of components.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    /// <summary>The components that models can be loaded with.</summary>
    ComponentCatalog ComponentCatalog { get; }

    /// <summary>The environment of one component, with random numbers of its own.</summary>
    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component.</summary>
public interface IHost : IHostEnvironment
{
    /// <summary>Its random numbers, which follow from the seed of the environment.</summary>
    Random Rand { get; }
}

/// <summary>Passes objects to whoever listens.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    /// <summary>Passes an object.</summary>
    void Send(TMessage msg);
}

/// <summary>Passes messages to whoever listens.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    /// <summary>A detail.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt);

    /// <summary>A detail.</summary>
    void Trace(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>A fault.</summary>
    void Error(MessageSensitivity sensitivity, string fmt);

    /// <summary>A fault.</summary>
    void Error(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>Something doubtful.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt);

    /// <summary>Something doubtful.</summary>
    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);

    /// <summary>What a user may want to know.</summary>
    void Info(MessageSensitivity sensitivity, string fmt);

    /// <summary>What a user may want to know.</summary>
    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>Takes reports of progress.</summary>
public interface IProgressChannel : IProgressChannelProvider, IDisposable
{
    /// <summary>Says what is reported, and how to ask for it.</summary>
    void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction);

    /// <summary>Reports now.</summary>
    void Checkpoint(params double?[] values);
}

/// <summary>One report of progress.</summary>
public interface IProgressEntry
{
    /// <summary>How many units are done.</summary>
    void SetProgress(int index, double value);

    /// <summary>How many units are done, of how many.</summary>
    void SetProgress(int index, double value, double lim);

    /// <summary>The value of a metric.</summary>
    void SetMetric(int index, double value);
}
