using System.Globalization;

namespace MLGenerative.Bench.Data;

/// <summary>
/// A comma-separated file with a header, its last column <c>label</c> of two values. A column is numeric if every value in it is a number or
/// missing; any other is text, and becomes a column of zeros and ones for each of its values.
/// </summary>
internal sealed class CsvTable
{
    private const string Label = "label";
    private readonly string _path;
    private readonly CsvFile _file;
    private readonly IReadOnlyList<string> _names;
    private readonly string _positive;
    private readonly SortedSet<string>?[] _texts;   // the values of each text column, null for numeric ones

    private CsvTable(string path)
    {
        _path = path;
        Name = NameOf(path);
        _file = new CsvFile(path);
        _names = _file.Names;
        if (_names.Count < 2 || _names[^1] != Label)
            throw new BadRequestException($"{path}: the last of two or more columns must be '{Label}', the header ends with '{_names[^1]}'");

        var values = _names.Select(_ => new SortedSet<string>(StringComparer.Ordinal)).ToArray();
        var labels = new Dictionary<string, int>();
        bool[] isText = new bool[_names.Count];
        foreach (var row in _file.Rows())
        {
            for (int i = 0; i < _names.Count; i++)
            {
                isText[i] |= !TryParse(row[i].Span, out _);
                if (values[i].Count < MostTexts) values[i].Add(row[i].ToString());
            }
            labels[row[^1].ToString()] = labels.GetValueOrDefault(row[^1].ToString()) + 1;
            if (labels.Count > 2) break;
        }
        if (labels.Count != 2) throw new BadRequestException($"{path}: column '{Label}' must have two values, it has {string.Join(", ", labels.Keys)}{(labels.Count > 2 ? " and maybe more" : "")}");
        _texts = [.. values.Zip(isText, (v, text) => text ? v : null)];
        for (int i = 0; i < _names.Count; i++)
            if (_texts[i]?.Count == MostTexts) throw new BadRequestException($"{path}: text column '{_names[i]}' has {MostTexts} values or more, too many for a column each");
        // 1 where the values are 0 and 1, else the rarer one
        _positive = labels.ContainsKey("0") && labels.ContainsKey("1") ? "1" : labels.MinBy(l => l.Value).Key;
    }

    private const int MostTexts = 1000;

    /// <summary>The file's name without what comes after its first dot.</summary>
    public string Name { get; }

    /// <summary>The tables of a folder, by name; all of them, or those asked for.</summary>
    public static IReadOnlyList<CsvTable> OpenFolder(string folder, IReadOnlyList<string> names, params string[] endings)
    {
        if (!Directory.Exists(folder)) throw new BadRequestException($"there is no folder {folder}");
        var paths = Directory.EnumerateFiles(folder)
            .Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal)) && (names.Count == 0 || names.Contains(NameOf(f))))
            .Order(StringComparer.Ordinal).ToList();
        var missing = names.Except(paths.Select(NameOf)).FirstOrDefault();
        if (missing is not null) throw new BadRequestException($"there is no {missing}{endings[0]} in {folder}");
        if (paths.Count == 0) throw new BadRequestException($"there is no *{string.Join(" or *", endings)} in {folder}");
        return [.. paths.Select(p => new CsvTable(p))];
    }

    /// <summary>All rows as numbers; a missing number is NaN.</summary>
    public LabelledRows Read()
    {
        string[] featureNames = [.. _names.SkipLast(1).SelectMany((name, i) => _texts[i] is { } texts ? texts.Select(t => $"{name}={t}") : [name])];
        return new LabelledRows(featureNames, [.. _file.Rows().Select(row => ToNumbers(row, featureNames.Length))]);
    }

    private LabelledRow ToNumbers(ReadOnlyMemory<char>[] row, int width)
    {
        var numbers = new List<float>(width);
        for (int i = 0; i < row.Length - 1; i++)
        {
            string text = row[i].ToString();
            if (_texts[i] is { } texts) numbers.AddRange(texts.Select(t => t == text ? 1f : 0f));
            else numbers.Add(TryParse(text, out float number) ? number : throw new InvalidDataException($"{_path} has changed while it was read"));
        }
        return new LabelledRow { Features = [.. numbers], Label = row[^1].Span.SequenceEqual(_positive) };
    }

    private static string NameOf(string path) => Path.GetFileName(path).Split('.')[0];

    private static bool TryParse(ReadOnlySpan<char> text, out float number)
    {
        number = float.NaN;
        return text.IsEmpty || float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
