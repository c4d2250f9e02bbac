using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A label column that a model is conditioned on: its values, numbered from 0 in order of first appearance.</summary>
internal abstract class LabelColumn(string name, DataViewType type, DataViewSchema.Annotations? annotations)
{
    /// <summary>Stands for the number of a label that is not there.</summary>
    public const int None = -1;

    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    /// <summary>Annotations of the column in training, such as the values behind its keys.</summary>
    public DataViewSchema.Annotations? Annotations { get; } = annotations;

    /// <summary>How many different values there are.</summary>
    public abstract int Count { get; }

    /// <summary>A value as an object: raw from 1 for a key, a string for a text.</summary>
    public abstract object ValueOf(int number);

    /// <summary>All values as text, in order: they go into the model file.</summary>
    public IReadOnlyList<string> ValuesAsText => Enumerable.Range(0, Count).Select(i => Convert.ToString(ValueOf(i), CultureInfo.InvariantCulture)!).ToList();

    /// <summary>Number of a value that a user gives.</summary>
    /// <exception cref="ArgumentException">It was not in the training rows.</exception>
    public int NumberOf(object value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        var values = ValuesAsText;
        for (int i = 0; i < values.Count; i++)
            if (values[i] == text) return i;
        throw new ArgumentException($"Label {text} was not in column '{Name}' when the model was trained; there were {string.Join(", ", values)}.");
    }

    /// <summary>Makes a reader of the current row's label, which gives its number.</summary>
    /// <param name="learn">Whether a new value gets the next number (in training) or is an error.</param>
    /// <param name="optional">Whether a value that is missing or unknown is no error but gives <see cref="None"/>.</param>
    public abstract Func<int> CreateReader(DataViewRow row, bool learn, bool optional = false);

    /// <summary>The column again, from the number of the label at <paramref name="offset"/> in a drawn row.</summary>
    public abstract SampleColumn ToSampleColumn(int offset);

    public void Check(DataViewSchema schema)
    {
        var type = Find(schema, Name).Type;
        if (!type.RawType.Equals(Type.RawType))
            throw new ArgumentException($"Label column '{Name}' is {type}; the model was trained on {Type}. Convert it, or fit the pipeline again.");
    }

    /// <summary>Finds a label column in the schema of the rows to learn from.</summary>
    public static LabelColumn Create(DataViewSchema schema, string name) => Create(name, Find(schema, name).Type, [], Find(schema, name).Annotations);

    /// <summary>Makes a label column again from what a model file says of it.</summary>
    public static LabelColumn Create(string name, DataViewType type, IReadOnlyList<string> values, DataViewSchema.Annotations? annotations) => type switch
    {
        TextDataViewType => new TextLabel(name, type, values, annotations),
        KeyDataViewType or NumberDataViewType or BooleanDataViewType =>
            (LabelColumn)Activator.CreateInstance(typeof(ValueLabel<>).MakeGenericType(type.RawType), name, type, values, annotations)!,
        _ => throw new ArgumentException($"Label column '{name}' is {type}; it must be a key, a Boolean, a text or a number."),
    };

    private static DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name)
        ?? throw new ArgumentException($"Label column '{name}' is not there; the columns are {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}.");

    [DoesNotReturn]
    private protected int Unknown(object value) =>
        throw new ArgumentException($"Label {value} in column '{Name}' was not there when the model was trained; there were {string.Join(", ", ValuesAsText)}.");

    [DoesNotReturn]
    private protected int Missing(long position) =>
        throw new ArgumentException($"Label column '{Name}' has no value in row {position}. Remove such rows, or give them a label.");
}

/// <summary>Keys, Booleans and numbers.</summary>
internal sealed class ValueLabel<T> : LabelColumn where T : struct, IConvertible
{
    private readonly List<T> _values = [];
    private readonly Dictionary<T, int> _numbers = [];

    public ValueLabel(string name, DataViewType type, IReadOnlyList<string> values, DataViewSchema.Annotations? annotations) : base(name, type, annotations)
    {
        foreach (string value in values) Add((T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture));
    }

    public override int Count => _values.Count;

    public override object ValueOf(int number) => _values[number];

    public override SampleColumn ToSampleColumn(int offset) => new ChoiceSampleColumn<T>(Name, Type, [.. _values], offset, Annotations);

    public override Func<int> CreateReader(DataViewRow row, bool learn, bool optional)
    {
        var getter = row.GetGetter<T>(row.Schema[Name]);
        bool isKey = Type is KeyDataViewType;
        return () =>
        {
            T value = default;
            getter(ref value);
            if (isKey ? value.Equals(default(T)) : value is float.NaN or double.NaN) return optional ? None : Missing(row.Position);
            return _numbers.TryGetValue(value, out int number) ? number : learn ? Add(value) : optional ? None : Unknown(value);
        };
    }

    private int Add(T value)
    {
        _values.Add(value);
        return _numbers[value] = _values.Count - 1;
    }
}

internal sealed class TextLabel : LabelColumn
{
    private readonly List<string> _values = [];
    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public TextLabel(string name, DataViewType type, IReadOnlyList<string> values, DataViewSchema.Annotations? annotations) : base(name, type, annotations)
    {
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string value in values) Add(value);
    }

    public override int Count => _values.Count;

    public override object ValueOf(int number) => _values[number];

    public override SampleColumn ToSampleColumn(int offset) =>
        new ChoiceSampleColumn<ReadOnlyMemory<char>>(Name, Type, _values.Select(v => v.AsMemory()).ToArray(), offset, Annotations);

    public override Func<int> CreateReader(DataViewRow row, bool learn, bool optional)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[Name]);
        ReadOnlyMemory<char> value = default;
        return () =>
        {
            getter(ref value);
            if (value.IsEmpty) return optional ? None : Missing(row.Position);
            return _lookup.TryGetValue(value.Span, out int number) ? number : learn ? Add(value.ToString()) : optional ? None : Unknown(value);
        };
    }

    private int Add(string value)
    {
        _values.Add(value);
        return _numbers[value] = _values.Count - 1;
    }
}
