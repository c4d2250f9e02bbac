using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>The rows to learn from after one pass over them: their statistics, and the rows themselves where they fit into memory.</summary>
internal sealed class TrainingTable : IDisposable
{
    private readonly IDataView _view;
    private readonly RowEncoding _encoding;
    private readonly long _memoryBudget;
    private readonly Tensor? _rows;   // (rows, width) on the CPU; null if they are too many

    private TrainingTable(IDataView view, RowEncoding encoding, long memoryBudget, FeatureStatistics statistics, Tensor? rows, long fingerprint)
    {
        _view = view;
        _encoding = encoding;
        _memoryBudget = memoryBudget;
        _rows = rows;
        Statistics = statistics;
        Fingerprint = fingerprint;
    }

    public FeatureStatistics Statistics { get; }

    /// <summary>A number that tells these rows from others, for manifests and checkpoints.</summary>
    public long Fingerprint { get; }

    public long Rows => Statistics.Rows;

    /// <param name="learn">Whether labels and the moments of the context are learnt (from the rows to learn from), or new labels refused (in those to measure on, or to go on training with).</param>
    /// <exception cref="ArgumentException">A row holds what is not finite, or a label not known.</exception>
    public static TrainingTable Read(IDataView view, RowEncoding encoding, long memoryBudget, bool learn, CancellationToken cancellation)
    {
        var statistics = new FeatureStatistics(encoding.Features);
        var contextStatistics = new FeatureStatistics(encoding.ContextWidth);
        var blocks = new List<float[]>();
        long budgetRows = BudgetRows(encoding, memoryBudget), fingerprint = 0;
        foreach (var (values, rows) in EncodedRows.Read(view, encoding, BlockRows(encoding), learn, cancellation))
        {
            for (int i = 0; i < rows; i++)
            {
                statistics.Add(values.AsSpan(i * encoding.Width, encoding.Features));
                contextStatistics.Add(values.AsSpan((i + 1) * encoding.Width - encoding.ContextWidth, encoding.ContextWidth));
            }
            fingerprint = Hash(fingerprint, values.AsSpan(0, rows * encoding.Width));
            if (statistics.Rows <= budgetRows) blocks.Add(values[..(rows * encoding.Width)]);
            else blocks.Clear();
        }
        if (learn) encoding.Context?.Learn(contextStatistics);
        var inMemory = statistics.Rows <= budgetRows ? Join(blocks, statistics.Rows, encoding.Width) : null;
        return new TrainingTable(view, encoding, memoryBudget, statistics, inMemory, fingerprint);
    }

    /// <summary>Parts the rows into those to learn from and those to measure on.</summary>
    /// <param name="validationFraction">Share held out; at least one row if it is above 0.</param>
    public (ITrainingRows Training, ITrainingRows? Validation) Split(double validationFraction, bool balanceLabels, long seed, Device device)
    {
        if (_rows is null) return StreamedRows.Split(_view, _encoding, Rows, _memoryBudget, validationFraction, balanceLabels, seed, device);
        using var scope = NewDisposeScope();
        var onDevice = _rows.to(device);
        long heldOut = validationFraction > 0 ? Math.Clamp((long)Math.Round(validationFraction * Rows), 1, Rows - 1) : 0;
        if (heldOut == 0) return (InMemory(onDevice.alias(), balanceLabels), null);
        var generator = new Generator((ulong)seed);
        var order = randperm(Rows, int64, generator: generator).to(device);
        generator.Dispose();
        return (InMemory(onDevice.index_select(0, order.narrow(0, heldOut, Rows - heldOut)), balanceLabels),
                InMemory(onDevice.index_select(0, order.narrow(0, 0, heldOut)), false));
    }

    /// <summary>All rows in their own order.</summary>
    public ITrainingRows All(Device device) => Split(0, false, 0, device).Training;

    private RowsInMemory InMemory(Tensor rows, bool balanceLabels) => new(rows, _encoding.Condition, balanceLabels);

    internal static int BlockRows(RowEncoding encoding) => Math.Max(1, (1 << 20) / encoding.Width);

    internal static long BudgetRows(RowEncoding encoding, long memoryBudget) => memoryBudget / (sizeof(float) * encoding.Width);

    private static Tensor Join(List<float[]> blocks, long rows, int width)
    {
        var result = empty(rows, width, float32);
        long row = 0;
        foreach (var block in blocks)
        {
            using var scope = NewDisposeScope();
            var source = TensorTransfer.ToTensor(block, block.Length / width, width, CPU);
            result.narrow(0, row, source.shape[0]).copy_(source);
            row += source.shape[0];
        }
        return result.DetachFromDisposeScope();
    }

    private static long Hash(long seed, ReadOnlySpan<float> values)
    {
        foreach (float value in values) seed = RandomSeeds.Of(seed, BitConverter.SingleToInt32Bits(value));
        return seed;
    }

    public void Dispose() => _rows?.Dispose();
}
