using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Arrays in model files; sizes are checked before anything is allocated.</summary>
internal static class ModelValues
{
    public static int ReadCount(this BinaryReader reader)
    {
        int count = reader.ReadInt32();
        Contracts.CheckDecode(count >= 0 && count <= reader.BaseStream.Length, "A count is out of range.");
        return count;
    }

    public static void WriteArray(this BinaryWriter writer, double[] values)
    {
        writer.Write(values.Length);
        foreach (double value in values) writer.Write(value);
    }

    public static double[] ReadDoubles(this BinaryReader reader) => [.. Enumerable.Range(0, reader.ReadCount()).Select(_ => reader.ReadDouble())];

    public static void WriteArray(this BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (float value in values) writer.Write(value);
    }

    public static float[] ReadSingles(this BinaryReader reader) => [.. Enumerable.Range(0, reader.ReadCount()).Select(_ => reader.ReadSingle())];
}
