using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>ONNX models as steps of a pipeline. Columns are named as the inputs and outputs of the model.</summary>
public static class OnnxCatalog
{
    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [], [], OnnxTransformer.FromFile(modelFile), null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string modelFile, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [], [], OnnxTransformer.FromFile(modelFile), shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [], [], OnnxTransformer.FromStream(modelBytes), null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, Stream modelBytes, IDictionary<string, int[]> shapeDictionary, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [], [], OnnxTransformer.FromStream(modelBytes), shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [outputColumnName], [inputColumnName], OnnxTransformer.FromFile(modelFile), null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, string modelFile, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [outputColumnName], [inputColumnName], OnnxTransformer.FromFile(modelFile), shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [outputColumnName], [inputColumnName], OnnxTransformer.FromStream(modelBytes), null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string outputColumnName, string inputColumnName, Stream modelBytes, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, [outputColumnName], [inputColumnName], OnnxTransformer.FromStream(modelBytes), shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, outputColumnNames, inputColumnNames, OnnxTransformer.FromFile(modelFile), null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, outputColumnNames, inputColumnNames, OnnxTransformer.FromFile(modelFile), shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, string modelFile, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false, int recursionLimit = 100) =>
        Apply(catalog, outputColumnNames, inputColumnNames, OnnxTransformer.FromFile(modelFile), shapeDictionary, gpuDeviceId, fallbackToCpu, recursionLimit);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, outputColumnNames, inputColumnNames, OnnxTransformer.FromStream(modelBytes), null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, Stream modelBytes, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        Apply(catalog, outputColumnNames, inputColumnNames, OnnxTransformer.FromStream(modelBytes), shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string[] outputColumnNames, string[] inputColumnNames, Stream modelBytes, IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null, bool fallbackToCpu = false, int recursionLimit = 100) =>
        Apply(catalog, outputColumnNames, inputColumnNames, OnnxTransformer.FromStream(modelBytes), shapeDictionary, gpuDeviceId, fallbackToCpu, recursionLimit);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options) => Apply(
        catalog, options.OutputColumns, options.InputColumns, OnnxTransformer.FromFile(options.ModelFile), options.ShapeDictionary,
        options.GpuDeviceId, options.FallbackToCpu, options.RecursionLimit, options.InterOpNumThreads, options.IntraOpNumThreads);

    // Where no GPU is asked for, the environment's is taken.
    private static OnnxScoringEstimator Apply(
        TransformsCatalog catalog, string[] outputs, string[] inputs, Func<byte[]> modelBytes, IDictionary<string, int[]> shapes,
        int? gpuDeviceId, bool fallbackToCpu, int recursionLimit = 100, int? interOpNumThreads = null, int? intraOpNumThreads = null)
    {
        var environment = catalog.GetEnvironment();
        var local = LocalEnvironment.Of(environment);
        return new(environment, modelBytes, new()
        {
            Inputs = Contracts.CheckValue(inputs, nameof(inputs)),
            Outputs = Contracts.CheckValue(outputs, nameof(outputs)),
            GpuDeviceId = gpuDeviceId ?? local.GpuDeviceId,
            FallbackToCpu = gpuDeviceId == null && local.GpuDeviceId != null ? local.FallbackToCpu : fallbackToCpu,
            Shapes = shapes == null ? [] : [.. shapes.Select(shape => (shape.Key, shape.Value))],
            RecursionLimit = recursionLimit,
            InterOpNumThreads = interOpNumThreads,
            IntraOpNumThreads = intraOpNumThreads,
        });
    }
}
