using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>What a model file says of a column of a table: nothing of any single row.</summary>
/// <param name="Type">Type of its values, or of the numbers that its keys are stored as.</param>
/// <param name="KeyCount">How many keys there are; null if it is no key column.</param>
/// <param name="KeyValues">What the keys stand for, if that is known.</param>
/// <param name="Codes">Its tokens; of a vector, those of every slot.</param>
internal sealed record TableColumnDocument(string Type, ulong? KeyCount, KeyValues? KeyValues, IReadOnlyList<CodeDocument> Codes)
{
    private const string Vector = "Vector";

    public static TableColumnDocument Of(TableColumn column)
    {
        var key = column.Type as KeyDataViewType;
        return new TableColumnDocument(
            column is SlotsColumn ? Vector : ScalarType.Of(column.Type)!.Name, key?.Count, key is null ? null : KeyValues.Of(column.Annotations), [.. column.Codes.Select(code => code.ToDocument())]);
    }

    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public TableColumn ToColumn(string name, IReadOnlyList<string>? slotNames)
    {
        string what = $"column '{name}'";
        if (Codes.Any(code => code is null)) throw new InvalidDataException($"{what} has tokens that are null");
        if (Type == Vector) return ToVector(name, slotNames);
        if (slotNames is not null) throw new InvalidDataException($"{what} has names of slots but is no vector");
        if (Codes.Count != 1) throw new InvalidDataException($"{what} has the tokens of {Codes.Count} columns");
        var scalar = ScalarType.Named(Type, KeyCount is not null) ?? throw new InvalidDataException($"{what} is of type '{Type}'{(KeyCount is null ? "" : " with keys")}, which a table can't have");
        var type = KeyCount is { } count ? LabelDocument.KeyType(what, ValueKind.Named(Type), count) : scalar.Type!;
        return scalar.ToColumn(name, type, KeyValues?.ToAnnotations(what, KeyCount), Codes[0]);
    }

    private SlotsColumn ToVector(string name, IReadOnlyList<string>? slotNames)
    {
        if (KeyCount is not null || KeyValues is not null) throw new InvalidDataException($"column '{name}' is a vector with keys, which a table can't have");
        if (Codes.Count == 0) throw new InvalidDataException($"column '{name}' has 0 slots");
        if (slotNames is not null && (slotNames.Count != Codes.Count || slotNames.Any(slot => slot is null)))
            throw new InvalidDataException($"column '{name}' has {slotNames.Count(slot => slot is not null)} names for {Codes.Count} slots");
        var single = (ScalarType<float, float>)ScalarType.Of(NumberDataViewType.Single)!;
        return new SlotsColumn(name, slotNames is null ? null : SlotNames.ToAnnotations(slotNames), [.. Codes.Select((code, slot) => single.Domain.Load($"slot {slot} of column '{name}'", NumberDataViewType.Single, code))]);
    }
}
