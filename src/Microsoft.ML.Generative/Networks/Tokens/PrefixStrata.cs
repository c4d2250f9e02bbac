using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Uniform numbers for rows that are drawn together, column by column, spread evenly over rows that are alike so far: before each column the rows are sorted by what is drawn of
/// them, and each block of neighbours gets one number from every equal part of 0 to 1 (stratified sampling). Each row is drawn from the distribution of the model as ever; the shares
/// among the rows scatter less than those of independent draws.</summary>
internal sealed class PrefixStrata(long rows, Generator generator, Device device) : IDisposable
{
    private const long BlockRows = 64;

    private Tensor? _group;   // (rows,) Int64: the place among all prefixes, sorted, of what is drawn of the row so far; null if nothing is

    /// <returns>(rows, 1)</returns>
    public Tensor Next()
    {
        long size = _group is null ? rows : Math.Min(BlockRows, rows), blocks = (rows + size - 1) / size;
        var strata = (Uniform(blocks, size).argsort(1) + Uniform(blocks, size)).div_(size).view(-1).narrow(0, 0, rows);
        var key = Uniform(rows, 1).squeeze(1);
        var sorted = (_group is null ? key : _group + key).argsort();
        return empty(rows, device: device).index_copy_(0, sorted, strata).unsqueeze(1);
    }

    /// <param name="tokens">(rows,) Int64, what was drawn of the next column</param>
    /// <param name="count">How many tokens there are.</param>
    public void Add(Tensor tokens, int count)
    {
        using var scope = NewDisposeScope();
        var prefix = (_group ?? zeros_like(tokens)) * count + tokens;
        var sorted = prefix.argsort();
        var values = prefix.index_select(0, sorted);
        var isNew = values.narrow(0, 1, rows - 1).ne(values.narrow(0, 0, rows - 1)).to(int64);
        var places = cat([zeros(1, int64, device), isNew.cumsum(0)]);
        _group?.Dispose();
        _group = zeros_like(tokens).index_copy_(0, sorted, places).DetachFromDisposeScope();
    }

    private Tensor Uniform(long first, long second) => empty(first, second, device: device).uniform_(0, 1, generator);

    public void Dispose() => _group?.Dispose();
}
