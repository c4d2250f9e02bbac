using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>How the continuous features of a table go together.</summary>
internal static class Correlations
{
    // added to every eigenvalue, as a share of the mean one, so that directions without spread do not blow up
    private const double Ridge = 0.01;

    private const int BatchRows = 8192;

    /// <summary>Correlation of the continuous features, shrunk towards a multiple of the identity by as much as few rows ask for (oracle approximating
    /// shrinkage, Chen et al., 2010, equation 23); the identity for all other features and for
    /// those that are constant.</summary>
    /// <returns>features × features, row by row.</returns>
    public static float[] Of(ITrainingRows rows, NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var kinds = input.Spans.SelectMany(s => Enumerable.Repeat(s.Kind == SpanKind.Continuous ? 1f : 0f, s.Width)).ToArray();
        Tensor? mean = null, scale = null, products = null;
        foreach (var batch in rows.Batches(BatchRows, null))
        {
            var device = batch.X.device;
            mean ??= tensor(input.Mean, device: device);
            scale ??= tensor(input.Scale, device: device);
            products ??= zeros(input.Features, input.Features, float64, device);
            using var batchScope = NewDisposeScope();
            var standardized = (batch.X - mean).div_(scale).to(float64);   // (batch, features)
            products.add_(standardized.t().mm(standardized), 1.0 / rows.Count);
        }
        var covariance = products!.cpu();
        var varies = tensor(kinds, float64) * covariance.diagonal().gt(0).to(float64);   // (features,) 1 for a continuous feature that is not constant
        var identity = eye(input.Features, dtype: float64);
        var correlation = varies.sum().item<double>() < 2 ? identity : where(outer(varies, varies).to(@bool), Shrink(covariance, varies, rows.Count), identity);
        return correlation.to(float32).ToFloats();
    }

    private static Tensor Shrink(Tensor covariance, Tensor varies, long rows)
    {
        double size = varies.sum().item<double>();
        var among = covariance * outer(varies, varies);
        double trace = among.diagonal().sum().item<double>(), squares = among.square().sum().item<double>();
        double numerator = (1 - 2 / size) * squares + trace * trace;
        double denominator = (rows + 1 - 2 / size) * (squares - trace * trace / size);
        double share = denominator <= 0 ? 1 : Math.Min(1, numerator / denominator);
        return covariance * (1 - share) + eye(covariance.shape[0], dtype: float64) * ((share + Ridge) * trace / size);
    }
}
