using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Metrics;

/// <summary>The squared Euclidean distances between all rows of two tensors, a block at a time: no more of them are in memory than a block has.</summary>
/// <remarks>They come from products of matrices, ‖x‖² + ‖y‖² − 2x·y, with the mean of the first rows taken off; so they are exact to <see cref="Rounding"/>, not relative to themselves.</remarks>
internal sealed class DistanceBlocks : IDisposable
{
    /// <summary>A block of doubles then fits the second cache.</summary>
    public const int DefaultBlockRows = 512;

    private readonly Tensor _first, _second, _firstNorms, _secondNorms;
    private readonly int _blockRows;

    /// <param name="first">(n, d), of Single or Double.</param>
    /// <param name="second">(m, d), of the same type and on the same device.</param>
    public DistanceBlocks(Tensor first, Tensor second, int blockRows = DefaultBlockRows)
    {
        _blockRows = blockRows;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var centre = first.mean([0], keepdim: true);
        _first = (first - centre).DetachFromDisposeScope();
        _second = ReferenceEquals(first, second) ? _first : (second - centre).DetachFromDisposeScope();
        _firstNorms = (_first * _first).sum(dim: 1, keepdim: true).DetachFromDisposeScope();   // (n, 1)
        _secondNorms = (_second * _second).sum(dim: 1, keepdim: true).t().DetachFromDisposeScope();   // (1, m)
        double epsilon = first.dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : MathF.BitIncrement(1) - 1;
        Rounding = 16 * epsilon * Math.Max(_firstNorms.max().ToDouble(), _secondNorms.max().ToDouble());
    }

    /// <summary>How far a squared distance can be from the true one; smaller differences say nothing.</summary>
    public double Rounding { get; }

    /// <summary>Calls with each block: its first row, its first column, the squared distances, which may be changed. What the action makes is disposed after it.</summary>
    /// <param name="upper">Leaves out blocks below the diagonal, for rows with themselves.</param>
    public void ForEach(Action<long, long, Tensor> action, bool upper = false)
    {
        using var noGradient = no_grad();
        for (long row = 0; row < _first.shape[0]; row += _blockRows)
        {
            using var rowScope = NewDisposeScope();
            long rows = Math.Min(_blockRows, _first.shape[0] - row);
            var (values, norms) = (_first.narrow(0, row, rows), _firstNorms.narrow(0, row, rows));
            for (long column = upper ? row : 0; column < _second.shape[0]; column += _blockRows)
            {
                using var scope = NewDisposeScope();
                long columns = Math.Min(_blockRows, _second.shape[0] - column);
                var squared = _secondNorms.narrow(1, column, columns).addmm(values, _second.narrow(0, column, columns).t(), beta: 1, alpha: -2)
                    .add_(norms).clamp_min_(0);   // (rows, columns)
                action(row, column, squared);
            }
        }
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[_first, _second, _firstNorms, _secondNorms]) tensor.Dispose();
    }
}
