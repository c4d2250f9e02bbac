using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The numbers of categories by their names, the same for all tables that are read together.</summary>
internal sealed class Categories
{
    private readonly Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    public IReadOnlyList<string> Names => _names;

    public int CodeOf(ReadOnlySpan<char> name)
    {
        var codes = _codes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (codes.TryGetValue(name, out int code)) return code;
        _names.Add(name.ToString());
        return _codes[_names[^1]] = _names.Count - 1;
    }
}

/// <summary>Collects a column of a view while a cursor goes over it.</summary>
/// <param name="ReadRow">Takes the value of the current row.</param>
/// <param name="Columns">What was read: a column, or one for each slot of a vector.</param>
internal sealed record ComparedColumnReader(Action ReadRow, Func<IEnumerable<ComparedColumn>> Columns)
{
    /// <exception cref="ArgumentException">The column is of another type than texts, keys, Booleans, numbers, dates, or vectors of numbers of known size.</exception>
    public static ComparedColumnReader Create(DataViewRow row, DataViewSchema.Column column, Categories categories) => column.Type switch
    {
        KeyDataViewType => OfCategories(column.Name, categories, KeyCode(row, column, categories)),
        TextDataViewType => OfCategories(column.Name, categories, Read(row, column, (ReadOnlyMemory<char> text) => categories.CodeOf(text.Span))),
        BooleanDataViewType => OfCategories(column.Name, categories, Read(row, column, (bool value) => categories.CodeOf(value ? bool.TrueString : bool.FalseString))),
        VectorDataViewType { IsKnownSize: true } vector when vector.ItemType.RawType == typeof(float) => OfSlots(row, column, vector.Size),
        var type => OfNumbers(column.Name, Number(row, column, type.RawType) ?? throw new ArgumentException(
            $"Column '{column.Name}' is {type}; texts, keys, Booleans, numbers, dates and Vector<Single> of known size can be compared. Leave it out with DropColumns.")),
    };

    private static ComparedColumnReader OfCategories(string name, Categories categories, Func<int> read)
    {
        var codes = new List<int>();
        return new(() => codes.Add(read()), () => [new CategoryColumn(name, [.. codes], categories.Names)]);
    }

    private static ComparedColumnReader OfNumbers(string name, Func<double> read)
    {
        var values = new List<double>();
        return new(() => values.Add(read()), () => [new NumberColumn(name, [.. values])]);
    }

    private static ComparedColumnReader OfSlots(DataViewRow row, DataViewSchema.Column column, int size)
    {
        var getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> vector = default;
        var slots = Enumerable.Range(0, size).Select(_ => new List<double>()).ToList();
        return new(
            () =>
            {
                getter(ref vector);
                int slot = 0;
                foreach (float value in vector.DenseValues()) slots[slot++].Add(value);
            },
            () => slots.Select((values, i) => new NumberColumn($"{column.Name}[{i}]", [.. values])));
    }

    private static Func<int> KeyCode(DataViewRow row, DataViewSchema.Column column, Categories categories)
    {
        var codes = new Dictionary<ulong, int> { [0] = categories.CodeOf("") };   // 0 is the missing key
        var read = ReadInteger(row, column) ?? throw new ArgumentException($"Column '{column.Name}' is {column.Type}, which is no type of a key.");
        return () =>
        {
            ulong key = read();
            if (!codes.TryGetValue(key, out int code)) codes[key] = code = categories.CodeOf(LabelNames.Of(column, key));
            return code;
        };
    }

    private static Func<ulong>? ReadInteger(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(byte) => Read(row, column, (byte value) => (ulong)value),
        var type when type == typeof(ushort) => Read(row, column, (ushort value) => (ulong)value),
        var type when type == typeof(uint) => Read(row, column, (uint value) => (ulong)value),
        var type when type == typeof(ulong) => Read(row, column, (ulong value) => value),
        _ => null,
    };

    private static Func<double>? Number(DataViewRow row, DataViewSchema.Column column, Type type) => type switch
    {
        _ when type == typeof(float) => Read(row, column, (float value) => (double)value),
        _ when type == typeof(double) => Read(row, column, (double value) => value),
        _ when type == typeof(sbyte) => Read(row, column, (sbyte value) => (double)value),
        _ when type == typeof(short) => Read(row, column, (short value) => (double)value),
        _ when type == typeof(int) => Read(row, column, (int value) => (double)value),
        _ when type == typeof(long) => Read(row, column, (long value) => (double)value),
        _ when type == typeof(DateTime) => Read(row, column, (DateTime value) => value.Ticks / (double)TimeSpan.TicksPerDay),
        _ when type == typeof(DateTimeOffset) => Read(row, column, (DateTimeOffset value) => value.UtcTicks / (double)TimeSpan.TicksPerDay),
        _ when type == typeof(TimeSpan) => Read(row, column, (TimeSpan value) => value.TotalDays),
        _ => ReadInteger(row, column) is { } read ? () => read() : null,
    };

    private static Func<TResult> Read<T, TResult>(DataViewRow row, DataViewSchema.Column column, Func<T, TResult> convert)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }
}
