using Microsoft.ML;
using Microsoft.ML.Data;

namespace Csv;

/// <summary>A column of a table with the type found in its fields, and the way in which they are written.</summary>
public abstract class TableColumn(string name, string kind, DataViewType type, IReadOnlyList<bool> isHole, string hole)
{
    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase) { "", "NA", "N/A", "NaN", "null", "?" };

    private static readonly (string True, string False)[] Booleans = [("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f")];

    public string Name { get; } = name;

    /// <summary>In words, for people.</summary>
    public string Kind { get; } = kind;

    public DataViewType Type { get; } = type;

    /// <summary>How numbers and dates are written; null for texts and Booleans.</summary>
    public FieldFormat? Format { get; private init; }

    /// <summary>Where a value is missing: empty, or NA, N/A, NaN, null or ?.</summary>
    public IReadOnlyList<bool> IsHole { get; } = isHole;

    /// <summary>How a missing value is written: as most of them are in the file.</summary>
    public string Hole { get; } = hole;

    /// <summary>Finds the type that all fields have. Whole numbers with holes are Double, dates with holes the Double number of days or seconds, Booleans with holes texts, since these types
    /// of ML.NET have no missing value.</summary>
    public static TableColumn Of(string name, IReadOnlyList<string> fields)
    {
        bool[] isHole = [.. fields.Select(field => Missing.Contains(field.Trim()))];
        bool anyHole = isHole.Contains(true);
        string hole = anyHole ? fields.Where((_, i) => isHole[i]).CountBy(field => field).MaxBy(count => count.Value).Key : "";
        var texts = fields.Where((_, i) => !isHole[i]).ToHashSet();
        if (texts.Count == 2 && !anyHole && Spelling(texts) is { } spelling)
            return new TableColumn<bool>(name, "Boolean", BooleanDataViewType.Instance, isHole, hole, [.. fields.Select(field => field == spelling.True)],
                value => value ? spelling.True : spelling.False);

        var trimmed = texts.Select(text => text.Trim()).ToHashSet();
        if (FieldFormat.Of(trimmed) is not { } format)
            return new TableColumn<ReadOnlyMemory<char>>(name, texts.Count == 0 ? "empty" : "text", TextDataViewType.Instance, isHole, hole,
                [.. fields.Select((field, i) => isHole[i] ? default : field.AsMemory())], text => text.IsEmpty ? hole : text.ToString());

        double[] values = [.. fields.Select((field, i) => isHole[i] ? double.NaN : format.Parse(field.Trim())!.Value)];
        if (format.IsWhole && !anyHole)
            return new TableColumn<long>(name, format.Name, NumberDataViewType.Int64, isHole, hole, Array.ConvertAll(values, value => (long)value), value => format.Write(value)) { Format = format };
        if (format.IsDate && !anyHole)
            return new TableColumn<DateTime>(name, format.Name, DateTimeDataViewType.Instance, isHole, hole, Array.ConvertAll(values, value => new DateTime(format.TicksOf(value))),
                value => format.Write(format.DateOf(value.Ticks))) { Format = format };
        return new TableColumn<double>(name, format.Name, NumberDataViewType.Double, isHole, hole, values, value => double.IsNaN(value) ? hole : format.Write(value)) { Format = format };
    }

    /// <summary>The values of some rows, for a cursor that stands at one after the other.</summary>
    internal abstract Delegate CreateGetter(Func<int> row);

    /// <summary>What reads this column of any view and writes it as the file does.</summary>
    public abstract Func<string> CreateWriter(DataViewRow row);

    private static (string True, string False)? Spelling(HashSet<string> texts)
    {
        foreach (var (yes, no) in Booleans)
        {
            string? first = texts.FirstOrDefault(text => text.Equals(yes, StringComparison.OrdinalIgnoreCase)), second = texts.FirstOrDefault(text => text.Equals(no, StringComparison.OrdinalIgnoreCase));
            if (first is not null && second is not null) return (first, second);
        }
        return null;
    }
}

internal sealed class TableColumn<T>(string name, string kind, DataViewType type, bool[] isHole, string hole, T[] values, Func<T, string> write) : TableColumn(name, kind, type, isHole, hole)
{
    internal override Delegate CreateGetter(Func<int> row) => (ValueGetter<T>)((ref T value) => value = values[row()]);

    public override Func<string> CreateWriter(DataViewRow row)
    {
        var getter = row.GetGetter<T>(row.Schema[Name]);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return write(value);
        };
    }
}
