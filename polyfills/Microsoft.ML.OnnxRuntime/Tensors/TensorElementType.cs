namespace Microsoft.ML.OnnxRuntime.Tensors;

/// <summary>Types of a tensor's elements; the values are those of ONNX.</summary>
public enum TensorElementType
{
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    Complex64 = 14,
    Complex128 = 15,
    BFloat16 = 16,
    DataTypeMax = 17,
}

internal static class TensorElementTypes
{
    private static readonly (TensorElementType Element, Type Type, int Size)[] Known =
    [
        (TensorElementType.Float, typeof(float), 4),
        (TensorElementType.UInt8, typeof(byte), 1),
        (TensorElementType.Int8, typeof(sbyte), 1),
        (TensorElementType.UInt16, typeof(ushort), 2),
        (TensorElementType.Int16, typeof(short), 2),
        (TensorElementType.Int32, typeof(int), 4),
        (TensorElementType.Int64, typeof(long), 8),
        (TensorElementType.Bool, typeof(bool), 1),
        (TensorElementType.Double, typeof(double), 8),
        (TensorElementType.UInt32, typeof(uint), 4),
        (TensorElementType.UInt64, typeof(ulong), 8),
    ];

    public static TensorElementType Of(Type type)
    {
        foreach (var known in Known)
            if (known.Type == type) return known.Element;
        throw new OnnxRuntimeException(ErrorCode.InvalidArgument, $"Tensors of {type} are not supported.");
    }

    /// <summary>The .NET type of an element type; null for those that are not supported here.</summary>
    public static Type TypeOf(TensorElementType element)
    {
        if (element == TensorElementType.String) return typeof(string);
        foreach (var known in Known)
            if (known.Element == element) return known.Type;
        return null;
    }
}
