using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLGenerative.Bench.Data;

/// <summary>The header and the fields of a comma-separated file, packed or not.</summary>
internal sealed class CsvFile
{
    private readonly string _path;

    public CsvFile(string path)
    {
        _path = path;
        if (!File.Exists(path)) throw new BadRequestException($"there is no file {path}");
        using (var reader = new TextFile(path).OpenTextReader(0))
            Names = reader.ReadLine()?.Split(',').Select(n => n.Trim().Trim('"')).ToArray() ?? throw new BadRequestException($"{path} is empty");
        var repeated = Names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1);
        if (repeated is not null) throw new BadRequestException($"{path}: there are {repeated.Count()} columns named '{repeated.Key}'");
    }

    public IReadOnlyList<string> Names { get; }

    public static string Quote(string value) => value.AsSpan().IndexOfAny(",\"\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"")}\"";

    public IEnumerable<ReadOnlyMemory<char>[]> Rows()
    {
        var options = new TextLoader.Options
        {
            Columns = [new TextLoader.Column("Values", DataKind.String, 0, Names.Count - 1)],
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            TrimWhitespace = true,
        };
        var view = new MLContext(seed: 0).Data.CreateTextLoader(options).Load(new TextFile(_path));
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(view.Schema["Values"]);
        VBuffer<ReadOnlyMemory<char>> values = default;
        while (cursor.MoveNext())
        {
            getter(ref values);
            yield return [.. values.DenseValues()];
        }
    }
}
