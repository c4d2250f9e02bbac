using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>Scores single rows, as a prediction engine asks for them.</summary>
internal sealed class RowMapper(IBatchModel model, DataViewSchema inputSchema) : IRowToRowMapper
{
    private readonly ModelMapping _mapping = new(model, inputSchema);

    public DataViewSchema InputSchema => _mapping.InputSchema;

    public DataViewSchema OutputSchema => _mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        _mapping.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (!ReferenceEquals(input.Schema, InputSchema))
            throw new ArgumentException("The row has another schema than the one that the mapper was made for.");
        return new ScoredRow(_mapping, new ActiveColumns(OutputSchema, activeColumns), input);
    }
}
