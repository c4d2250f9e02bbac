using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>A type that the single values of a column can have: its name in a model file, and its values as text. The list is closed, so that no file
/// names a type to be made.</summary>
internal abstract class ValueKind(string name, PrimitiveDataViewType type)
{
    private static readonly ValueKind[] All =
    [
        new TextKind(),
        new ParsedKind<bool>(BooleanDataViewType.Instance),
        new ParsedKind<float>(NumberDataViewType.Single),
        new ParsedKind<double>(NumberDataViewType.Double),
        new ParsedKind<sbyte>(NumberDataViewType.SByte),
        new ParsedKind<byte>(NumberDataViewType.Byte),
        new ParsedKind<short>(NumberDataViewType.Int16),
        new ParsedKind<ushort>(NumberDataViewType.UInt16),
        new ParsedKind<int>(NumberDataViewType.Int32),
        new ParsedKind<uint>(NumberDataViewType.UInt32),
        new ParsedKind<long>(NumberDataViewType.Int64),
        new ParsedKind<ulong>(NumberDataViewType.UInt64),
    ];

    public string Name { get; } = name;

    public PrimitiveDataViewType Type { get; } = type;

    /// <summary>The kind of a type; null if it is none of the list.</summary>
    public static ValueKind? Of(DataViewType type) => All.FirstOrDefault(kind => kind.Type.Equals(type));

    /// <summary>The kind of the numbers that keys are stored as.</summary>
    public static ValueKind OfKeys(KeyDataViewType type) => All.First(kind => kind.Type.RawType == type.RawType);

    /// <exception cref="InvalidDataException">There is no such kind.</exception>
    public static ValueKind Named(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new InvalidDataException($"there is no type '{name}'; there are {string.Join(", ", All.Select(kind => kind.Name))}");

    /// <summary>Whether a text is a value of this kind.</summary>
    public abstract bool CanBe(string text);

    /// <summary>Reads an annotation that is a vector of this kind.</summary>
    public abstract IReadOnlyList<string> Read(DataViewSchema.Annotations annotations, string annotation);

    /// <summary>Adds an annotation that is a vector of this kind.</summary>
    public abstract void Add(DataViewSchema.Annotations.Builder annotations, string annotation, IReadOnlyList<string> values);
}

internal abstract class ValueKind<T>(string name, PrimitiveDataViewType type) : ValueKind(name, type)
{
    protected abstract T Parse(string text);

    public override IReadOnlyList<string> Read(DataViewSchema.Annotations annotations, string annotation)
    {
        VBuffer<T> values = default;
        annotations.GetValue(annotation, ref values);
        return values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)!).ToList();
    }

    public override void Add(DataViewSchema.Annotations.Builder annotations, string annotation, IReadOnlyList<string> values)
    {
        var vector = new VBuffer<T>(values.Count, values.Select(Parse).ToArray());
        annotations.Add(annotation, new VectorDataViewType(Type, values.Count), (ref VBuffer<T> value) => vector.CopyTo(ref value));
    }
}

/// <summary>Booleans and numbers.</summary>
internal sealed class ParsedKind<T>(PrimitiveDataViewType type) : ValueKind<T>(typeof(T).Name, type) where T : IParsable<T>
{
    public override bool CanBe(string text) => T.TryParse(text, CultureInfo.InvariantCulture, out _);

    protected override T Parse(string text) => T.Parse(text, CultureInfo.InvariantCulture);
}

internal sealed class TextKind() : ValueKind<ReadOnlyMemory<char>>("Text", TextDataViewType.Instance)
{
    public override bool CanBe(string text) => true;

    protected override ReadOnlyMemory<char> Parse(string text) => text.AsMemory();
}
