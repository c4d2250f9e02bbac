using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>A column of sequences, and the symbols that they are made of.</summary>
internal abstract class SequenceColumn(string name, DataViewType type)
{
    public static readonly ColumnRequirement Requirement = new(
        "a text, or a vector of keys or texts",
        "Make keys with MapValueToKey, or name another column.",
        column => column.Kind == SchemaShape.Column.VectorKind.Scalar ? column.ItemType is TextDataViewType && !column.IsKey : column.IsKey || column.ItemType is TextDataViewType);

    public string Name { get; } = name;

    public DataViewType Type { get; } = type;

    /// <summary>Symbols that were learnt.</summary>
    public abstract int Count { get; }

    /// <summary>A symbol that was learnt, as text, by its number from 0.</summary>
    public abstract string NameOf(int number);

    /// <summary>Makes the reader of a row's sequence, which writes the numbers of its symbols to a list.</summary>
    /// <param name="mostSymbols">So many are learnt; 0 for none.</param>
    public abstract Action<List<int>> CreateReader(DataViewRow row, int mostSymbols);

    /// <summary>The column again.</summary>
    /// <param name="draw">Gives the numbers of the symbols of a row.</param>
    public abstract SampleColumn ToSampleColumn(Func<long, IReadOnlyList<int>> draw);

    /// <summary>Symbols of a prefix.</summary>
    /// <exception cref="ArgumentException">One was not learnt, or it is a prefix of another kind of column.</exception>
    public abstract IReadOnlyList<int> Prefix(SequenceSampleOptions options);

    public void Check(DataViewSchema schema)
    {
        SchemaShapes.Require(SchemaShapes.Of(schema), Name, Requirement);
        var (own, other) = ((Type as VectorDataViewType)?.ItemType, (schema[Name].Type as VectorDataViewType)?.ItemType);
        if (own?.RawType != other?.RawType || (own as KeyDataViewType)?.Count != (other as KeyDataViewType)?.Count)
            throw new ArgumentException($"Column '{Name}' is {schema[Name].Type}; the chain was trained on {Type}. Convert it, or fit again.");
    }

    /// <exception cref="ArgumentException">The column is missing, or no column of sequences.</exception>
    public static SequenceColumn Find(DataViewSchema schema, MarkovChainOptions options)
    {
        SchemaShapes.Require(SchemaShapes.Of(schema), options.SequenceColumnName, Requirement);
        return Create(options, schema[options.SequenceColumnName].Type, []);
    }

    /// <param name="symbols">Those that were learnt; none of keys.</param>
    public static SequenceColumn Create(MarkovChainOptions options, DataViewType type, IReadOnlyList<string> symbols) => (type as VectorDataViewType)?.ItemType switch
    {
        KeyDataViewType key => (SequenceColumn)Activator.CreateInstance(typeof(KeySequences<>).MakeGenericType(key.RawType), options.SequenceColumnName, key)!,
        _ => new TextSequences(options.SequenceColumnName, type, options.TextUnit, symbols),
    };
}

/// <summary>Texts of characters or words, and vectors of texts.</summary>
internal sealed class TextSequences : SequenceColumn
{
    private readonly List<string> _symbols = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly TextUnit _unit;

    public TextSequences(string name, DataViewType type, TextUnit unit, IReadOnlyList<string> symbols)
        : base(name, type is VectorDataViewType ? new VectorDataViewType(TextDataViewType.Instance) : TextDataViewType.Instance)
    {
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        _unit = unit;
        foreach (string symbol in symbols) Learn(symbol);
    }

    public override int Count => _symbols.Count;

    public override string NameOf(int number) => _symbols[number];

    private bool IsVector => Type is VectorDataViewType;

    public override Action<List<int>> CreateReader(DataViewRow row, int mostSymbols)
    {
        if (IsVector)
        {
            var getter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(row.Schema[Name]);
            VBuffer<ReadOnlyMemory<char>> values = default;
            return sequence =>
            {
                getter(ref values);
                foreach (var value in values.DenseValues()) sequence.Add(NumberOf(value.Span, mostSymbols));
            };
        }
        var text = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[Name]);
        ReadOnlyMemory<char> current = default;
        return sequence =>
        {
            text(ref current);
            Split(current.Span, sequence, mostSymbols);
        };
    }

    private void Split(ReadOnlySpan<char> text, List<int> sequence, int mostSymbols)
    {
        if (_unit == TextUnit.Characters && !IsVector)
        {
            for (int i = 0; i < text.Length; i++) sequence.Add(NumberOf(text.Slice(i, 1), mostSymbols));
            return;
        }
        for (int start = 0; start < text.Length;)
        {
            if (char.IsWhiteSpace(text[start]))
            {
                start++;
                continue;
            }
            int end = start;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            sequence.Add(NumberOf(text[start..end], mostSymbols));
            start = end;
        }
    }

    private int NumberOf(ReadOnlySpan<char> symbol, int mostSymbols) =>
        _lookup.TryGetValue(symbol, out int number) ? number : _symbols.Count < mostSymbols ? Learn(symbol.ToString()) : Symbols.Unknown;

    private int Learn(string symbol)
    {
        _symbols.Add(symbol);
        return _numbers[symbol] = Symbols.FirstLearnt + _symbols.Count - 1;
    }

    public override IReadOnlyList<int> Prefix(SequenceSampleOptions options)
    {
        if (options.PrefixKeys is not null) throw new ArgumentException($"PrefixKeys is given, but column '{Name}' holds texts. Give Prefix.");
        var prefix = new List<int>();
        if (options.Prefix is { } text) Split(text, prefix, 0);
        return prefix;
    }

    public override SampleColumn ToSampleColumn(Func<long, IReadOnlyList<int>> draw) => new Samples(this, draw);

    private sealed class Samples(TextSequences column, Func<long, IReadOnlyList<int>> draw) : SampleColumn(column.Name, column.Type, null)
    {
        public override Delegate CreateGetter(FloatReader row, Func<long> position)
        {
            if (column.IsVector)
            {
                return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
                {
                    var drawn = draw(position());
                    var editor = VBufferEditor.Create(ref value, drawn.Count);
                    for (int i = 0; i < drawn.Count; i++) editor.Values[i] = TextOf(drawn[i]).AsMemory();
                    value = editor.Commit();
                });
            }
            string between = column._unit == TextUnit.Words ? " " : "";
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = string.Join(between, draw(position()).Select(TextOf)).AsMemory());
        }

        private string TextOf(int symbol) => symbol == Symbols.Unknown ? "\uFFFD" : column.NameOf(symbol - Symbols.FirstLearnt);
    }
}

/// <summary>Vectors of keys: the symbols are the values that the type can have.</summary>
internal sealed class KeySequences<T>(string name, KeyDataViewType key) : SequenceColumn(name, new VectorDataViewType(key)) where T : struct, IBinaryInteger<T>
{
    public override int Count => (int)Math.Min(key.Count, int.MaxValue / 2);

    public override string NameOf(int number) => (number + 1).ToString(CultureInfo.InvariantCulture);

    public override Action<List<int>> CreateReader(DataViewRow row, int mostSymbols)
    {
        var getter = row.GetGetter<VBuffer<T>>(row.Schema[Name]);
        VBuffer<T> values = default;
        return sequence =>
        {
            getter(ref values);
            foreach (var value in values.DenseValues()) sequence.Add(NumberOf(ulong.CreateTruncating(value)));
        };
    }

    private int NumberOf(ulong raw) => raw == 0 || raw > (ulong)Count ? Symbols.Unknown : Symbols.FirstLearnt + (int)raw - 1;

    public override IReadOnlyList<int> Prefix(SequenceSampleOptions options) => options.Prefix is null
        ? [.. (options.PrefixKeys ?? []).Select(raw => NumberOf(raw))]
        : throw new ArgumentException($"Prefix is given, but column '{Name}' holds keys. Give PrefixKeys.");

    public override SampleColumn ToSampleColumn(Func<long, IReadOnlyList<int>> draw) => new Samples(this, draw);

    private sealed class Samples(KeySequences<T> column, Func<long, IReadOnlyList<int>> draw) : SampleColumn(column.Name, column.Type, null)
    {
        public override Delegate CreateGetter(FloatReader row, Func<long> position) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            var drawn = draw(position());
            var editor = VBufferEditor.Create(ref value, drawn.Count);
            for (int i = 0; i < drawn.Count; i++) editor.Values[i] = drawn[i] == Symbols.Unknown ? T.Zero : T.CreateTruncating(drawn[i] - Symbols.FirstLearnt + 1);
            value = editor.Commit();
        });
    }
}
