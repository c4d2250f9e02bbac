using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Generation;

/// <summary>A row with a label in every type that a label can have, and columns that no model draws.</summary>
public class LabelledRow
{
    public bool Label { get; set; }

    public string Class { get; set; } = "";

    public float Number { get; set; }

    public int Integer { get; set; }

    [KeyType(5)]
    public uint Key { get; set; }

    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public float Age { get; set; }

    public string Comment { get; set; } = "";

    public long Visits { get; set; }

    [VectorType(2)]
    public double[] Place { get; set; } = [];

    [VectorType(2)]
    public int[] Counts { get; set; } = [];

    /// <summary>Rows of class 0, then of class 1, and so on; the features say which class and which row.</summary>
    internal static List<LabelledRow> Of(params int[] rowsOfClasses) =>
        [.. rowsOfClasses.SelectMany((rows, label) => Enumerable.Range(0, rows).Select(i => Row(label, i)))];

    internal static LabelledRow Row(int label, float feature) => new()
    {
        Label = label == 1,
        Class = $"class {label}",
        Number = label,
        Integer = label - 1,
        Key = (uint)label,
        Features = [feature, label],
        Age = 40,
        Comment = "real",
        Visits = 3,
        Place = [1, 2],
        Counts = [3, 4],
    };
}
