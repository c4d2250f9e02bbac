using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where everything starts: the catalogs of what there is, the log, the seed.</summary>
public sealed class MLContext : IHostEnvironment
{
    /// <param name="seed">The seed of all random numbers; null for other ones every time.</param>
    public MLContext(int? seed = null)
    {
        Environment = new(seed);
        Environment.Listener += (source, message) => Log?.Invoke(this, new(message.Message, message.Kind, source));
        BinaryClassification = new(Environment);
        MulticlassClassification = new(Environment);
        AnomalyDetection = new(Environment);
        Transforms = new(Environment);
        Model = new(Environment);
        Data = new(Environment);
    }

    /// <summary>Gets the messages of all components, on the thread that sends them.</summary>
    public event EventHandler<LoggingEventArgs> Log;

    /// <summary>Two classes.</summary>
    public BinaryClassificationCatalog BinaryClassification { get; }

    /// <summary>More than two classes.</summary>
    public MulticlassClassificationCatalog MulticlassClassification { get; }

    /// <summary>What doesn't fit in.</summary>
    public AnomalyDetectionCatalog AnomalyDetection { get; }

    /// <summary>Steps of a pipeline.</summary>
    public TransformsCatalog Transforms { get; }

    /// <summary>Models: saving, loading, predicting single rows.</summary>
    public ModelOperationsCatalog Model { get; }

    /// <summary>Data: loading, saving, splitting, filtering.</summary>
    public DataOperationsCatalog Data { get; }

    /// <summary>The components that models can be loaded with.</summary>
    public ComponentCatalog ComponentCatalog => Environment.ComponentCatalog;

    /// <summary>The folder for temporary files.</summary>
    public string TempFilePath { get; set; } = Path.GetTempPath();

    /// <summary>Whether a computation that can't have the GPU is done by the CPU.</summary>
    public bool FallbackToCpu { get => Environment.FallbackToCpu; set => Environment.FallbackToCpu = value; }

    /// <summary>The GPU to compute with; null for the CPU.</summary>
    public int? GpuDeviceId { get => Environment.GpuDeviceId; set => Environment.GpuDeviceId = value; }

    string IExceptionContext.ContextDescription => Environment.ContextDescription;

    internal LocalEnvironment Environment { get; }

    /// <summary>Sets an option that has no value yet.</summary>
    public bool TryAddOption<T>(string name, T value) => Environment.Options.TryAdd(name, value);

    /// <summary>Sets an option.</summary>
    public void SetOption<T>(string name, T value) => Environment.Options[name] = value;

    /// <summary>Reads an option.</summary>
    public bool TryGetOption<T>(string name, out T value)
    {
        bool found = Environment.Options.TryGetValue(name, out object option);
        value = found ? (T)option : default;
        return found;
    }

    /// <summary>Reads an option; the default value of its type where it isn't set.</summary>
    public T GetOptionOrDefault<T>(string name) => TryGetOption(name, out T value) ? value : default;

    /// <summary>Removes an option.</summary>
    public bool RemoveOption(string name) => Environment.Options.Remove(name);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => Environment.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => Environment.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => Environment.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => Environment.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => Environment.Process(ex);
}
