using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.OnnxRuntime;

/// <summary>What an input or an output of a graph is.</summary>
public unsafe class NodeMetadata
{
    internal NodeMetadata(nint typeInfo)
    {
        int type;
        Native.Check(Native.GetOnnxTypeFromTypeInfo(typeInfo, &type));
        OnnxValueType = (OnnxValueType)type;
        Dimensions = [];
        SymbolicDimensions = [];
        if (!IsTensor) return;

        nint tensor;
        Native.Check(Native.CastTypeInfoToTensorInfo(typeInfo, &tensor));   // belongs to typeInfo
        var info = new OrtTensorTypeAndShapeInfo(tensor);
        ElementDataType = info.ElementDataType;
        Dimensions = Array.ConvertAll(info.Shape, size => checked((int)size));   // -1 where it is open
        SymbolicDimensions = new string[Dimensions.Length];
        var names = stackalloc byte*[Dimensions.Length + 1];
        Native.Check(Native.GetSymbolicDimensions(tensor, names, (nuint)Dimensions.Length));
        for (int i = 0; i < Dimensions.Length; i++) SymbolicDimensions[i] = Native.Text(names[i]);
    }

    public OnnxValueType OnnxValueType { get; }

    public bool IsTensor => OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR;

    public bool IsString => ElementDataType == TensorElementType.String;

    public TensorElementType ElementDataType { get; }

    public Type ElementType => TensorElementTypes.TypeOf(ElementDataType);

    public int[] Dimensions { get; }

    public string[] SymbolicDimensions { get; }
}

/// <summary>What a file says about its model.</summary>
public unsafe class ModelMetadata
{
    internal ModelMetadata(nint session)
    {
        nint metadata;
        Native.Check(Native.SessionGetModelMetadata(session, &metadata));
        try
        {
            Read(metadata);
        }
        finally
        {
            Native.ReleaseModelMetadata(metadata);
        }
    }

    public string ProducerName { get; private set; }

    public string GraphName { get; private set; }

    public string Domain { get; private set; }

    public string Description { get; private set; }

    public long Version { get; private set; }

    public Dictionary<string, string> CustomMetadataMap { get; } = [];

    private void Read(nint metadata)
    {
        nint allocator = OrtAllocator.DefaultInstance.Pointer;
        byte* text;
        Native.Check(Native.ModelMetadataGetProducerName(metadata, allocator, &text));
        ProducerName = Native.TakeText(text);
        Native.Check(Native.ModelMetadataGetGraphName(metadata, allocator, &text));
        GraphName = Native.TakeText(text);
        Native.Check(Native.ModelMetadataGetDomain(metadata, allocator, &text));
        Domain = Native.TakeText(text);
        Native.Check(Native.ModelMetadataGetDescription(metadata, allocator, &text));
        Description = Native.TakeText(text);
        long version;
        Native.Check(Native.ModelMetadataGetVersion(metadata, &version));
        Version = version;

        byte** keys;
        long count;
        Native.Check(Native.ModelMetadataGetCustomMetadataMapKeys(metadata, allocator, &keys, &count));
        for (long i = 0; i < count; i++)
        {
            Native.Check(Native.ModelMetadataLookupCustomMetadataMap(metadata, allocator, keys[i], &text));
            CustomMetadataMap[Native.TakeText(keys[i])] = Native.TakeText(text);
        }
        if (count > 0) Native.Check(Native.AllocatorFree(allocator, keys));
    }
}
