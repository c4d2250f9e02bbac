using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Applies an ONNX model; there is nothing to learn.</summary>
public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(IHostEnvironment environment, Func<byte[]> modelBytes, OnnxModelOptions options)
        : base(environment.Register(nameof(OnnxTransformer)), new OnnxTransformer(environment, modelBytes, options))
    {
    }

    /// <inheritdoc/>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        foreach (string name in Transformer.Inputs)
        {
            if (!inputSchema.TryFindColumn(name, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
            var expected = Transformer.Model.Input(name).Type.ItemType();
            if (!column.ItemType.Equals(expected))
                throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", name, expected.ToString(), column.ItemType.ToString());
        }
        var columns = inputSchema.ToDictionary(column => column.Name);
        for (int i = 0; i < Transformer.Outputs.Length; i++)
        {
            // ML.NET calls scalars vectors of variable size here
            var type = Transformer.OutputTypes[i];
            var kind = type is VectorDataViewType { IsKnownSize: true } ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector;
            columns[Transformer.Outputs[i]] = new(Transformer.Outputs[i], kind, type.ItemType(), false);
        }
        return new(columns.Values);
    }
}
