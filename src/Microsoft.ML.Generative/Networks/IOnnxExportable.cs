using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Writes into an ONNX graph what it computes by its other capabilities. Every network of the catalog does.</summary>
internal interface IOnnxExportable
{
    /// <summary>Widths of the standard normal noise that <see cref="ISampler"/> draws, in this order; (batch, their sum) is what an exported sample is made of.</summary>
    IReadOnlyList<int> NoiseWidths { get; }

    /// <summary>Why a graph can't draw rows, as the end of a sentence, where <see cref="ISampler"/> can; null if it can.</summary>
    string? WhyNoSampleGraph => null;

    /// <param name="kind">What to compute; only what the network has the capability for.</param>
    /// <param name="x">(batch, features), as encoded; the noise for a sample.</param>
    /// <param name="condition">(batch, conditions), or null.</param>
    /// <returns>As the capability does: (batch,), (batch, features) or (batch, latent).</returns>
    OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition);
}
