using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>The averaged perceptron: a row whose score is less than one on the side of its label moves the weights by its features, and the bias by one.</summary>
public sealed class AveragedPerceptronTrainer : AveragedLinearTrainer<BinaryPredictionTransformer<LinearBinaryModelParameters>, LinearBinaryModelParameters>
{
    internal AveragedPerceptronTrainer(IHostEnvironment environment, Options options)
        : base(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(AveragedPerceptronTrainer)),
            Contracts.CheckValue(options, nameof(options)), TrainerColumns.BooleanLabel(options.LabelColumnName))
    {
    }

    private protected override double? Step(double output, float label)
    {
        int side = label > 0 ? 1 : -1;
        return side * output < 1 ? side : null;   // the hinge loss
    }

    private protected override LinearBinaryModelParameters Train(IDataView data, LinearModelParameters start)
    {
        var (weights, bias) = Learn(data, start);
        return new(weights, bias);
    }

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) => TrainerColumns.BinaryOutputs(calibrated: false);

    private protected override BinaryPredictionTransformer<LinearBinaryModelParameters> MakeTransformer(LinearBinaryModelParameters model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name);

    /// <summary>Options of the trainer.</summary>
    public sealed class Options : AveragedLinearOptions
    {
        /// <summary>Makes default options: ten times through the rows.</summary>
        public Options() => NumberOfIterations = 10;
    }
}
