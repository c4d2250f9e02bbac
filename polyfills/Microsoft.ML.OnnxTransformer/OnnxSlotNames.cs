using System.Text;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Names of the slots of outputs: ML.NET keeps them in the keys of a node called <c>mlnet.COLUMN.SlotNames</c>.</summary>
internal static class OnnxSlotNames
{
    // numbers of fields in the ONNX format
    private const int ModelGraph = 7, GraphNode = 1, NodeName = 3, NodeAttribute = 5, AttributeName = 1, AttributeStrings = 9;

    private const string Prefix = "mlnet.", Suffix = ".SlotNames";

    /// <returns>By column.</returns>
    public static Dictionary<string, string[]> Read(byte[] model)
    {
        var names = new Dictionary<string, string[]>();
        foreach (var node in Fields(model, ModelGraph).SelectMany(graph => Fields(graph, GraphNode)))
        {
            string name = Fields(node, NodeName).Select(Text).FirstOrDefault("");
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(Suffix, StringComparison.Ordinal)) continue;
            var keys = Fields(node, NodeAttribute).Where(attribute => Fields(attribute, AttributeName).Any(field => Text(field) == "keys_strings")).Take(1).ToList();
            if (keys is [var attribute]) names.TryAdd(name[Prefix.Length..^Suffix.Length], [.. Fields(attribute, AttributeStrings).Select(Text)]);
        }
        return names;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    // the fields of a message that have this number and a length
    private static IEnumerable<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        for (int at = 0; at < message.Length;)
        {
            ulong tag = Number(message, ref at);
            int length = (tag & 7) switch { 1 => 8, 5 => 4, 2 => (int)Number(message, ref at), _ => 0 };
            if ((tag & 7) == 0) Number(message, ref at);
            if ((tag & 7) == 2 && (int)(tag >> 3) == number) yield return message.Slice(at, length);
            at += length;
        }
    }

    private static ulong Number(ReadOnlyMemory<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message.Span[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
