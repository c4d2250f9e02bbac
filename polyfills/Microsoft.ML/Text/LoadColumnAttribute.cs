namespace Microsoft.ML.Data;

/// <summary>Says which fields of a line a member is loaded from.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnAttribute : Attribute
{
    /// <param name="fieldIndex">The field, counted from 0.</param>
    public LoadColumnAttribute(int fieldIndex) => Sources = [new(fieldIndex)];

    /// <param name="start">The first field.</param>
    /// <param name="end">The last field.</param>
    public LoadColumnAttribute(int start, int end) => Sources = [new(start, end)];

    /// <param name="columnIndexes">The fields.</param>
    public LoadColumnAttribute(int[] columnIndexes) => Sources = [.. columnIndexes.Select(index => new TextLoader.Range(index))];

    internal TextLoader.Range[] Sources { get; }
}

/// <summary>The number of keys of a column.</summary>
public sealed class KeyCount
{
    /// <summary>The number; null for as many as the type can hold.</summary>
    public ulong? Count;

    /// <summary>As many as the type can hold.</summary>
    public KeyCount()
    {
    }

    /// <param name="count">The number.</param>
    public KeyCount(ulong count) => Count = count;
}
