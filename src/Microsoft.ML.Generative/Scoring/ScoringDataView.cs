namespace Microsoft.ML.Generative.Scoring;

/// <summary>A view with the columns of a model added, computed in batches while it is read.</summary>
internal sealed class ScoringDataView : IDataView
{
    // fewer rows waste calls, more outgrow the cache: measured at 10 features (4096 rows) and at 784 (1024)
    private const int MostNarrowRows = 4096, MostRows = 1024;
    private const int NarrowBatchFloats = 1 << 16;
    private const int MaximumBatchFloats = 1 << 22;

    private readonly IDataView _input;
    private readonly ModelMapping _mapping;
    private readonly int _batchRows;

    /// <param name="input">Rows to score.</param>
    /// <param name="model">What scores them.</param>
    /// <param name="batchRows">Most rows that are computed together; 0 chooses: 4096 of rows up to 16 wide, fewer of wider ones.</param>
    public ScoringDataView(IDataView input, IBatchModel model, int batchRows = 0)
    {
        _input = input;
        _mapping = new ModelMapping(model, input.Schema);
        int widest = Math.Max(1, Math.Max(model.InputWidth, model.Outputs.Select(output => output.Width).DefaultIfEmpty(1).Max()));
        int most = Math.Clamp(NarrowBatchFloats / widest, MostRows, MostNarrowRows);
        _batchRows = batchRows > 0 ? batchRows : Math.Clamp(MaximumBatchFloats / widest, 1, most);
    }

    public DataViewSchema Schema => _mapping.OutputSchema;

    // the rows are read twice, side by side, which needs one order
    public bool CanShuffle => false;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new ActiveColumns(Schema, columnsNeeded);
        var passedOn = _mapping.PassedOn(active).ToList();
        if (!_mapping.NeedsModel(active)) return new PassingCursor(_mapping, active, _input.GetRowCursor(passedOn));

        var opened = new List<DataViewRowCursor>();
        try
        {
            opened.Add(_input.GetRowCursor(_mapping.ModelInputs));
            if (passedOn.Count > 0) opened.Add(_input.GetRowCursor(passedOn));
            int batchRows = (int)Math.Clamp(_input.GetRowCount() ?? _batchRows, 1, _batchRows);
            return new BatchedCursor(_mapping, active, opened[0], opened.ElementAtOrDefault(1), batchRows);
        }
        catch
        {
            opened.ForEach(cursor => cursor.Dispose());
            throw;
        }
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
