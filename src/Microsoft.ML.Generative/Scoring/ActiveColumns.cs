namespace Microsoft.ML.Generative.Scoring;

/// <summary>The columns of a row that its reader asked for.</summary>
internal sealed class ActiveColumns
{
    private readonly DataViewSchema _schema;
    private readonly bool[] _active;

    /// <exception cref="ArgumentException">A column comes from another schema.</exception>
    public ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> needed)
    {
        _schema = schema;
        _active = new bool[schema.Count];
        foreach (var column in needed)
        {
            if (column.Index >= schema.Count || schema[column.Index].Name != column.Name)
                throw new ArgumentException($"Column '{column.Name}' (number {column.Index}) is not a column of this view. Take the columns from its own schema.");
            _active[column.Index] = true;
        }
    }

    public bool this[int index] => _active[index];

    public bool Contains(DataViewSchema.Column column) => column.Index < _active.Length && _active[column.Index];

    public IEnumerable<DataViewSchema.Column> Columns => _schema.Where(column => _active[column.Index]);

    /// <summary>Checks that a getter may be handed out.</summary>
    /// <exception cref="ArgumentException">The column was not asked for when the row was opened.</exception>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public void Check<TValue>(DataViewSchema.Column column)
    {
        if (!Contains(column))
            throw new ArgumentException($"Column '{column.Name}' is not active in this row. Name it among the columns needed when the cursor is opened.");
        var type = _schema[column.Index].Type;
        if (type.RawType != typeof(TValue))
            throw new InvalidOperationException($"Column '{column.Name}' is {type}: its getter takes {type.RawType}, not {typeof(TValue)}.");
    }
}
