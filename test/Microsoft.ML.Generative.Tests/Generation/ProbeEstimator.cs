namespace Microsoft.ML.Generative.Tests.Generation;

/// <summary>A step that does nothing but look at the rows it is fitted on and at those it transforms.</summary>
internal sealed class ProbeEstimator(Action<IDataView>? onFit = null, Action<IDataView>? onTransform = null) : IEstimator<ITransformer>
{
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public ITransformer Fit(IDataView input)
    {
        onFit?.Invoke(input);
        return new Probe(onTransform);
    }

    private sealed class Probe(Action<IDataView>? onTransform) : ITransformer
    {
        private static readonly ITransformer Identity = new Data.TransformerChain<ITransformer>();

        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public Data.IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => Identity.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input)
        {
            onTransform?.Invoke(input);
            return input;
        }

        void ICanSaveModel.Save(ModelSaveContext ctx) => Identity.Save(ctx);
    }
}
