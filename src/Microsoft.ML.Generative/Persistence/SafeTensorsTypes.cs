using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>The element types that we read and write, and what the safetensors format calls them.</summary>
internal static class SafeTensorsTypes
{
    public static string All => string.Join(", ", Known.Select(known => known.Name));

    private static readonly (ScalarType Type, string Name, int Size)[] Known =
    [
        (ScalarType.Float64, "F64", 8),
        (ScalarType.Int64, "I64", 8),
        (ScalarType.Float32, "F32", 4),
        (ScalarType.Int32, "I32", 4),
        (ScalarType.Float16, "F16", 2),
        (ScalarType.Byte, "U8", 1),
        (ScalarType.Bool, "BOOL", 1),
    ];

    /// <summary>The format's name of a type; null if we do not write it.</summary>
    public static string? Name(ScalarType type) => Known.FirstOrDefault(known => known.Type == type).Name;

    /// <summary>Bytes per element; 0 if we do not write the type.</summary>
    public static int Size(ScalarType type) => Known.FirstOrDefault(known => known.Type == type).Size;

    /// <summary>The type of a name; null if we do not read it.</summary>
    public static ScalarType? Parse(string name)
    {
        foreach (var known in Known)
            if (known.Name == name) return known.Type;
        return null;
    }
}
