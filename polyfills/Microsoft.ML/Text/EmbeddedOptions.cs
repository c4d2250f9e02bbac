using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// What a text file says of itself in comments that start with #@, such as <c>TextLoader{ header+ sep=tab col=Label:BL:0 col=Features:R4:1-4 }</c>:
/// so a file that was saved with its schema loads without options.
/// </summary>
internal static class EmbeddedOptions
{
    private static readonly (string Name, char Separator)[] Separators = [("tab", '\t'), ("space", ' '), ("comma", ','), ("semicolon", ';'), ("bar", '|'), ("colon", ':')];

    private static readonly string[] Kinds = ["", "I1", "U1", "I2", "U2", "I4", "U4", "I8", "U8", "R4", "R8", "TX", "BL", "TS", "DT", "DZ"];

    /// <summary>The options in the file, or null where there are none or others are given too.</summary>
    public static TextLoader.Options Read(IHostEnvironment env, IMultiStreamSource source, TextLoader.Options given)
    {
        string text = source.Count == 0 ? "" : ReadComments(source);
        if (text.Length == 0)
            return null;
        var defaults = TextFormat.Of(new());
        if (TextFormat.Of(given) with { MaxRows = defaults.MaxRows, Separators = defaults.Separators } != defaults || given.Separators is not ['\t'])
        {
            using var channel = env.Register("TextLoader").Start("Parsing options from file");
            channel.Warning(MessageSensitivity.None, "Arguments cannot be embedded in the file and in the command line. The embedded arguments will be ignored");
            return null;
        }
        int open = text.IndexOf('{');
        if (open < 0 || text[..open].Trim() is not ("TextLoader" or "Text") || !text.EndsWith('}'))
            throw Faulty(text);
        var options = new TextLoader.Options { UseThreads = given.UseThreads, HeaderFile = given.HeaderFile, MaxRows = given.MaxRows };
        var columns = new List<TextLoader.Column>();
        foreach (string setting in Settings(text[(open + 1)..^1]))
            Apply(setting, options, columns);
        if (columns.Count == 0)
            throw Faulty(text);
        options.Columns = [.. columns];
        return options;
    }

    public static string Write(IEnumerable<(string Name, DataViewType Type)> columns, char separator, bool header)
    {
        var text = new StringBuilder("#@ TextLoader{").AppendLine();
        if (header)
            text.AppendLine("#@   header+");
        text.Append("#@   sep=").AppendLine(Array.Find(Separators, pair => pair.Separator == separator).Name);
        int? field = 0;
        foreach (var (name, type) in columns)
        {
            text.Append("#@   col=").AppendLine(Describe(name, type, field));
            field += type is VectorDataViewType { IsKnownSize: false } ? null : type.ValueCount();
        }
        return text.AppendLine("#@ }").ToString();
    }

    public static bool CanWrite(char separator) => Array.Exists(Separators, pair => pair.Separator == separator && separator != ':');

    private static string Describe(string name, DataViewType type, int? field)
    {
        string kind = Kinds[(int)PrimitiveTypes.KindOf(type.ItemType()).Value];
        if (type.ItemType() is KeyDataViewType key)
            kind += $"[{key.Count}]";
        string source = type is not VectorDataViewType vector ? $"{field ?? -1}"
            : vector.IsKnownSize ? $"{field ?? -1}-{field + vector.Size - 1}" : $"{field ?? -1}-**";
        return name.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '-') ? $"{name}:{kind}:{source}" : $"{{name={{{name}}} type={kind} src={source}}}";
    }

    private static string ReadComments(IMultiStreamSource source)
    {
        var text = new StringBuilder();
        using var reader = source.OpenTextReader(0);
        for (string line = reader.ReadLine(); line != null && (line.Length == 0 || line[0] == '#' || line.StartsWith("//", StringComparison.Ordinal)); line = reader.ReadLine())
            if (line.StartsWith("#@", StringComparison.Ordinal) && line.Length > 2)
                text.Append(line.AsSpan(2).Trim()).Append(' ');
        return text.ToString().TrimEnd();
    }

    // settings are separated by white space outside of braces
    private static IEnumerable<string> Settings(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !char.IsWhiteSpace(text[i]))
                depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            else if (i == text.Length || depth == 0)
            {
                if (i > start)
                    yield return text[start..i];
                start = i + 1;
            }
        }
    }

    private static void Apply(string setting, TextLoader.Options options, List<TextLoader.Column> columns)
    {
        var (name, value) = Split(setting, '=');
        switch (name)
        {
            case "header+" or "header-":
                options.HasHeader = name[^1] == '+';
                break;
            case "quote+" or "quote-":
                options.AllowQuoting = name[^1] == '+';
                break;
            case "sparse+" or "sparse-":
                options.AllowSparse = name[^1] == '+';
                break;
            case "trim+" or "trim-":
                options.TrimWhitespace = name[^1] == '+';
                break;
            case "sep":
                var known = Array.Find(Separators, pair => pair.Name == value);
                options.Separators = [known.Name != null ? known.Separator : value.Length == 1 ? value[0] : throw Faulty(setting)];
                break;
            case "size":
                options.InputSize = int.Parse(value);
                break;
            case "col":
                columns.Add(ParseColumn(value));
                break;
            default:
                throw Faulty(setting);
        }
    }

    private static TextLoader.Column ParseColumn(string text)
    {
        string name = null, kind = "R4", source = null;
        if (!text.StartsWith('{'))
        {
            var parts = text.Split(':');
            name = parts[0];
            kind = parts.Length == 3 ? parts[1] : kind;
            source = parts.Length is 2 or 3 ? parts[^1] : throw Faulty(text);
        }
        else
            foreach (string setting in Settings(text[1..^1]))
                switch (Split(setting, '='))
                {
                    case ("name", var value):
                        name = value.StartsWith('{') ? value[1..^1] : value;
                        break;
                    case ("type", var value):
                        kind = value;
                        break;
                    case ("src", var value):
                        source = value;
                        break;
                }
        var (kindName, count) = Split(kind.TrimEnd(']'), '[');
        int index = Array.IndexOf(Kinds, kindName);
        if (index <= 0 || source == null)
            throw Faulty(text);
        return new(name, (DataKind)index, [.. source.Split(',').Select(ParseRange)], count == null ? null : new KeyCount(ulong.Parse(count)));
    }

    private static TextLoader.Range ParseRange(string text)
    {
        int dash = text.IndexOfAny(['-', '~']);
        if (dash < 0)
            return new(int.Parse(text));
        string end = text[(dash + 1)..];
        return new()
        {
            Min = dash == 0 ? 0 : int.Parse(text[..dash]),
            Max = end is "" or "*" or "**" ? null : int.Parse(end),
            AutoEnd = end is "" or "*",
            VariableEnd = end is "**",
            AllOther = text[dash] == '~',
            ForceVector = true,
        };
    }

    private static (string Name, string Value) Split(string text, char at)
        => text.IndexOf(at) is var i && i < 0 ? (text, null) : (text[..i], text[(i + 1)..]);

    private static Exception Faulty(string text) => Contracts.Except($"TextLoader options embedded in the file are invalid: {text}");
}
