using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Generative.Generation;

/// <summary>
/// Adds synthetic rows while a pipeline is being fitted, and passes rows on as they are ever after. A chain of estimators hands the view that it
/// gave to <c>Fit</c> to <c>Transform</c>, as the same object, to get the rows that the next step is fitted on: that one call adds the rows.
/// </summary>
internal sealed class OversamplingTransformer : ITransformer, IDisposable
{
    private readonly IHost _host;
    private readonly IReadOnlyList<IDisposable> _models;
    private readonly AppendedView? _augmented;
    private IDataView? _fittedOn;
    private int _warned;

    /// <param name="host">Where to log.</param>
    /// <param name="fittedOn">The view that was given to Fit.</param>
    /// <param name="augmented">The same with synthetic rows; null if none are needed.</param>
    /// <param name="models">The models that draw them, which live as long as this transformer.</param>
    public OversamplingTransformer(IHost host, IDataView fittedOn, AppendedView? augmented, IReadOnlyList<IDisposable> models)
    {
        _host = host;
        _augmented = augmented;
        _models = models;
        _fittedOn = augmented is null ? null : fittedOn;
    }

    public bool IsRowToRowMapper => true;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new IdentityMapper(inputSchema);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input)
    {
        // exactly one caller gets the synthetic rows, and the view is not kept alive after that
        if (ReferenceEquals(input, _fittedOn) && Interlocked.Exchange(ref _fittedOn, null) is not null) return _augmented!;
        WarnIfNobodyRead();
        return input;
    }

    private void WarnIfNobodyRead()
    {
        if (_augmented is null || _fittedOn is not null || _augmented.WasRead || Interlocked.Exchange(ref _warned, 1) != 0) return;
        using var channel = _host.Start("Transform");
        channel.Warning(MessageSensitivity.None, "No step was fitted on the synthetic rows: nothing follows the oversampling in its chain of estimators. "
            + "Append the next steps to that chain, rather than the chain to another one.");
    }

    // a zip can hold stock transformers only, and the stock transformer that does nothing is the empty chain
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)new TransformerChain<ITransformer>()).Save(ctx);

    public void Dispose()
    {
        foreach (var model in _models) model.Dispose();
    }

    private sealed class IdentityMapper(DataViewSchema schema) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => schema;

        public DataViewSchema OutputSchema => schema;

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => dependingColumns;

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => input;
    }
}
