namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Options of <see cref="OnnxScoringEstimator"/>.</summary>
public sealed class OnnxOptions
{
    /// <summary>The model.</summary>
    public string ModelFile;

    /// <summary>The columns that are read, named as the model's inputs.</summary>
    public string[] InputColumns;

    /// <summary>The columns that are made, named as the model's outputs.</summary>
    public string[] OutputColumns;

    /// <summary>The GPU; null for the CPU.</summary>
    public int? GpuDeviceId = null;

    /// <summary>Whether the CPU is taken where there is no GPU.</summary>
    public bool FallbackToCpu = false;

    /// <summary>Shapes that take the place of those in the file.</summary>
    public IDictionary<string, int[]> ShapeDictionary;

    /// <summary>How deep the messages of the file may be nested.</summary>
    public int RecursionLimit = 100;

    /// <summary>Threads across nodes; null for the default.</summary>
    public int? InterOpNumThreads = null;

    /// <summary>Threads within a node; null for the default.</summary>
    public int? IntraOpNumThreads = null;
}
