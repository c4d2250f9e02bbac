using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Trained chains and the files that hold them.</summary>
internal static class ChainPersistence
{
    public const string ModelName = "markov-chain";

    // floats hold whole numbers up to it
    private const int MostWhole = 1 << 24;

    public static void Save(MarkovChainModel model, string path)
    {
        using var scope = NewDisposeScope();
        ModelFile.Write(path, Describe(model), Tensors(model.Trie));
    }

    public static void Save(MarkovChainModel model, Stream stream)
    {
        using var scope = NewDisposeScope();
        ModelFile.Write(stream, Describe(model), Tensors(model.Trie));
    }

    private static ModelDocument Describe(MarkovChainModel model)
    {
        var item = (model.Column.Type as VectorDataViewType)?.ItemType;
        var input = new ChainInput(item is KeyDataViewType key ? $"{key.RawType.Name}:{key.Count}" : item is null ? "Text" : "Texts", item is KeyDataViewType ? [] : [.. Enumerable.Range(0, model.Column.Count).Select(number => SymbolText.Escaped(model.Column.NameOf(number)))]);
        var fit = new ChainFitDocument(model.Fit, [.. model.Trie.Levels.Select(level => level.Count)], [.. model.Trie.Levels.Select(level => level.Follower.Length)]);
        return new ModelDocument(ModelName, ModelJson.ToElement(model.Options), ModelJson.ToElement(input), ModelJson.ToElement(fit))
        {
            TrainingDataFingerprint = model.Fingerprint.ToString("x16", CultureInfo.InvariantCulture),
        };
    }

    private static IEnumerable<(string, Tensor)> Tensors(ContextTrie trie)
    {
        for (int length = 0; length < trie.Levels.Count; length++)
        {
            var level = trie.Levels[length];
            yield return Floats("symbol", level.Symbol.Select(s => (float)s));
            yield return Floats("children", Lengths(level.FirstChild));
            yield return Floats("followers", Lengths(level.FirstFollower));
            yield return Floats("backOff", level.BackOff);
            yield return Floats("follower", level.Follower.Select(s => (float)s));
            yield return Floats("share", level.Share);

            (string, Tensor) Floats(string name, IEnumerable<float> values) => ($"level.{length}.{name}", tensor(values.ToArray()));
        }

        static IEnumerable<float> Lengths(int[] starts) => starts.Zip(starts.Skip(1), (start, end) => (float)(end - start));
    }

    /// <exception cref="InvalidDataException">The file says what cannot be, or what does not go together; the message names it.</exception>
    public static MarkovChainModel Load(ModelFile file)
    {
        if (file.Document.Model != ModelName) throw Unusable(file, $"it holds a model of kind '{file.Document.Model}'; mlContext.Generative.Load reads it");
        try
        {
            var options = ModelJson.Read<MarkovChainOptions>(file.Document.Options);
            options.Validate();
            var input = ModelJson.Read<ChainInput>(file.Document.Input);
            var document = ModelJson.Read<ChainFitDocument>(file.Document.Fit);
            var column = SequenceColumn.Create(options, input.ToType(), [.. input.Symbols.Select(SymbolText.Unescaped)]);
            if (input.Symbols.Distinct(StringComparer.Ordinal).Count() != input.Symbols.Count) throw new InvalidDataException("it has a symbol twice");
            if (document.Contexts.Length is 0 or > 21 || document.Followers.Length != document.Contexts.Length || document.Contexts[0] != 1) throw new InvalidDataException("it has no levels of contexts that go together");
            if (!float.IsFinite(document.Fit.Threshold)) throw new InvalidDataException("its threshold is not a number");
            var levels = document.Contexts.Select((count, length) => Level(file, length, count, document.Followers[length],
                length + 1 < document.Contexts.Length ? document.Contexts[length + 1] : 0, Symbols.FirstLearnt + column.Count, options.HasEnds)).ToList();
            _ = long.TryParse(file.Document.TrainingDataFingerprint, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long fingerprint);
            return new MarkovChainModel(options, column, new ContextTrie(levels, column.Count + (options.HasEnds ? 2 : 1)), document.Fit, fingerprint);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidDataException && !e.Message.Contains(file.Source, StringComparison.Ordinal))
        {
            throw Unusable(file, ModelJson.Reason(e), e);
        }
    }

    private static InvalidDataException Unusable(ModelFile file, string reason, Exception? cause = null) => new($"The model of {file.Source} cannot be used: {reason.TrimEnd('.')}.", cause);

    private static ContextLevel Level(ModelFile file, int length, int count, int followers, int next, int numbers, bool hasEnds)
    {
        float[] Floats(string name, int size)
        {
            float[] values = file.Require($"level.{length}.{name}", size).data<float>().ToArray();
            int wrong = Array.FindIndex(values, value => !(value >= 0 && value <= MostWhole));
            if (wrong >= 0) throw new InvalidDataException(FormattableString.Invariant($"tensor 'level.{length}.{name}' holds {values[wrong]}"));
            return values;
        }

        int[] symbol = Whole(Floats("symbol", count)), firstChild = Starts("children", next), firstFollower = Starts("followers", followers), follower = Whole(Floats("follower", followers));
        float[] backOff = Floats("backOff", count), share = Floats("share", followers);
        for (int c = 0; c < count; c++)
        {
            double sum = backOff[c];
            for (int i = firstFollower[c]; i < firstFollower[c + 1]; i++)
            {
                sum += share[i];
                bool isFirst = i == firstFollower[c];
                if (follower[i] >= numbers || follower[i] == Symbols.Start || (follower[i] == Symbols.End && !hasEnds) || (!isFirst && follower[i] <= follower[i - 1]))
                    throw new InvalidDataException($"level {length} has followers that there are not, or not in order");
            }
            if (Math.Abs(sum - 1) > 1e-3) throw new InvalidDataException(FormattableString.Invariant($"chances of level {length} add up to {sum}"));
            if (symbol[c] >= numbers) throw new InvalidDataException($"level {length} has contexts of symbols that there are not");
        }
        return new ContextLevel(symbol, firstChild, firstFollower, backOff, follower, share);

        int[] Starts(string name, int total)
        {
            var starts = new int[count + 1];
            float[] lengths = Floats(name, count);
            for (int i = 0; i < count; i++) starts[i + 1] = (int)Math.Min(int.MaxValue, starts[i] + (long)lengths[i]);
            return starts[count] == total ? starts : throw new InvalidDataException($"tensor 'level.{length}.{name}' adds up to {starts[count]} instead of {total}");
        }
    }

    private static int[] Whole(float[] values) => [.. values.Select(value => (int)value)];
}

/// <summary>Symbols as text that JSON can hold: a character of a pair (a surrogate) is no text by itself.</summary>
internal static class SymbolText
{
    public static string Escaped(string symbol) => string.Concat(symbol.Select((c, i) =>
        c == '\\' ? "\\\\" : char.IsSurrogate(c) && !IsOfPair(symbol, i) ? $"\\u{(int)c:X4}" : c.ToString()));

    private static bool IsOfPair(string text, int i) => (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));

    /// <exception cref="InvalidDataException">It is no escaped text.</exception>
    public static string Unescaped(string text)
    {
        var result = new System.Text.StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') result.Append(text[i]);
            else if (i + 1 < text.Length && text[i + 1] == '\\') result.Append(text[++i]);
            else if (i + 5 < text.Length && text[i + 1] == 'u' && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                result.Append((char)code);
                i += 5;
            }
            else throw new InvalidDataException($"the symbol '{text}' has an escape that there is not");
        }
        return result.ToString();
    }
}

/// <summary>The column of sequences in a model file.</summary>
/// <param name="Type"><c>Text</c>, <c>Texts</c> for a vector of them, or the raw type and the count of keys: <c>UInt32:5</c>.</param>
/// <param name="Symbols">Those that were learnt; none of keys.</param>
internal sealed record ChainInput(string Type, IReadOnlyList<string> Symbols)
{
    /// <exception cref="InvalidDataException">There is no such type.</exception>
    public DataViewType ToType()
    {
        if (Type is "Text") return TextDataViewType.Instance;
        if (Type is "Texts") return new VectorDataViewType(TextDataViewType.Instance);
        var raw = Type.Split(':')[0] switch { "Byte" => typeof(byte), "UInt16" => typeof(ushort), "UInt32" => typeof(uint), "UInt64" => typeof(ulong), _ => null };
        if (raw is null || !ulong.TryParse(Type[(Type.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture, out ulong count) || count is 0 or > 1 << 20)
            throw new InvalidDataException($"its column is of the type '{Type}'");
        return new VectorDataViewType(new KeyDataViewType(raw, count));
    }
}

/// <summary>The fit in a model file.</summary>
/// <param name="Contexts">How many contexts there are, by their length.</param>
/// <param name="Followers">How many symbols follow them.</param>
internal sealed record ChainFitDocument(ChainFit Fit, int[] Contexts, int[] Followers);
