using static Microsoft.ML.Generative.Persistence.Onnx.Format.TensorProto.Types;

namespace Microsoft.ML.Generative.Persistence.Onnx;

/// <summary>Types of the values of tensors.</summary>
internal static class OnnxTypes
{
    public static DataType Of(Type type) =>
        type == typeof(float) ? DataType.Float
        : type == typeof(double) ? DataType.Double
        : type == typeof(string) ? DataType.String
        : type == typeof(bool) ? DataType.Bool
        : type == typeof(sbyte) ? DataType.Int8
        : type == typeof(byte) ? DataType.Uint8
        : type == typeof(short) ? DataType.Int16
        : type == typeof(ushort) ? DataType.Uint16
        : type == typeof(int) ? DataType.Int32
        : type == typeof(uint) ? DataType.Uint32
        : type == typeof(long) ? DataType.Int64
        : type == typeof(ulong) ? DataType.Uint64
        : throw new ArgumentException($"A tensor has no values of {type}.", nameof(type));
}
