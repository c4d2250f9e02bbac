using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>Mean and covariance of rows, out of batches of them, in doubles.</summary>
internal sealed class FeatureMoments : IDisposable
{
    private readonly Tensor _centre, _sums, _products;   // of the differences from the centre, which is the mean of the first batch

    /// <param name="batch">(rows, d): the first rows.</param>
    public FeatureMoments(Tensor batch)
    {
        using var scope = NewDisposeScope();
        _centre = batch.to(ScalarType.Float64).mean([0], keepdim: true).DetachFromDisposeScope();   // (1, d)
        _sums = zeros_like(_centre).DetachFromDisposeScope();
        _products = zeros(batch.shape[1], batch.shape[1], ScalarType.Float64, batch.device).DetachFromDisposeScope();
        Add(batch);
    }

    public int Rows { get; private set; }

    /// <param name="batch">(rows, d): further rows.</param>
    public void Add(Tensor batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var differences = batch.to(ScalarType.Float64) - _centre;
        _sums.add_(differences.sum(dim: 0, keepdim: true));
        _products.addmm_(differences.t(), differences);
        Rows += (int)batch.shape[0];
    }

    /// <summary>(d).</summary>
    public Tensor Mean() => (_centre + _sums / Rows).squeeze(0);

    /// <summary>(d, d), unbiased: by the number of rows less one.</summary>
    public Tensor Covariance() => (_products - _sums.t().mm(_sums) / Rows) / (Rows - 1);

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_centre, _sums, _products]) tensor.Dispose();
    }
}
