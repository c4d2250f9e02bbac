using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>What a column has to be, in words and as a test.</summary>
/// <param name="Expected">What it has to be: "Vector&lt;Single&gt; of known size".</param>
/// <param name="Remedy">What to do about a column that is not: a sentence.</param>
/// <param name="Accepts">Whether a column will do.</param>
internal sealed record ColumnRequirement(string Expected, string Remedy, Func<SchemaShape.Column, bool> Accepts)
{
    public static readonly ColumnRequirement Features = new(
        "Vector<Single> of known size",
        "Make it with Concatenate, or name another column.",
        column => column.Kind == SchemaShape.Column.VectorKind.Vector && !column.IsKey && NumberDataViewType.Single.Equals(column.ItemType));

    public static readonly ColumnRequirement Label = new(
        "a key, a Boolean, a text or a number",
        "Make it with MapValueToKey, or name another column.",
        column => column.Kind == SchemaShape.Column.VectorKind.Scalar
            && (column.IsKey || column.ItemType is BooleanDataViewType or TextDataViewType or NumberDataViewType));
}

/// <summary>Schemas as estimators see them. The one place that knows how to come by a <see cref="SchemaShape"/>.</summary>
internal static class SchemaShapes
{
    /// <summary>The shape of a schema. <c>SchemaShape.Create</c> is internal to ML.NET, but the estimator of a loader makes one from the loader's schema.</summary>
    public static SchemaShape Of(DataViewSchema schema) => new SchemaOnlyLoader(schema).Append(new IdentityEstimator()).GetOutputSchema();

    /// <summary>The shape after a model has added its columns: a column of the same name is replaced. Widths do not show in a shape.</summary>
    public static SchemaShape With(SchemaShape input, IEnumerable<OutputColumn> outputs)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var output in outputs) builder.AddColumn(output.Name, output.Type, output.Annotations);
        var added = Of(builder.ToSchema());
        return new SchemaShape(input.Where(column => !added.Any(a => a.Name == column.Name)).Concat(added));
    }

    /// <summary>Checks a column that an estimator reads.</summary>
    /// <exception cref="ArgumentException">It is missing or of another type.</exception>
    public static void Require(SchemaShape input, string name, ColumnRequirement requirement)
    {
        var column = input.FirstOrDefault(c => c.Name == name);
        if (column.Name is null)
        {
            throw new ArgumentException($"Column '{name}' is not there; the columns are {string.Join(", ", input.Select(c => $"'{c.Name}'"))}. "
                + $"It must be {requirement.Expected}. {requirement.Remedy}");
        }
        if (!requirement.Accepts(column))
            throw new ArgumentException($"Column '{name}' is {Describe(column)}; it must be {requirement.Expected}. {requirement.Remedy}");
    }

    /// <summary>The type of a column in words.</summary>
    public static string Describe(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
        return column.Kind switch
        {
            SchemaShape.Column.VectorKind.Scalar => item,
            SchemaShape.Column.VectorKind.Vector => $"Vector<{item}>",
            _ => $"Vector<{item}> of unknown size",
        };
    }

    private sealed class SchemaOnlyLoader(DataViewSchema schema) : IDataLoader<object>
    {
        public DataViewSchema GetOutputSchema() => schema;

        public IDataView Load(object input) => throw new NotSupportedException("This loader has a schema only.");

        void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException("This loader has a schema only.");
    }

    private sealed class IdentityEstimator : IEstimator<ITransformer>
    {
        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

        public ITransformer Fit(IDataView input) => new TransformerChain<ITransformer>();
    }
}
