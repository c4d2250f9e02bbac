using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of one item type, scalars and vectors, into one vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(IHostEnvironment environment, string outputColumnName, string[] inputColumnNames)
    {
        _host = Contracts.CheckValue(environment, nameof(environment)).Register(nameof(ColumnConcatenatingEstimator));
        _output = Contracts.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _inputs = Contracts.CheckValue(inputColumnNames, nameof(inputColumnNames));
        Contracts.CheckParam(_inputs.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        Contracts.CheckParam(!_inputs.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
    }

    /// <summary>The transformer; nothing is read.</summary>
    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new(_host, _output, _inputs);
    }

    /// <summary>The input columns and the vector.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var inputs = new SchemaShape.Column[_inputs.Length];
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (!inputSchema.TryFindColumn(_inputs[i], out inputs[i]))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", _inputs[i]);
            if (inputs[i].IsKey)
                throw Contracts.Except($"Column '{_inputs[i]}' is key. Concatenation of keys is unsupported.");
            if (!inputs[i].ItemType.Equals(inputs[0].ItemType))
                throw Contracts.Except($"Concatenated columns should have the same type. Column '{_inputs[i]}' has type of {inputs[i].ItemType}, "
                    + $"but expected column type is {inputs[0].ItemType}.");
        }

        List<SchemaShape.Column> annotations = [];
        if (inputs.All(column => column.IsMarkedNormalized())) annotations.Add(ColumnAnnotations.IsNormalizedShape);
        if (inputs.Any(column => column.HasCategoricalSlotRanges())) annotations.Add(ColumnAnnotations.CategoricalSlotRangesShape);
        if (inputs.Any(column => column.Kind == SchemaShape.Column.VectorKind.Scalar || column.HasSlotNames())) annotations.Add(ColumnAnnotations.SlotNamesShape);
        var kind = inputs.Any(column => column.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector
            : SchemaShape.Column.VectorKind.Vector;
        return inputSchema.With(new SchemaShape.Column(_output, kind, inputs[0].ItemType, false, new SchemaShape(annotations)));
    }
}
