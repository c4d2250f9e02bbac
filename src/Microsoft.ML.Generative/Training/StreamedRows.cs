using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>Training rows that are more than the memory they may take: read again in each pass, and shuffled within a buffer.</summary>
internal sealed class StreamedRows : ITrainingRows
{
    // held-out rows beyond this many make the measurement dearer, not better
    private const long MostHeldOutRows = 1 << 16;

    private readonly IDataView _view;
    private readonly RowEncoding _encoding;
    private readonly int _bufferRows;
    private readonly Func<long, bool> _isHeldOut;
    private readonly bool _balanceLabels;
    private readonly Device _device;

    private StreamedRows(IDataView view, RowEncoding encoding, long count, long memoryBudget, Func<long, bool> isHeldOut, bool balanceLabels, Device device)
    {
        _view = view;
        _encoding = encoding;
        Count = count;
        _bufferRows = (int)Math.Clamp(TrainingTable.BudgetRows(encoding, memoryBudget) / 2, 1, int.MaxValue / (sizeof(float) * encoding.Width));
        _isHeldOut = isHeldOut;
        _balanceLabels = balanceLabels;
        _device = device;
    }

    public long Count { get; }

    public static (ITrainingRows Training, ITrainingRows? Validation) Split(
        IDataView view, RowEncoding encoding, long rows, long memoryBudget, double validationFraction, bool balanceLabels, long seed, Device device)
    {
        double share = Math.Min(validationFraction, MostHeldOutRows / (double)rows);
        if (share == 0) return (new StreamedRows(view, encoding, rows, memoryBudget, _ => false, balanceLabels, device), null);
        bool IsHeldOut(long position) => RandomSeeds.Of(seed, position) < share * long.MaxValue;
        var heldOut = Validation(view, encoding, IsHeldOut, device);
        return (new StreamedRows(view, encoding, rows - heldOut.Count, memoryBudget, IsHeldOut, balanceLabels, device), heldOut);
    }

    public IEnumerable<Batch> Batches(int batchSize, Generator? shuffle, Func<Tensor, Tensor>? prepare = null)
    {
        foreach (var (values, rows) in Filter(_view, _encoding, _bufferRows, position => !_isHeldOut(position)))
        {
            using var block = new RowsInMemory(
                TensorTransfer.ToTensor(values, rows, _encoding.Width, _device), _encoding.Condition, _balanceLabels && shuffle is not null);
            foreach (var batch in block.Batches(batchSize, shuffle, prepare)) yield return batch;
        }
    }

    private static RowsInMemory Validation(IDataView view, RowEncoding encoding, Func<long, bool> isHeldOut, Device device)
    {
        var (values, rows) = Filter(view, encoding, (int)Math.Min(2 * MostHeldOutRows, int.MaxValue / (sizeof(float) * encoding.Width)), isHeldOut).First();
        return new RowsInMemory(TensorTransfer.ToTensor(values, rows, encoding.Width, device), encoding.Condition, false);
    }

    // rows that are wanted by their position, in blocks
    private static IEnumerable<(float[] Values, int Rows)> Filter(IDataView view, RowEncoding encoding, int blockRows, Func<long, bool> isWanted)
    {
        int width = encoding.Width, filled = 0;
        long position = 0;
        var block = new float[blockRows * width];
        foreach (var (values, rows) in EncodedRows.Read(view, encoding, TrainingTable.BlockRows(encoding)))
            for (int i = 0; i < rows; i++)
            {
                if (!isWanted(position++)) continue;
                values.AsSpan(i * width, width).CopyTo(block.AsSpan(filled * width));
                if (++filled < blockRows) continue;
                yield return (block, filled);
                filled = 0;
            }
        if (filled > 0) yield return (block, filled);
    }

    public void Dispose()
    {
    }
}
