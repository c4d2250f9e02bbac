using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or an output of a model, as a column.</summary>
/// <param name="Name">Its name, in the model and in the data view.</param>
/// <param name="Shape">Its shape for one row: the first length is 1 where it is open, another 0.</param>
/// <param name="Type">Its type as a column.</param>
internal sealed record OnnxVariable(string Name, int[] Shape, DataViewType Type);

/// <summary>What an <see cref="OnnxTransformer"/> is made with.</summary>
internal sealed record OnnxModelOptions
{
    public string[] Inputs { get; init; } = [];

    public string[] Outputs { get; init; } = [];

    public int? GpuDeviceId { get; init; }

    public bool FallbackToCpu { get; init; }

    public IReadOnlyList<(string Name, int[] Shape)> Shapes { get; init; } = [];

    public int RecursionLimit { get; init; } = 100;

    public int? InterOpNumThreads { get; init; }

    public int? IntraOpNumThreads { get; init; }
}

/// <summary>A session, and the columns that its inputs and outputs are.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxModel(IHostEnvironment environment, byte[] bytes, OnnxModelOptions options)
    {
        try
        {
            _session = CreateSession(environment, bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"Error initializing model :{e}", e);
        }
        Inputs = Describe(_session.InputMetadata, options);
        Outputs = Describe(_session.OutputMetadata, options);
        SlotNames = OnnxSlotNames.Read(bytes);
    }

    public OnnxVariable[] Inputs { get; }

    public OnnxVariable[] Outputs { get; }

    /// <summary>Names of the slots of some of the outputs, by column.</summary>
    public IReadOnlyDictionary<string, string[]> SlotNames { get; }

    public OnnxVariable Input(string name) => Array.Find(Inputs, variable => variable.Name == name) ?? throw Contracts.ExceptParam(
        nameof(name), $"Input tensor, {name}, does not exist in the ONNX model. Available input names are [{string.Join(",", Inputs.Select(i => i.Name))}].");

    public OnnxVariable Output(string name) => Array.Find(Outputs, variable => variable.Name == name) ?? throw Contracts.ExceptParam(
        nameof(name), $"Ouput tensor, {name}, does not exist in the ONNX model. Available output names are [{string.Join(",", Outputs.Select(o => o.Name))}].");

    public IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(IReadOnlyCollection<NamedOnnxValue> inputs, IReadOnlyCollection<string> outputs) =>
        _session.Run(inputs, outputs);

    public void Dispose() => _session.Dispose();

    private static InferenceSession CreateSession(IHostEnvironment environment, byte[] bytes, OnnxModelOptions options)
    {
        var shared = environment.GetOnnxSessionOption() ?? new();
        if (shared.CreateSessionOptions != null) return new(bytes, shared.CreateSessionOptions());
        if (options.GpuDeviceId == null) return Create(new());
        try
        {
            return Create(SessionOptions.MakeSessionOptionWithCudaProvider(options.GpuDeviceId.Value));
        }
        catch (OnnxRuntimeException) when (options.FallbackToCpu)
        {
            return Create(new());
        }

        InferenceSession Create(SessionOptions session)
        {
            using (session)
            {
                shared.CopyTo(session);
                session.InterOpNumThreads = options.InterOpNumThreads ?? shared.InterOpNumThreads;
                session.IntraOpNumThreads = options.IntraOpNumThreads ?? shared.IntraOpNumThreads;
                return new(bytes, session);
            }
        }
    }

    private static OnnxVariable[] Describe(IReadOnlyDictionary<string, NodeMetadata> nodes, OnnxModelOptions options) =>
        [.. nodes.Select(node => Describe(node.Key, node.Value, options.Shapes.LastOrDefault(shape => shape.Name == node.Key).Shape))];

    private static OnnxVariable Describe(string name, NodeMetadata node, int[] given)
    {
        if (!node.IsTensor || node.ElementType == null) throw new NotSupportedException($"'{name}' of the ONNX model is not a tensor of numbers or texts: {node.OnnxValueType}.");
        if (given != null && (given.Length != node.Dimensions.Length || given.Zip(node.Dimensions).Any(pair => pair.First != pair.Second && pair is { First: > 0, Second: > 0 })))
        {
            throw Contracts.ExceptParam("shapeDictionary", $"The specified shape {string.Join(",", given)} is not compatible with the shape " +
                $"{string.Join(",", node.Dimensions)} loaded from the ONNX model file. Only unknown dimension can replace or be replaced by another dimension.");
        }
        int[] shape = [.. (given ?? node.Dimensions).Select((size, axis) => size > 0 ? size : axis == 0 ? 1 : 0)];
        var itemType = PrimitiveTypes.Of(node.ElementType);
        DataViewType type = shape.Length == 0 ? itemType
            : shape.All(size => size > 0) ? new VectorDataViewType(itemType, shape)
            : new VectorDataViewType(itemType);
        return new(name, shape.Length == 0 ? [1] : shape, type);
    }
}
