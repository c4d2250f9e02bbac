using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Makes rows of what the generator's last layer gives: a number is that number, a 0 or 1 and a one-hot vector are drawn, relaxed so that gradients pass (Maddison et al., 2017; Jang et al., 2017).</summary>
/// <param name="isHard">Whether one-hot vectors are rounded, with the gradients of those that are not (straight through).</param>
internal sealed class RowHead(IReadOnlyList<FeatureSpan> spans, bool isHard = false)
{
    // of the relaxation: at 0 nothing of the noise would be soft, and no gradient would pass
    private const float Temperature = 0.3f;

    // of the chances that noise stands for
    private const double Least = 1e-6;

    /// <summary>How many numbers of noise a row takes.</summary>
    public int NoiseWidth { get; } = spans.Where(IsDrawn).Sum(span => span.Width);

    /// <param name="output">(batch, width) of the last layer.</param>
    /// <param name="noise">(batch, noise width) standard normal; null for chances in the place of draws.</param>
    /// <returns>(batch, width)</returns>
    public Tensor Apply(Tensor output, Tensor? noise)
    {
        if (NoiseWidth == 0) return output;
        var uniform = noise is null ? null : special.ndtr(noise).clamp(Least, 1 - Least);
        var parts = new List<Tensor>();
        int next = 0;
        foreach (var span in spans)
        {
            var part = output.narrow(1, span.Start, span.Width);
            if (IsDrawn(span) && uniform is not null)
            {
                var u = uniform.narrow(1, next, span.Width);
                next += span.Width;
                part = span.Kind == SpanKind.Binary ? ((part + u.log() - (1 - u).log()) / Temperature).sigmoid() : Rounded(((part - (-u.log()).log()) / Temperature).softmax(-1));
            }
            else if (IsDrawn(span)) part = span.Kind == SpanKind.Binary ? part.sigmoid() : part.softmax(-1);
            parts.Add(part);
        }
        return cat(parts, 1);
    }

    private Tensor Rounded(Tensor soft) => isHard ? nn.functional.one_hot(soft.argmax(-1), soft.shape[^1]).to(float32) + (soft - soft.detach()) : soft;

    /// <summary>Rows with zeros and ones again.</summary>
    public Tensor Round(Tensor y)
    {
        if (!spans.Any(span => span.Kind == SpanKind.Binary)) return y;
        return cat([.. spans.Select(span => y.narrow(1, span.Start, span.Width) is var part && span.Kind == SpanKind.Binary ? part.gt(0.5).to(float32) : part)], 1);
    }

    /// <inheritdoc cref="Apply(Tensor, Tensor?)"/>
    public OnnxValue Apply(OnnxValue output, OnnxValue? noise)
    {
        if (NoiseWidth == 0) return output;
        var uniform = noise?.NormalDistribution().Clamp((float)Least, 1 - (float)Least);
        var parts = new List<OnnxValue>();
        int next = 0;
        foreach (var span in spans)
        {
            var part = output.Narrow(1, span.Start, span.Width);
            if (IsDrawn(span) && uniform is not null)
            {
                var u = uniform.Narrow(1, next, span.Width);
                next += span.Width;
                part = span.Kind == SpanKind.Binary ? ((part + u.Log() - (1f - u).Log()) / Temperature).Sigmoid() : Rounded(((part - (-u.Log()).Log()) / Temperature).Softmax(), span.Width);
            }
            else if (IsDrawn(span)) part = span.Kind == SpanKind.Binary ? part.Sigmoid() : part.Softmax();
            parts.Add(part);
        }
        return Joined(parts);
    }

    /// <inheritdoc cref="Round(Tensor)"/>
    public OnnxValue Round(OnnxValue y)
    {
        if (!spans.Any(span => span.Kind == SpanKind.Binary)) return y;
        return Joined([.. spans.Select(span => y.Narrow(1, span.Start, span.Width) is var part && span.Kind == SpanKind.Binary ? part.Greater(part.Graph.Scalar(0.5f)).ToFloat() : part)]);
    }

    private OnnxValue Rounded(OnnxValue soft, int width) => isHard ? soft.OneHotMaximum(width) : soft;

    private static OnnxValue Joined(List<OnnxValue> parts) => parts is [var single] ? single : parts[0].Concatenate(1, [.. parts.Skip(1)]);

    private static bool IsDrawn(FeatureSpan span) => span.Kind is SpanKind.Binary or SpanKind.Categorical;
}
