using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Generative.Generation;

/// <summary>What every way of oversampling has in common: the checks of its columns, and putting real and synthetic rows together.</summary>
internal sealed class SyntheticRows(IHost host, string labelColumnName, string? isSyntheticColumnName)
{
    /// <summary>Checks the columns; the schema stays as it is.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema, string? featureColumnName)
    {
        SchemaShapes.Require(inputSchema, labelColumnName, ColumnRequirement.Label);
        if (featureColumnName is not null) SchemaShapes.Require(inputSchema, featureColumnName, ColumnRequirement.Features);
        if (isSyntheticColumnName is not null && inputSchema.Any(column => column.Name == isSyntheticColumnName))
            throw new ArgumentException($"Column '{isSyntheticColumnName}' is there already; IsSyntheticColumnName must be a new name.");
        return inputSchema;
    }

    /// <summary>Says in the log what is added.</summary>
    public void Log(IEnumerable<ClassPlan> plans)
    {
        using var channel = host.Start("Fit");
        foreach (var plan in plans)
        {
            channel.Info(MessageSensitivity.UserData, "Class '{0}' of column '{1}': {2} rows, {3} synthetic ones added.",
                plan.Name, labelColumnName, plan.Rows, plan.Added);
        }
    }

    /// <summary>The real rows, then the synthetic ones of each class, in the schema of the real ones.</summary>
    /// <param name="real">The real rows.</param>
    /// <param name="census">Their classes.</param>
    /// <param name="drawn">The plan of a class, and the rows drawn for it.</param>
    public AppendedView Append(IDataView real, LabelCensus census, IEnumerable<(ClassPlan Plan, IDataView Rows)> drawn)
    {
        var schema = WithMark(real.Schema);
        long realRows = census.Rows.Sum() + census.UnlabelledRows;
        var parts = new List<ViewPart> { new(isSyntheticColumnName is null ? real : new ConformedView(real, schema, Marked(false)), realRows) };
        foreach (var (plan, rows) in drawn)
        {
            CheckColumns(rows.Schema, real.Schema);
            var constants = Marked(true);
            constants.Add(labelColumnName, census.Labels.ValueOf(plan.Number) is string text ? text.AsMemory() : census.Labels.ValueOf(plan.Number));
            parts.Add(new ViewPart(new ConformedView(rows, schema, constants), plan.Added));
        }
        return new AppendedView(parts);
    }

    private void CheckColumns(DataViewSchema drawn, DataViewSchema real)
    {
        if (drawn.Any(column => column.Name != labelColumnName && real.GetColumnOrNull(column.Name) is not null)) return;
        throw new InvalidOperationException($"The model draws the columns '{string.Join("', '", drawn.Select(column => column.Name))}', of which the rows have none "
            + "but the label. Use a model of columns that are there where it stands in the pipeline.");
    }

    private DataViewSchema WithMark(DataViewSchema schema)
    {
        if (isSyntheticColumnName is null) return schema;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumn(isSyntheticColumnName, BooleanDataViewType.Instance);
        return builder.ToSchema();
    }

    private Dictionary<string, object> Marked(bool synthetic)
    {
        var constants = new Dictionary<string, object>();
        if (isSyntheticColumnName is not null) constants.Add(isSyntheticColumnName, synthetic);
        return constants;
    }
}
