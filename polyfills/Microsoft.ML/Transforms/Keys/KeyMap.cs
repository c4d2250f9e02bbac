using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Which value has which key: the first value has key 1, and 0 is for values that have none.</summary>
internal abstract class KeyMap
{
    public abstract int Count { get; }

    public abstract DataViewType ItemTypeOfValues { get; }

    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    /// <summary>Adds the values of the rows until there are so many different ones; adds up in the order of the rows.</summary>
    public abstract void Learn(DataViewRowCursor cursor, DataViewSchema.Column column, int limit);

    public abstract void Sort();

    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Says which value each key stands for; keys of keys stand for the values that those stand for.</summary>
    public abstract void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText);

    public abstract void Save(BinaryWriter writer);

    public static KeyMap Create(DataViewType itemType) => itemType switch
    {
        TextDataViewType => new TextKeyMap(),
        _ => GenericCalls.Call<KeyMap>(CreateTyped<int>, itemType.RawType, itemType),
    };

    public static KeyMap Load(BinaryReader reader)
    {
        var itemType = SchemaCodec.ReadType(reader);
        var map = Create(itemType);
        map.LoadValues(reader);
        return map;
    }

    protected abstract void LoadValues(BinaryReader reader);

    private static KeyMap CreateTyped<T>(DataViewType itemType) where T : IEquatable<T>, IComparable<T> => new ValueKeyMap<T>(itemType);
}

/// <summary>A map whose values are looked up as <typeparamref name="TValue"/>, which is what they are shown to be by columns or made from it.</summary>
internal abstract class KeyMap<TColumn, TValue> : KeyMap where TValue : notnull
{
    private Dictionary<TValue, uint> _keys = [];

    public override int Count => Values.Count;

    protected List<TValue> Values { get; private set; } = [];

    public sealed override DataViewType ItemTypeOfValues => ItemType;

    protected abstract DataViewType ItemType { get; }

    protected abstract bool IsMissing(in TColumn value);

    protected abstract TValue ToValue(in TColumn value);

    protected abstract TColumn ToColumn(TValue value);

    protected abstract int Compare(TValue a, TValue b);

    public override void Learn(DataViewRowCursor cursor, DataViewSchema.Column column, int limit)
    {
        if (column.Type is VectorDataViewType)
        {
            var getVector = cursor.GetGetter<VBuffer<TColumn>>(column);
            var vector = default(VBuffer<TColumn>);
            while (Count < limit && cursor.MoveNext())
            {
                getVector(ref vector);
                foreach (var item in vector.DenseValues())
                    if (Count < limit) Add(item);
            }
            return;
        }
        var getter = cursor.GetGetter<TColumn>(column);
        TColumn value = default;
        while (Count < limit && cursor.MoveNext())
        {
            getter(ref value);
            Add(value);
        }
    }

    public override void Sort()
    {
        Values.Sort(Compare);
        _keys = Values.Select((value, i) => (value, Key: (uint)i + 1)).ToDictionary(pair => pair.value, pair => pair.Key);
    }

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<TColumn>(column);
            TColumn value = default;
            return (ValueGetter<uint>)((ref uint key) =>
            {
                getter(ref value);
                key = Find(value);
            });
        }
        var getVector = row.GetGetter<VBuffer<TColumn>>(column);
        var source = default(VBuffer<TColumn>);
        uint ofDefault = Find(default);   // what the slots that a sparse vector leaves out become
        return (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> keys) =>
        {
            getVector(ref source);
            var values = source.GetValues();
            bool sparse = !source.IsDense && ofDefault == 0;
            var editor = VBufferEditor.Create(ref keys, source.Length, sparse ? values.Length : source.Length);
            var indices = source.GetIndices();
            if (sparse) indices.CopyTo(editor.Indices);
            else if (!source.IsDense) editor.Values.Fill(ofDefault);
            for (int i = 0; i < values.Length; i++)
                editor.Values[sparse || source.IsDense ? i : indices[i]] = Find(values[i]);
            keys = editor.Commit();
        });
    }

    public override void AddKeyValues(DataViewSchema.Annotations.Builder annotations, DataViewSchema.Column input, bool asText)
    {
        if (Count == 0) return;
        if (input.HasKeyValues())
        {
            var buffer = default(VBuffer<ReadOnlyMemory<char>>);
            input.GetKeyValues(ref buffer);
            ReadOnlyMemory<char>[] names = [.. buffer.DenseValues()];
            annotations.AddVector(ColumnAnnotations.KeyValues, TextDataViewType.Instance, [.. Values.Select(key => names[Convert.ToInt32(key) - 1])]);
        }
        else if (asText)
        {
            var toText = (Func<TColumn, ReadOnlyMemory<char>>)StandardConversions.Find(typeof(TColumn), typeof(ReadOnlyMemory<char>))
                ?? throw Contracts.Except($"Values of type {ItemType} have no text for their keys.");
            annotations.AddVector(ColumnAnnotations.KeyValues, TextDataViewType.Instance, [.. Values.Select(value => toText(ToColumn(value)))]);
        }
        else
            annotations.AddVector(ColumnAnnotations.KeyValues, (PrimitiveDataViewType)ItemType, [.. Values.Select(ToColumn)]);
    }

    public override void Save(BinaryWriter writer)
    {
        SchemaCodec.WriteType(writer, ItemType);
        writer.Write(Count);
        var write = PrimitiveCodec.Writer<TColumn>();
        foreach (var value in Values) write(writer, ToColumn(value));
    }

    protected override void LoadValues(BinaryReader reader)
    {
        var read = PrimitiveCodec.Reader<TColumn>();
        for (int i = reader.ReadCount(); i > 0; i--) Contracts.CheckDecode(Add(read(reader)), "A value has two keys.");
    }

    private bool Add(in TColumn value)
    {
        if (IsMissing(value) || !_keys.TryAdd(ToValue(value), (uint)Count + 1)) return false;
        Values.Add(ToValue(value));
        return true;
    }

    private uint Find(in TColumn value) => IsMissing(value) ? 0 : _keys.GetValueOrDefault(ToValue(value));
}

/// <summary>Keys of texts; the empty text has none.</summary>
internal sealed class TextKeyMap : KeyMap<ReadOnlyMemory<char>, string>
{
    protected override DataViewType ItemType => TextDataViewType.Instance;

    protected override bool IsMissing(in ReadOnlyMemory<char> value) => value.IsEmpty;

    protected override string ToValue(in ReadOnlyMemory<char> value) => value.ToString();

    protected override ReadOnlyMemory<char> ToColumn(string value) => value.AsMemory();

    protected override int Compare(string a, string b) => string.CompareOrdinal(a, b);
}

/// <summary>Keys of values of other types; NaN has none, nor has the missing key.</summary>
internal sealed class ValueKeyMap<T>(DataViewType itemType) : KeyMap<T, T> where T : IEquatable<T>, IComparable<T>
{
    protected override DataViewType ItemType => itemType;

    protected override bool IsMissing(in T value) => value is float.NaN or double.NaN || itemType is KeyDataViewType && value.Equals(default);

    protected override T ToValue(in T value) => value;

    protected override T ToColumn(T value) => value;

    protected override int Compare(T a, T b) => a.CompareTo(b);
}
