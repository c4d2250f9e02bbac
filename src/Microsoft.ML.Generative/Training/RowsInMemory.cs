using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>Training rows in one tensor: a pass gathers them in a new order, a large block at a time, and batches are views of the block.</summary>
internal sealed class RowsInMemory : ITrainingRows
{
    // on the CPU a block stays in the cache until its batches have been taken; a GPU wants few calls
    private const long BlockNumbers = 1 << 18, BlockRowsOfGpu = 1 << 17;

    private readonly Tensor _rows;           // (rows, width): features, then what the condition is made of
    private readonly int _features;
    private readonly ConditionLayout _condition;
    private readonly Tensor? _labelWeights;  // (rows,): chances that even out the labels; null to take each row once

    /// <param name="rows">(rows, features + what the condition is made of), which this takes over.</param>
    /// <param name="balanceLabels">Draw every label equally often, with replacement, instead of every row once.</param>
    public RowsInMemory(Tensor rows, ConditionLayout condition, bool balanceLabels)
    {
        _rows = rows.DetachFromDisposeScope();
        _features = (int)rows.shape[1] - condition.EncodedWidth;
        _condition = condition;
        Count = rows.shape[0];
        if (!balanceLabels || condition.Labels == 0) return;
        using var scope = NewDisposeScope();
        var labels = rows.select(1, _features).to(int64);
        var counts = labels.bincount(null, condition.Labels).to(float32);   // (labels,)
        _labelWeights = counts.reciprocal().index_select(0, labels).DetachFromDisposeScope();
    }

    public long Count { get; }

    public IEnumerable<Batch> Batches(int batchSize, Generator? shuffle, Func<Tensor, Tensor>? prepare = null)
    {
        using var order = shuffle is null ? null : Order(shuffle);
        long blockRows = _rows.device_type == TorchSharp.DeviceType.CPU ? BlockNumbers / _rows.shape[1] : BlockRowsOfGpu;
        blockRows = Math.Max(batchSize, blockRows / batchSize * batchSize);
        for (long block = 0; block < Count; block += blockRows)
        {
            long size = Math.Min(blockRows, Count - block);
            using var indices = order?.narrow(0, block, size);
            using var rows = indices is null ? _rows.narrow(0, block, size) : _rows.index_select(0, indices);   // (size, width)
            using var features = _condition.Size == 0 ? rows.alias() : rows.narrow(1, 0, _features).contiguous();
            using var x = Prepare(features, prepare);
            using var condition = Condition(rows);
            for (long first = 0; first < size; first += batchSize)
            {
                long count = Math.Min(batchSize, size - first);
                using var batch = x.narrow(0, first, count);
                using var batchCondition = condition?.narrow(0, first, count);
                yield return new Batch(batch, batchCondition);
            }
        }
    }

    private Tensor? Condition(Tensor rows)
    {
        if (_condition.Size == 0) return null;
        using var encoded = rows.narrow(1, _features, _condition.EncodedWidth);
        return _condition.Of(encoded);
    }

    private static Tensor Prepare(Tensor features, Func<Tensor, Tensor>? prepare)
    {
        using var scope = NewDisposeScope();
        return (prepare?.Invoke(features) ?? features).alias().MoveToOuterDisposeScope();
    }

    private Tensor Order(Generator generator)
    {
        var order = _labelWeights is null
            ? randperm(Count, int64, generator.device, generator: generator)
            : multinomial(_labelWeights, Count, replacement: true, generator);
        return order.device.type == _rows.device.type ? order : order.to(_rows.device, disposeAfter: true);
    }

    public void Dispose()
    {
        _rows.Dispose();
        _labelWeights?.Dispose();
    }
}
