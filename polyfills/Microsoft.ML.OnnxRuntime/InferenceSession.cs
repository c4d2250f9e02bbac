using System.Runtime.InteropServices;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>A model that is ready to run; safe for several threads.</summary>
public unsafe class InferenceSession : IDisposable
{
    private readonly Dictionary<string, nint> _inputNames = [];    // names as the library wants them
    private readonly Dictionary<string, nint> _outputNames = [];
    private nint _session;
    private ModelMetadata _metadata;

    public InferenceSession(byte[] model) : this(model, null) { }

    public InferenceSession(byte[] model, SessionOptions options)
    {
        using var own = options is null ? new SessionOptions() : null;
        nint session;
        fixed (byte* bytes = model)
            Native.Check(Native.CreateSessionFromArray(OrtEnv.Instance().Pointer, bytes, (nuint)model.Length, (options ?? own).Pointer, &session));
        _session = session;
        ReadMetadata();
    }

    public InferenceSession(string modelPath) : this(modelPath, null) { }

    public InferenceSession(string modelPath, SessionOptions options)
    {
        using var own = options is null ? new SessionOptions() : null;
        nint session;
        fixed (byte* path = Native.Utf8(modelPath))
            Native.Check(Native.CreateSession(OrtEnv.Instance().Pointer, path, (options ?? own).Pointer, &session));
        _session = session;
        ReadMetadata();
    }

    ~InferenceSession() => Dispose(disposing: false);

    public IReadOnlyDictionary<string, NodeMetadata> InputMetadata { get; private set; }

    public IReadOnlyDictionary<string, NodeMetadata> OutputMetadata { get; private set; }

    public IReadOnlyList<string> InputNames { get; private set; }

    public IReadOnlyList<string> OutputNames { get; private set; }

    public ModelMetadata ModelMetadata => _metadata ??= new ModelMetadata(Session);

    private nint Session => _session != 0 ? _session : throw new ObjectDisposedException(nameof(InferenceSession));

    public IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(IReadOnlyCollection<NamedOnnxValue> inputs) => Run(inputs, OutputNames, null);

    public IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(IReadOnlyCollection<NamedOnnxValue> inputs, IReadOnlyCollection<string> outputNames) =>
        Run(inputs, outputNames, null);

    public IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(
        IReadOnlyCollection<NamedOnnxValue> inputs, IReadOnlyCollection<string> outputNames, RunOptions options)
    {
        using var values = new DisposableList<OrtValue>(inputs.Count);
        foreach (var input in inputs) values.Add(input.ToOrtValue());
        var results = new DisposableList<DisposableNamedOnnxValue>(outputNames.Count);
        var outputs = Run(options, inputs.Select(input => input.Name).ToArray(), values, outputNames);
        foreach (var (name, value) in outputNames.Zip(outputs)) results.Add(new DisposableNamedOnnxValue(name, value));
        return results;
    }

    public IDisposableReadOnlyCollection<OrtValue> Run(
        RunOptions runOptions, IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputNames) =>
        Run(runOptions, inputs.Keys.ToArray(), inputs.Values.ToArray(), outputNames);

    public IDisposableReadOnlyCollection<OrtValue> Run(
        RunOptions runOptions, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames)
    {
        var results = stackalloc nint[outputNames.Count];
        new Span<nint>(results, outputNames.Count).Clear();   // the library allocates what is null
        RunNative(runOptions, inputNames, inputValues, outputNames, results);
        var values = new DisposableList<OrtValue>(outputNames.Count);
        for (int i = 0; i < outputNames.Count; i++) values.Add(new OrtValue(results[i]));
        return values;
    }

    public void Run(
        RunOptions runOptions, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames,
        IReadOnlyCollection<OrtValue> outputValues)
    {
        if (outputValues.Count != outputNames.Count) throw new ArgumentException($"Length of {nameof(outputNames)} ({outputNames.Count}) must match that of {nameof(outputValues)} ({outputValues.Count}).");
        var results = stackalloc nint[outputNames.Count];
        int i = 0;
        foreach (var value in outputValues) results[i++] = value.Handle;
        RunNative(runOptions, inputNames, inputValues, outputNames, results);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (_session == 0) return;
        Native.ReleaseSession(_session);
        _session = 0;
        foreach (nint name in _inputNames.Values.Concat(_outputNames.Values)) Marshal.FreeCoTaskMem(name);
    }

    private void RunNative(
        RunOptions options, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputValues, IReadOnlyCollection<string> outputNames, nint* results)
    {
        if (inputNames.Count != inputValues.Count) throw new ArgumentException($"Length of {nameof(inputNames)} ({inputNames.Count}) must match that of {nameof(inputValues)} ({inputValues.Count}).");
        nint session = Session;
        var names = stackalloc byte*[inputNames.Count + outputNames.Count];
        var values = stackalloc nint[inputValues.Count];
        int i = 0;
        foreach (string name in inputNames) names[i++] = Find(_inputNames, name, "Input");
        foreach (string name in outputNames) names[i++] = Find(_outputNames, name, "Output");
        i = 0;
        foreach (var value in inputValues) values[i++] = value.Handle;
        Native.Check(Native.Run(
            session, options?.Pointer ?? 0, names, values, (nuint)inputNames.Count, names + inputNames.Count, (nuint)outputNames.Count, results));
        GC.KeepAlive(inputValues);
        GC.KeepAlive(options);
        GC.KeepAlive(this);
    }

    private static byte* Find(Dictionary<string, nint> names, string name, string kind) => names.TryGetValue(name, out nint utf8)
        ? (byte*)utf8
        : throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"{kind} name: '{name}' is not in the metadata");

    private void ReadMetadata()
    {
        nuint inputs, outputs;
        Native.Check(Native.SessionGetInputCount(_session, &inputs));
        Native.Check(Native.SessionGetOutputCount(_session, &outputs));
        InputMetadata = ReadNodes(inputs, Native.SessionGetInputName, Native.SessionGetInputTypeInfo, _inputNames, out var inputNames);
        OutputMetadata = ReadNodes(outputs, Native.SessionGetOutputName, Native.SessionGetOutputTypeInfo, _outputNames, out var outputNames);
        InputNames = inputNames;
        OutputNames = outputNames;
    }

    private Dictionary<string, NodeMetadata> ReadNodes(
        nuint count, delegate* unmanaged<nint, nuint, nint, byte**, nint> getName, delegate* unmanaged<nint, nuint, nint*, nint> getType,
        Dictionary<string, nint> utf8Names, out List<string> names)
    {
        names = [];
        var nodes = new Dictionary<string, NodeMetadata>();
        for (nuint i = 0; i < count; i++)
        {
            byte* text;
            nint type;
            Native.Check(getName(_session, i, OrtAllocator.DefaultInstance.Pointer, &text));
            string name = Native.TakeText(text);
            Native.Check(getType(_session, i, &type));
            nodes[name] = new NodeMetadata(type);
            Native.ReleaseTypeInfo(type);
            names.Add(name);
            utf8Names[name] = Marshal.StringToCoTaskMemUTF8(name);
        }
        return nodes;
    }
}
