using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Puts drawn rows into the schema of the real ones, and both together.</summary>
/// <param name="real">The real rows.</param>
/// <param name="census">Their classes.</param>
/// <param name="isSyntheticColumnName">Name of the column that tells the ones from the others; null for none.</param>
internal sealed class AugmentedRows(IDataView real, LabelCensus census, string? isSyntheticColumnName)
{
    private readonly DataViewSchema _schema = isSyntheticColumnName is null ? real.Schema : WithMark(real.Schema, isSyntheticColumnName);

    /// <summary>Rows drawn for a class, in the schema of the real rows: with its label, and what was not drawn missing.</summary>
    /// <exception cref="InvalidOperationException">They have none of the columns of the real rows, or have them in another type.</exception>
    public IDataView Conform(ClassPlan plan, IDataView drawn)
    {
        if (!drawn.Schema.Any(column => column.Name != census.Labels.Name && real.Schema.GetColumnOrNull(column.Name) is not null))
        {
            throw new InvalidOperationException($"The model draws the columns '{string.Join("', '", drawn.Schema.Select(column => column.Name))}', of which "
                + "the rows have none but the label. Use a model of columns that are there where it stands in the pipeline.");
        }
        var constants = Marked(true);
        object label = census.Labels.ValueOf(plan.Number);
        constants.Add(census.Labels.Name, label is string text ? text.AsMemory() : label);
        return new ConformedView(drawn, _schema, constants);
    }

    /// <summary>The real rows, then those of each class that were drawn and conformed.</summary>
    public AppendedView Append(IEnumerable<(ClassPlan Plan, IDataView Rows)> conformed) => new(
    [
        new ViewPart(isSyntheticColumnName is null ? real : new ConformedView(real, _schema, Marked(false)), census.Rows.Sum() + census.UnlabelledRows),
        .. conformed.Select(part => new ViewPart(part.Rows, part.Plan.Added)),
    ]);

    private Dictionary<string, object> Marked(bool synthetic)
    {
        var constants = new Dictionary<string, object>();
        if (isSyntheticColumnName is not null) constants.Add(isSyntheticColumnName, synthetic);
        return constants;
    }

    private static DataViewSchema WithMark(DataViewSchema schema, string name)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumn(name, BooleanDataViewType.Instance);
        return builder.ToSchema();
    }
}
