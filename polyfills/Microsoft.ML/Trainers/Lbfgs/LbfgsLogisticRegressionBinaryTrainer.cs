using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Logistic regression by L-BFGS; see <see cref="LbfgsTrainerBase{TOptions, TTransformer, TModel}"/> for the objective.</summary>
public sealed class LbfgsLogisticRegressionBinaryTrainer : LbfgsTrainerBase<LbfgsLogisticRegressionBinaryTrainer.Options,
    BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
{
    internal LbfgsLogisticRegressionBinaryTrainer(IHostEnvironment environment, Options options)
        : base(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(LbfgsLogisticRegressionBinaryTrainer)),
            Contracts.CheckValue(options, nameof(options)), TrainerColumns.BooleanLabel(options.LabelColumnName))
    {
    }

    /// <summary>Goes on from the weights of a model.</summary>
    public BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> Fit(IDataView trainData, LinearModelParameters modelParameters)
    {
        Contracts.CheckValue(trainData, nameof(trainData));
        CheckInputSchema(SchemaShape.Create(trainData.Schema));
        return MakeTransformer(Train(trainData, modelParameters), trainData.Schema);
    }

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) => TrainerColumns.BinaryOutputs(calibrated: true);

    private protected override CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> TrainModelCore(IDataView data) => Train(data, null);

    private protected override BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> MakeTransformer(
        CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name);

    private CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator> Train(IDataView data, LinearModelParameters start) => Train(data,
        rows => 1,
        rows => new LogisticObjective(rows, TrainerOptions.L2Regularization, ThreadCount),
        start == null ? null : parameters => StartFrom(start, parameters),
        (rows, parameters) => new CalibratedScoreModel<LinearBinaryModelParameters, PlattCalibrator>(
            new LinearBinaryModelParameters([.. parameters.Skip(1).Select(weight => (float)weight)], (float)parameters[0]),
            new PlattCalibrator(-1, 0)));   // the scores are log-odds already

    private static void StartFrom(LinearModelParameters start, double[] parameters)
    {
        Contracts.CheckParam(start.Weights.Count == parameters.Length - 1, "modelParameters",
            "The input training data must have the same features used to train the input predictor.");
        parameters[0] = start.Bias;
        for (int i = 0; i < start.Weights.Count; i++) parameters[i + 1] = start.Weights[i];
    }

    /// <summary>Options of the trainer.</summary>
    public sealed class Options : OptionsBase
    {
    }
}
