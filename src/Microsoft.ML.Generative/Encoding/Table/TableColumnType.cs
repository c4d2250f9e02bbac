using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Which columns a table can have.</summary>
internal static class TableColumnType
{
    /// <summary>For estimators.</summary>
    public static readonly ColumnRequirement Requirement = new(
        "a text, a key, a Boolean, a number, a date, a span of time, or Vector<Single> of known size",
        "Convert it, or leave it out.",
        column => column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => column.IsKey || ScalarType.Of(column.ItemType) is not null,
            SchemaShape.Column.VectorKind.Vector => !column.IsKey && NumberDataViewType.Single.Equals(column.ItemType),
            _ => false,
        });

    /// <summary>The names of all columns that a table can have, but for some.</summary>
    /// <param name="others">Names of columns that are for something else.</param>
    /// <param name="log">Is told of columns that no table can have.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyList<string> All(SchemaShape shape, IReadOnlyCollection<string?> others, ITrainingLog? log = null)
    {
        var columns = shape.Where(column => !others.Contains(column.Name)).ToList();
        foreach (var column in columns.Where(column => !Requirement.Accepts(column)))
            log?.Warning($"Column '{column.Name}' is {SchemaShapes.Describe(column)} and is not learnt: it would have to be {Requirement.Expected}.");
        string[] names = [.. columns.Where(Requirement.Accepts).Select(column => column.Name)];
        return names.Length > 0 ? names : throw new ArgumentException(
            $"There is no column to learn; the columns are {string.Join(", ", shape.Select(column => $"'{column.Name}'"))}. One that can be learnt is {Requirement.Expected}.");
    }

    /// <exception cref="ArgumentException">The column is missing, or of another type.</exception>
    public static void Require(DataViewSchema schema, string name) => SchemaShapes.Require(SchemaShapes.Of(schema), name, Requirement);
}
