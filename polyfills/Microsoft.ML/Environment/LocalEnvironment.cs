namespace Microsoft.ML.Runtime;

/// <summary>The environment behind an <see cref="MLContext"/>, and that of each component registered with it.</summary>
internal class LocalEnvironment : IHostEnvironment
{
    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly LocalEnvironment _master;
    private readonly string _parentFullName;

    public LocalEnvironment(int? seed)
    {
        Seed = seed;
        Root = this;
        _random = seed.HasValue ? new(seed.Value) : new();
        ComponentCatalog = new();
        Options = [];
    }

    protected LocalEnvironment(LocalEnvironment source, string name, Random random)
    {
        Root = source.Root;
        Seed = source.Seed;
        ComponentCatalog = source.ComponentCatalog;
        ShortName = name;
        _master = source;
        _parentFullName = source._master?.FullName;
        FullName = _parentFullName == null ? name : $"{_parentFullName}; {name}";
        _random = random;
    }

    public event Action<string, ChannelMessage> Listener;

    public LocalEnvironment Root { get; }

    public int? Seed { get; }

    /// <summary>What <see cref="MLContext"/> was told; kept by the root.</summary>
    public Dictionary<string, object> Options { get; }

    public int? GpuDeviceId { get; set; }

    public bool FallbackToCpu { get; set; }

    public string ShortName { get; }

    public string FullName { get; }

    public ComponentCatalog ComponentCatalog { get; }

    public string ContextDescription => FullName;

    protected Random OwnRandom => _random;

    /// <summary>The root of whatever environment a component was given.</summary>
    public static LocalEnvironment Of(IHostEnvironment environment) => environment switch
    {
        MLContext context => context.Environment,
        LocalEnvironment local => local.Root,
        _ => throw new ArgumentException("This is no environment of ML.NET.", nameof(environment)),
    };

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
            return new Host(this, name, new Random(seed ?? _random.Next()));
    }

    public IChannel Start(string name) => new Channel(this, Contracts.CheckNonEmpty(name, nameof(name)));

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new SilentPipe<TMessage>(this);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new SilentProgressChannel();
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
        => Mark(Mark(ex, "Throwing component", ShortName), "Parent component", _parentFullName);

    public void Dispatch(string source, ChannelMessage message) => Root.Listener?.Invoke(source, message);

    internal static TException Mark<TException>(TException ex, string key, string value)
        where TException : Exception
    {
        if (ex != null)
            ex.Data[key] = value;
        return ex;
    }

    private sealed class Host(LocalEnvironment source, string name, Random random) : LocalEnvironment(source, name, random), IHost
    {
        public Random Rand => OwnRandom;
    }
}

/// <summary>What the catalogs ask of an environment that isn't public.</summary>
internal static class HostEnvironmentExtensions
{
    /// <summary>The seed that the <see cref="MLContext"/> was made with.</summary>
    public static int? SeedOrNull(this IHostEnvironment environment)
        => environment switch { MLContext context => context.Environment.Seed, LocalEnvironment local => local.Seed, _ => null };
}
