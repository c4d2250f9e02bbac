using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>The annotation that names the slots of a vector.</summary>
internal static class SlotNames
{
    private const string Annotation = "SlotNames";

    /// <summary>Null if there is none.</summary>
    public static IReadOnlyList<string>? Of(DataViewSchema.Annotations? annotations)
    {
        if (annotations?.Schema.GetColumnOrNull(Annotation)?.Type is not VectorDataViewType { ItemType: TextDataViewType }) return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        annotations.GetValue(Annotation, ref names);
        return names.DenseValues().Select(n => n.ToString()).ToList();
    }

    public static DataViewSchema.Annotations ToAnnotations(IReadOnlyList<string> names)
    {
        var values = new VBuffer<ReadOnlyMemory<char>>(names.Count, names.Select(n => n.AsMemory()).ToArray());
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(Annotation, new VectorDataViewType(TextDataViewType.Instance, names.Count), (ref VBuffer<ReadOnlyMemory<char>> value) => values.CopyTo(ref value));
        return builder.ToAnnotations();
    }
}
