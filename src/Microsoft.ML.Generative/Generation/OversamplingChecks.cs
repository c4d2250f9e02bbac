using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Generative.Generation;

/// <summary>What every way of oversampling checks first, and says in the end.</summary>
internal sealed class OversamplingChecks(IHost host, string labelColumnName, string? isSyntheticColumnName)
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
}
