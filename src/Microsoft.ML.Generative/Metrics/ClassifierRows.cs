using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Rows of tables as a binary classifier of ML.NET takes them: a vector <c>Features</c> and a Boolean <c>Label</c>.</summary>
/// <remarks>Numbers are standardised by the first table; where some are missing a further slot says so, and the mean takes their place. A category is a slot of 0 or 1, for
/// the commonest <see cref="MostCategories"/> of the first table.</remarks>
internal sealed class ClassifierRows
{
    public const int MostCategories = 100;

    private readonly List<Action<ComparedTable, int, float[]>> _encoders = [];
    private int _width;

    /// <param name="tables">All tables that will be encoded; the first of them gives scales and the commonest categories.</param>
    /// <param name="label">A column that is not a feature, or null.</param>
    public ClassifierRows(IReadOnlyList<ComparedTable> tables, string? label)
    {
        for (int c = 0; c < tables[0].Columns.Count; c++)
        {
            if (tables[0].Columns[c].Name == label) continue;
            if (tables[0].Columns[c] is NumberColumn numbers) AddNumbers(c, numbers, tables.Any(t => ((NumberColumn)t.Columns[c]).Values.Any(double.IsNaN)));
            else AddCategories(c, (CategoryColumn)tables[0].Columns[c]);
        }
        if (_width == 0) throw new ArgumentException("There is no column but the label; a classifier needs another.");
    }

    /// <summary>One row.</summary>
    public ClassifierRow Encode(ComparedTable table, int row, bool label)
    {
        var features = new float[_width];
        foreach (var encode in _encoders) encode(table, row, features);
        return new ClassifierRow { Features = features, Label = label };
    }

    public IDataView View(MLContext context, IEnumerable<ClassifierRow> rows)
    {
        var schema = SchemaDefinition.Create(typeof(ClassifierRow));
        schema[nameof(ClassifierRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _width);
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    private void AddNumbers(int column, NumberColumn numbers, bool missing)
    {
        var (mean, deviation) = Moments.Of(numbers.Values);
        int slot = _width;
        _width += missing ? 2 : 1;
        _encoders.Add((table, row, features) =>
        {
            double value = ((NumberColumn)table.Columns[column]).Values[row];
            if (double.IsNaN(value)) features[slot + 1] = 1;
            else features[slot] = (float)((value - mean) / deviation);
        });
    }

    private void AddCategories(int column, CategoryColumn categories)
    {
        var slots = categories.Codes.CountBy(code => code).OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(MostCategories)
            .Select((c, i) => (c.Key, Slot: _width + i)).ToDictionary(c => c.Key, c => c.Slot);
        _width += slots.Count;
        _encoders.Add((table, row, features) =>
        {
            if (slots.TryGetValue(((CategoryColumn)table.Columns[column]).Codes[row], out int slot)) features[slot] = 1;
        });
    }
}

/// <summary>A row of a binary classifier.</summary>
internal sealed class ClassifierRow
{
    public float[] Features { get; set; } = [];

    public bool Label { get; set; }
}
