using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Csv;

/// <summary>A file of separated values in memory, every field as it stands in the file (quotes included) and as it is meant.</summary>
public sealed class CsvFile
{
    private static readonly char[] Separators = [',', ';', '\t', '|'];
    private readonly List<string[]> _rows = [], _raw = [];
    private readonly List<int> _lines = [];

    private CsvFile(string path, byte[] bytes)
    {
        Bytes = bytes;
        HasByteOrderMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(HasByteOrderMark ? bytes.AsSpan(3) : bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new CsvFault($"{path} is not UTF-8 text. Save it with that encoding, or convert it: iconv -f LATIN1 -t UTF-8.");
        }
        if (string.IsNullOrWhiteSpace(text)) throw new CsvFault($"{path} is empty.");
        Separator = SeparatorOf(text);
        NewLine = text.IndexOf('\n') is > 0 and var end && text[end - 1] == '\r' ? "\r\n" : "\n";
        Parse(path, text);
    }

    /// <summary>The file as it is.</summary>
    public byte[] Bytes { get; }

    public bool HasByteOrderMark { get; }

    public char Separator { get; }

    public string NewLine { get; }

    /// <summary>The fields of the first line as they stand in the file; null if it has no header.</summary>
    public IReadOnlyList<string>? RawHeader { get; private set; }

    /// <summary>The columns: as the header has them, or <c>column 1</c> and so on where it has none.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>The fields of each row, quotes taken off.</summary>
    public IReadOnlyList<string[]> Rows => _rows;

    /// <summary>The same as they stand in the file.</summary>
    public IReadOnlyList<string[]> Raw => _raw;

    /// <summary>Reads a file: separated by commas, semicolons, tabs or bars, whichever its first line has most of. Blank lines do not count.</summary>
    /// <exception cref="CsvFault">It is not there or is malformed; the message says where.</exception>
    public static CsvFile Read(string path, bool hasHeader = true)
    {
        if (!File.Exists(path)) throw new CsvFault($"There is no file {path}.");
        var file = new CsvFile(path, File.ReadAllBytes(path));
        file.TakeHeader(path, hasHeader);
        return file;
    }

    /// <summary>Number of the line on which a row begins.</summary>
    public int LineOf(int row) => _lines[row];

    private void Parse(string path, string text)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Separator.ToString(),
            HasHeaderRecord = false,
            IgnoreBlankLines = false,   // they count as lines
            BadDataFound = fault => throw new BadField(fault.RawRecord),
        };
        using var parser = new CsvParser(new StringReader(text), configuration);
        int line = 1;
        while (parser.Read())
        {
            string record = parser.RawRecord.TrimEnd('\r', '\n');
            if (record.Length > 0) Add(path, Fields(path, parser, line), SplitRaw(record), line);
            line = parser.RawRow + 1;
        }
    }

    private string[] Fields(string path, CsvParser parser, int line)
    {
        var fields = new string[parser.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            try
            {
                fields[i] = parser[i];
            }
            catch (BadField bad)
            {
                string name = _rows.Count > 0 && i < _rows[0].Length ? $" ('{_rows[0][i]}')" : "";
                throw new CsvFault($"{path}, line {line}, column {i + 1}{name}: " + (SplitRaw(bad.Record)[i] is ['"', ..] raw && raw.Count(c => c == '"') % 2 == 1
                    ? "a quote is opened and never closed." : "a quote within a field must be doubled, and the field must stand in quotes."));
            }
        }
        return fields;
    }

    private void Add(string path, string[] fields, string[] raw, int line)
    {
        if (_rows.Count > 0 && fields.Length != _rows[0].Length)
            throw new CsvFault($"{path}, line {line}: {fields.Length} fields, the first line has {_rows[0].Length}. A field that holds the separator '{(Separator == '\t' ? "tab" : Separator)}' must stand in quotes.");
        _rows.Add(fields);
        _raw.Add(raw);
        _lines.Add(line);
    }

    private void TakeHeader(string path, bool hasHeader)
    {
        string[] first = _rows[0];
        if (hasHeader)
        {
            if (first.All(field => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
                throw new CsvFault($"{path}, line {_lines[0]} has numbers only; it should have the names of the columns. Add them, or say --no-header.");
            RawHeader = _raw[0];
            _rows.RemoveAt(0);
            _raw.RemoveAt(0);
            _lines.RemoveAt(0);
        }
        Names = [.. first.Select((name, i) => hasHeader && name.Length > 0 ? name : $"column {i + 1}")];
        if (Names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new CsvFault($"{path}, line 1: {repeated.Count()} columns are named '{repeated.Key}'. Rename all but one.");
        if (_rows.Count == 0) throw new CsvFault($"{path} has no rows, only a header.");
    }

    // the parser gives fields with their quotes taken off; whoever gives a row back as it was needs them with
    private string[] SplitRaw(string record)
    {
        var fields = new List<string>();
        int start = 0;
        bool quoted = false;
        for (int i = 0; i < record.Length; i++)
        {
            if (record[i] == '"') quoted = !quoted;
            else if (record[i] == Separator && !quoted)
            {
                fields.Add(record[start..i]);
                start = i + 1;
            }
        }
        fields.Add(record[start..]);
        return [.. fields];
    }

    private static char SeparatorOf(string text)
    {
        var counts = Separators.ToDictionary(c => c, _ => 0);
        bool quoted = false;
        foreach (char c in text)
        {
            if (c == '"') quoted = !quoted;
            else if (c == '\n' && !quoted) break;
            else if (!quoted && counts.ContainsKey(c)) counts[c]++;
        }
        return counts.MaxBy(count => count.Value).Key;   // a comma where there is none of them: it comes first
    }

    private sealed class BadField(string record) : Exception
    {
        public string Record => record;
    }
}
