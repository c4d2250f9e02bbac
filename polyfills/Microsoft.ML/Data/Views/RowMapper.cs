namespace Microsoft.ML.Data;

/// <summary>
/// What a row-to-row transformer does to rows of one schema: it adds columns, each made from some input columns. The transformers of
/// <see cref="RowToRowTransformerBase"/> derive one from this, and get view, cursor and single-row mapper from it.
/// </summary>
internal abstract class RowMapper
{
    private DataViewSchema _outputSchema;

    protected RowMapper(DataViewSchema inputSchema) => InputSchema = inputSchema;

    public DataViewSchema InputSchema { get; }

    /// <summary>The columns that are added.</summary>
    public DataViewSchema.DetachedColumn[] OutputColumns => field ??= MakeOutputColumns();

    /// <summary>The input columns, followed by those that are added.</summary>
    public DataViewSchema OutputSchema
    {
        get
        {
            if (_outputSchema != null)
                return _outputSchema;
            var builder = new DataViewSchema.Builder();
            builder.AddColumns(InputSchema);
            builder.AddColumns(OutputColumns);
            // rows are checked by the identity of their schema, so two threads have to get the same one
            Interlocked.CompareExchange(ref _outputSchema, builder.ToSchema(), null);
            return _outputSchema;
        }
    }

    /// <summary>The indices of the input columns that an added column is made from.</summary>
    public abstract IEnumerable<int> InputsOf(int outputColumn);

    /// <summary>
    /// The getters of those added columns that are active, each a <see cref="ValueGetter{TValue}"/> of the column's raw type. They may
    /// share what they compute; <paramref name="disposer"/> frees what they hold, if they hold anything.
    /// </summary>
    public virtual Delegate[] MakeGetters(DataViewRow input, bool[] active, out Action disposer)
    {
        disposer = null;
        return [.. active.Select((isActive, i) => isActive ? MakeGetter(input, i) : null)];
    }

    protected abstract DataViewSchema.DetachedColumn[] MakeOutputColumns();

    /// <summary>The getter of one added column.</summary>
    protected abstract Delegate MakeGetter(DataViewRow input, int outputColumn);
}
