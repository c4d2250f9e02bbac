using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fields from <see cref="Min"/> up to <see cref="End"/>, which isn't one of them; null for the end of each line.</summary>
internal readonly record struct Segment(int Min, int? End, bool ForceVector)
{
    public int EndOf(int fieldCount) => End ?? Math.Max(Min, fieldCount);
}

/// <summary>A column to load, with its fields known.</summary>
internal sealed class TextColumn
{
    public TextColumn(string name, PrimitiveDataViewType itemType, Segment[] segments)
    {
        Name = name;
        Segments = segments;
        var sorted = segments.OrderBy(s => s.Min).ToArray();
        for (int i = 1; i < sorted.Length; i++)
            Contracts.CheckParam(sorted[i - 1].End <= sorted[i].Min, nameof(TextLoader.Column.Source), $"Intervals specified for column '{name}' overlap");
        bool isVariable = segments.Any(s => s.End == null);
        int size = segments.Sum(s => (s.End ?? s.Min) - s.Min);
        Type = isVariable ? new VectorDataViewType(itemType)
            : size > 1 || segments[0].ForceVector ? new VectorDataViewType(itemType, size)
            : itemType;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    public Segment[] Segments { get; }

    /// <summary>The last field that it needs.</summary>
    public int LastField => Segments.Max(s => (s.End ?? int.MaxValue) - 1);

    /// <summary>The number of values in a line with so many fields.</summary>
    public int SizeOf(int fieldCount)
    {
        int size = 0;
        foreach (var segment in Segments)
            size += segment.EndOf(fieldCount) - segment.Min;
        return size;
    }

    /// <summary>The columns that the options describe.</summary>
    /// <param name="columns">What is asked for.</param>
    /// <param name="inputSize">Gives the number of fields of a line, if any column needs it.</param>
    public static TextColumn[] Bind(TextLoader.Column[] columns, Func<int> inputSize)
    {
        var types = columns.Select(ItemType).ToArray();
        var segments = columns.Select(column => BindRanges(column, inputSize)).ToArray();
        BindAllOther(columns, segments);
        return [.. columns.Select((column, i) => new TextColumn(column.Name.Trim(), types[i], segments[i]))];
    }

    private static PrimitiveDataViewType ItemType(TextLoader.Column column)
    {
        Contracts.CheckParam(!string.IsNullOrWhiteSpace(column.Name), nameof(column.Name), "A column needs a name");
        Contracts.CheckParam(column.Source is { Length: > 0 }, nameof(column.Source), "Must specify some source column indices");
        var type = PrimitiveTypes.Of(column.DataKind == default ? DataKind.Single : column.DataKind);
        if (column.KeyCount == null)
            return type;
        Contracts.CheckParam(KeyDataViewType.IsValidDataType(type.RawType), nameof(column.KeyCount), $"Column '{column.Name}' can't be a key: {type} doesn't hold keys");
        return new KeyDataViewType(type.RawType, column.KeyCount.Count ?? Largest(type.RawType));
    }

    private static ulong Largest(Type type)
        => type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;

    private static Segment[] BindRanges(TextLoader.Column column, Func<int> inputSize) => [.. column.Source.Select(range =>
    {
        Contracts.CheckParam(range.Min >= 0 && (range.Max ?? range.Min) >= range.Min, nameof(range.Min), $"Column '{column.Name}' has an impossible range of fields");
        if (range.Max is { } max)
            return new Segment(range.Min, max + 1, range.ForceVector);
        if (range.VariableEnd)
            return new(range.Min, null, true);
        if (!range.AutoEnd)
            return new(range.Min, range.Min + 1, range.ForceVector);
        int size = inputSize();
        Contracts.CheckParam(range.Min < size, nameof(range.Min), $"Column #{range.Min} not found in the dataset (it only has {size} columns)");
        return new(range.Min, size, true);
    })];

    // what is left between the ranges of all other columns
    private static void BindAllOther(TextLoader.Column[] columns, Segment[][] segments)
    {
        var others = columns.SelectMany((c, i) => c.Source.Select((range, j) => (Column: i, Range: j, range.AllOther))).Where(o => o.AllOther).ToArray();
        Contracts.CheckParam(others.Length <= 1, nameof(TextLoader.Range.AllOther), "At most one all other range can be specified");
        if (others.Length == 0)
            return;
        var (column, position, _) = others[0];
        var whole = segments[column][position];
        var left = new List<Segment>();
        int min = whole.Min;
        foreach (var taken in segments.SelectMany((s, i) => s.Where((_, j) => (i, j) != (column, position))).OrderBy(s => s.Min))
        {
            if (min < Math.Min(taken.Min, whole.End ?? int.MaxValue))
                left.Add(new(min, Math.Min(taken.Min, whole.End ?? int.MaxValue), true));
            min = Math.Max(min, taken.End ?? int.MaxValue);
        }
        if (min < (whole.End ?? int.MaxValue))
            left.Add(whole with { Min = min, ForceVector = true });
        Contracts.CheckParam(left.Count > 0, nameof(TextLoader.Range.AllOther), "No index is selected as all other indexes.");
        segments[column] = [.. segments[column][..position], .. left, .. segments[column][(position + 1)..]];
    }
}
