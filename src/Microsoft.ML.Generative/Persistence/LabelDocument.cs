using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>What a model file says of the column of the label.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Type of its values, or of the numbers that its keys are stored as.</param>
/// <param name="KeyCount">How many keys there are; null if it is no key column.</param>
/// <param name="Values">The labels in the order of their numbers, as text.</param>
/// <param name="KeyValues">What the keys stand for, if that is known.</param>
internal sealed record LabelDocument(string Name, string Type, ulong? KeyCount, IReadOnlyList<string> Values, KeyValues? KeyValues)
{
    public static LabelDocument Of(LabelColumn label)
    {
        var key = label.Type as KeyDataViewType;
        var kind = key is null ? ValueKind.Of(label.Type) : ValueKind.OfKeys(key);
        return new LabelDocument(label.Name, kind!.Name, key?.Count, label.ValuesAsText, key is null ? null : KeyValues.Of(label.Annotations));
    }

    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public LabelColumn ToColumn()
    {
        if (Name.Length == 0) throw new InvalidDataException("its label column has no name");
        var kind = ValueKind.Named(Type);
        var type = KeyCount is { } count ? KeyType(What, kind, count) : kind.Type;
        if (Values.Count < 2) throw new InvalidDataException($"label column '{Name}' has {Values.Count} values instead of 2 or more");
        foreach (string? value in Values)
        {
            if (string.IsNullOrEmpty(value) || !kind.CanBe(value)) throw new InvalidDataException($"label column '{Name}' has the value '{value}', which is no {Type}");
            if (KeyCount is not null && ulong.Parse(value, CultureInfo.InvariantCulture) is var key && (key < 1 || key > KeyCount))
                throw new InvalidDataException($"label column '{Name}' has the key {value}; its keys are 1 to {KeyCount}");
        }
        var column = LabelColumn.Create(Name, type, Values, KeyValues?.ToAnnotations(What, KeyCount));
        if (column.ValuesAsText.GroupBy(value => value).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"label column '{Name}' has the value '{twice.Key}' twice");
        return column;
    }

    private string What => $"label column '{Name}'";

    /// <summary>The type of keys that are stored as numbers of a kind.</summary>
    /// <param name="what">Which column has it, for messages.</param>
    /// <exception cref="InvalidDataException">There is no such type.</exception>
    public static KeyDataViewType KeyType(string what, ValueKind kind, ulong count)
    {
        ulong most = kind.Type.RawType switch
        {
            var raw when raw == typeof(byte) => byte.MaxValue,
            var raw when raw == typeof(ushort) => ushort.MaxValue,
            var raw when raw == typeof(uint) => uint.MaxValue,
            var raw when raw == typeof(ulong) => ulong.MaxValue,
            _ => throw new InvalidDataException($"{what} has keys of type {kind.Name}; Byte, UInt16, UInt32 and UInt64 can be keys"),
        };
        if (count < 1 || count > most) throw new InvalidDataException($"{what} has {count} keys of type {kind.Name}; there can be 1 to {most}");
        return new KeyDataViewType(kind.Type.RawType, count);
    }
}

/// <summary>The values behind the keys of a column: its annotation <c>KeyValues</c>.</summary>
internal sealed record KeyValues(string Type, IReadOnlyList<string> Values)
{
    private const string Annotation = "KeyValues";

    /// <summary>Null if there are none, or they are of a type that single values cannot have.</summary>
    public static KeyValues? Of(DataViewSchema.Annotations? annotations) =>
        annotations?.Schema.GetColumnOrNull(Annotation)?.Type is VectorDataViewType { ItemType: var item } && ValueKind.Of(item) is { } kind
            ? new KeyValues(kind.Name, kind.Read(annotations, Annotation))
            : null;

    /// <summary>Checks that keys stand for what they stood for in training, as far as both are known: keys are numbers, and another dictionary gives the values each other's names.</summary>
    /// <param name="what">Which column has them, for messages.</param>
    /// <exception cref="ArgumentException">One stands for another value.</exception>
    public static void CheckSame(string what, DataViewSchema.Annotations? trained, DataViewSchema.Annotations? given)
    {
        if (ReferenceEquals(trained, given) || Of(trained)?.Values is not { } before || Of(given)?.Values is not { } now) return;
        int key = before.Zip(now).TakeWhile(values => values.First == values.Second).Count();
        if (key >= Math.Min(before.Count, now.Count)) return;
        throw new ArgumentException($"Key {key + 1} of {what} stands for '{now[key]}'; when the model was trained it stood for '{before[key]}'. "
            + "Map values to keys with the transformer of that time, or with MapValueToKey and its keyData.");
    }

    /// <param name="what">Which column has them, for messages.</param>
    /// <exception cref="InvalidDataException">They are no values of their type, or not one for each key.</exception>
    public DataViewSchema.Annotations ToAnnotations(string what, ulong? keyCount)
    {
        var kind = ValueKind.Named(Type);
        if (keyCount is null) throw new InvalidDataException($"{what} has values for keys but is no key column");
        if ((ulong)Values.Count != keyCount) throw new InvalidDataException($"{what} has {Values.Count} values for {keyCount} keys");
        foreach (string? value in Values)
            if (value is null || !kind.CanBe(value)) throw new InvalidDataException($"{what} has the key value '{value}', which is no {Type}");
        var builder = new DataViewSchema.Annotations.Builder();
        kind.Add(builder, Annotation, Values);
        return builder.ToAnnotations();
    }
}
