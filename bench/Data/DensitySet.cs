using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLGenerative.Bench.Data;

/// <summary>Three parts of one data set, fit, valid and test, as files <c>NAME.PART.data[.gz]</c>: comma-separated numbers without a header; or
/// <c>NAME_PART.u8bits[.gz]</c>: images of 28×28 bits, the most significant bit of a byte first.</summary>
internal sealed class DensitySet
{
    private const int ImageBits = 28 * 28;
    private static readonly string[] Parts = ["train", "valid", "test"];

    private readonly string[] _paths;

    private DensitySet(string name, string[] paths)
    {
        Name = name;
        _paths = paths;
        Columns = ColumnsOf(paths[0]);
        foreach (string path in paths)
            if (ColumnsOf(path) != Columns) throw new BadRequestException($"{path} has {ColumnsOf(path)} columns, {paths[0]} has {Columns}");
    }

    public string Name { get; }

    public int Columns { get; }

    /// <summary>Views with the column <c>Features</c>.</summary>
    public (IDataView Train, IDataView Valid, IDataView Test) Load(MLContext ml)
    {
        var views = _paths.Select(path => Load(ml, path)).ToList();
        return (views[0], views[1], views[2]);
    }

    /// <summary>The rows of another file, which must have the same columns.</summary>
    public IDataView LoadLike(MLContext ml, string path)
    {
        if (!File.Exists(path)) throw new BadRequestException($"there is no file {path}");
        int columns = ColumnsOf(path);
        return columns == Columns ? Load(ml, path) : throw new BadRequestException($"{path} has {columns} columns, {Name} has {Columns}; choose with --sets");
    }

    /// <summary>The sets of a folder, by name; all of them, or those asked for.</summary>
    public static IReadOnlyList<DensitySet> OpenFolder(string folder, IReadOnlyList<string> names)
    {
        if (!Directory.Exists(folder)) throw new BadRequestException($"there is no folder {folder}");
        var files = Directory.EnumerateFiles(folder).ToHashSet();
        var found = files.Select(path => NameOf(Path.GetFileName(path))).OfType<string>().Where(n => names.Count == 0 || names.Contains(n)).Distinct().Order(StringComparer.Ordinal).ToList();
        var missing = names.Except(found).FirstOrDefault();
        if (missing is not null) throw new BadRequestException($"there is no {missing}.train.data[.gz] in {folder}");
        if (found.Count == 0) throw new BadRequestException($"there is no *.train.data[.gz] or *_train.u8bits[.gz] in {folder}");
        return [.. found.Select(name => new DensitySet(name, [.. Parts.Select(part => PathOf(folder, name, part, files))]))];
    }

    private static string? NameOf(string file) => new[] { ".train.data", "_train.u8bits" }.Select(mark => file.IndexOf(mark, StringComparison.Ordinal)).Where(i => i > 0).Select(i => file[..i]).FirstOrDefault();

    private static string PathOf(string folder, string name, string part, HashSet<string> files)
    {
        string[] forms = [$"{name}.{part}.data", $"{name}.{part}.data.gz", $"{name}_{part}.u8bits", $"{name}_{part}.u8bits.gz"];
        return forms.Select(f => Path.Combine(folder, f)).FirstOrDefault(files.Contains) ?? throw new BadRequestException($"there is no {forms[0]} in {folder}");
    }

    private static bool IsBits(string path) => path.Contains(".u8bits", StringComparison.Ordinal);

    private static int ColumnsOf(string path)
    {
        if (IsBits(path)) return ImageBits;
        using var reader = new TextFile(path).OpenTextReader(0);
        return reader.ReadLine()?.Split(',').Length ?? throw new BadRequestException($"{path} is empty");
    }

    private static IDataView Load(MLContext ml, string path)
    {
        if (IsBits(path)) return ml.Data.LoadFromEnumerable(ReadImages(path), SchemaOf(ImageBits));
        return ml.Data.LoadFromEnumerable(ReadNumbers(path, ColumnsOf(path)), SchemaOf(ColumnsOf(path)));
    }

    private static SchemaDefinition SchemaOf(int columns)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        return schema;
    }

    private static IEnumerable<Row> ReadNumbers(string path, int columns)
    {
        using var reader = new TextFile(path).OpenTextReader(0);
        for (int line = 1; reader.ReadLine() is { } text; line++)
        {
            string[] fields = text.Split(',');
            if (fields.Length != columns) throw new BadRequestException($"{path}, line {line}: {fields.Length} columns instead of {columns}");
            yield return new Row { Features = Array.ConvertAll(fields, field => Parse(field, path, line)) };
        }
    }

    private static float Parse(string field, string path, int line) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out float number) && float.IsFinite(number) ? number
            : throw new BadRequestException($"{path}, line {line}: '{field}' is not a number");

    private static IEnumerable<Row> ReadImages(string path)
    {
        using var stream = new TextFile(path).Open(0);
        var bytes = new byte[ImageBits / 8];
        for (int image = 1; ; image++)
        {
            int count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count == 0) yield break;
            if (count < bytes.Length) throw new BadRequestException($"{path} ends within image {image}");
            var row = new Row { Features = new float[ImageBits] };
            for (int i = 0; i < ImageBits; i++) row.Features[i] = bytes[i / 8] >> (7 - i % 8) & 1;
            yield return row;
        }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}
