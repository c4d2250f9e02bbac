using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLGenerative.Bench.Data;

/// <summary>Rows of mixed columns as a comma-separated file has them.</summary>
/// <param name="names">The header.</param>
/// <param name="kinds">The type of each column.</param>
/// <param name="rows">The fields, as text.</param>
internal sealed class MixedTable(IReadOnlyList<string> names, DataKind[] kinds, IReadOnlyList<string[]> rows)
{
    public IReadOnlyList<string> Names { get; } = names;

    public IReadOnlyList<string[]> Rows { get; } = rows;

    /// <summary>
    /// Opens files with the same columns. A column is of whole numbers (Int32, or Int64 if they are long) if every field in all files is one, of numbers (Double) if
    /// every field is one or empty, and else text.
    /// </summary>
    public static IReadOnlyList<MixedTable> Open(params IReadOnlyList<string> paths)
    {
        var files = paths.Select(path => new CsvFile(path)).ToList();
        var names = files[0].Names;
        foreach (var (file, path) in files.Zip(paths))
            if (!file.Names.SequenceEqual(names)) throw new BadRequestException($"{path} has the columns {string.Join(",", file.Names)}; {paths[0]} has {string.Join(",", names)}");
        var tables = files.ConvertAll(file => file.Rows().Select(row => Array.ConvertAll(row, field => field.ToString())).ToList());
        for (int i = 0; i < tables.Count; i++)
            if (tables[i].Count == 0) throw new BadRequestException($"{paths[i]} has no rows");
        DataKind[] kinds = [.. names.Select((_, c) => KindOf(tables.SelectMany(rows => rows.Select(row => row[c]))))];
        return [.. tables.Select(rows => new MixedTable(names, kinds, rows))];
    }

    /// <summary>Reads a view that has columns of these names and types.</summary>
    public MixedTable Read(IDataView view)
    {
        using var cursor = view.GetRowCursor(Names.Select(name => view.Schema[name]));
        var fields = Names.Select(name => FieldText.Reader(cursor, view.Schema[name])).ToList();
        var read = new List<string[]>();
        while (cursor.MoveNext()) read.Add([.. fields.Select(field => field())]);
        return new MixedTable(Names, kinds, read);
    }

    public MixedTable Select(IEnumerable<int> indices) => With([.. indices.Select(i => Rows[i])]);

    public bool IsNumber(int column) => kinds[column] != DataKind.String;

    /// <summary>The numbers of a column, NaN where they are missing.</summary>
    public IEnumerable<double> Numbers(int column) => Rows.Select(row => row[column].Length == 0 ? double.NaN : double.Parse(row[column], CultureInfo.InvariantCulture));

    /// <summary>Mean and standard deviation of the numbers of a column; 0 where there are none.</summary>
    public (double Mean, double Deviation) Scale(int column)
    {
        double[] known = [.. Numbers(column).Where(number => !double.IsNaN(number))];
        double mean = known.DefaultIfEmpty().Average();
        return (mean, Math.Sqrt(known.Select(number => (number - mean) * (number - mean)).DefaultIfEmpty().Average()));
    }

    /// <summary>The same with whole numbers as Double, since integers cannot be missing.</summary>
    public MixedTable WithNumbersThatCanBeMissing() => new(Names, [.. kinds.Select(kind => kind == DataKind.String ? kind : DataKind.Double)], Rows);

    public MixedTable With(IReadOnlyList<string[]> otherRows) => new(Names, kinds, otherRows);

    public IDataView View(MLContext ml)
    {
        using var text = new StringWriter { NewLine = "\n" };
        Write(text);
        var options = new TextLoader.Options
        {
            Columns = [.. Names.Select((name, i) => new TextLoader.Column(name, kinds[i], i))],
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            MissingRealsAsNaNs = true,
        };
        return ml.Data.Cache(ml.Data.CreateTextLoader(options).Load(new TextInMemory(text.ToString())));
    }

    /// <summary>The rows as the one column <c>Features</c>.</summary>
    /// <exception cref="BadRequestException">A column is no number.</exception>
    public IDataView FeaturesView(MLContext ml)
    {
        if (Array.IndexOf(kinds, DataKind.String) is >= 0 and var text)
            throw new BadRequestException($"column '{Names[text]}' is text (or has holes in all rows), and a model of vectors takes numbers only; take table");
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[nameof(FeatureRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Names.Count);
        return ml.Data.LoadFromEnumerable(Rows.Select(row => new FeatureRow { Features = [.. row.Select(field => field.Length == 0 ? float.NaN : float.Parse(field, CultureInfo.InvariantCulture))] }).ToList(), schema);
    }

    /// <summary>Rows that were drawn of such a column: whole numbers are rounded.</summary>
    public MixedTable WithFeatures(IDataView view) =>
        With([.. view.GetColumn<float[]>("Features").Select(row => row.Select((value, c) => (kinds[c] == DataKind.Double ? value : Math.Round(value)).ToString(CultureInfo.InvariantCulture)).ToArray())]);

    public void Write(TextWriter writer)
    {
        foreach (var row in Rows.Prepend(Names)) writer.WriteLine(string.Join(',', row.Select(CsvFile.Quote)));
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }

    private static DataKind KindOf(IEnumerable<string> fields)
    {
        bool whole = true, longer = false, any = false;
        foreach (string field in fields)
        {
            bool isLong = long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
            whole &= isLong;
            longer |= isLong && number is < int.MinValue or > int.MaxValue;
            if (field.Length == 0) continue;
            any = true;
            if (!isLong && !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return DataKind.String;
        }
        return !any ? DataKind.String : !whole ? DataKind.Double : longer ? DataKind.Int64 : DataKind.Int32;
    }
}
