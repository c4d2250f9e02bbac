using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Mappers for single rows, one after another.</summary>
internal sealed class ChainedRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => mappers.Length > 0 ? mappers[^1].OutputSchema : inputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        for (int i = mappers.Length - 1; i >= 0; i--)
            dependingColumns = mappers[i].GetDependencies(dependingColumns);
        return dependingColumns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.CheckParam(input.Schema == inputSchema, nameof(input), "Schema did not match original schema");
        if (mappers.Length == 0)
        {
            foreach (var column in activeColumns)
                Contracts.CheckParam(input.IsColumnActive(column), nameof(input), $"Mapper required column '{column.Name}' active but it was not.");
            return input;
        }

        // what each mapper has to give is what the next one needs
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Length];
        needed[^1] = [.. OutputSchema.Where(OutputSchema.MaskOf(activeColumns))];
        for (int i = mappers.Length - 1; i > 0; i--)
            needed[i - 1] = [.. mappers[i].GetDependencies(needed[i])];
        for (int i = 0; i < mappers.Length; i++)
            input = mappers[i].GetRow(input, needed[i]);
        return input;
    }
}
