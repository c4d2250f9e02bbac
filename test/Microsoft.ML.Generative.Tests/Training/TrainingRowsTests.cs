using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Training;

public sealed class TrainingRowsTests
{
    private static readonly MLContext Ml = new(1);

    private static (TrainingTable Table, RowEncoding Encoding) Read(int rows, long memoryBudget, string? label = null)
    {
        var view = Rows.View(Ml, rows);
        var encoding = RowEncoding.Find(view, new VaeOptions { LabelColumnName = label });
        return (TrainingTable.Read(view, encoding, memoryBudget, learn: true, default), encoding);
    }

    private static List<float> First(ITrainingRows rows, int batchSize, long? seed)
    {
        using var generator = seed is { } s ? new Generator((ulong)s) : null;
        return rows.Batches(batchSize, generator).SelectMany(b => b.X.select(1, 0).ToFloats()).ToList();
    }

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(1L << 20)]   // 65,536 rows of four floats: half of them go into a buffer, the rest is streamed
    public void EveryRowOnceInANewOrder(long memoryBudget)
    {
        const int count = 70_000;
        var (table, _) = Read(count, memoryBudget);
        using (table)
        {
            var expected = Rows.Make(count).Select(r => r.Features[0]).ToList();
            var (rows, _) = table.Split(0, false, 1, CPU);
            using (rows)
            {
                Assert.Equal(count, rows.Count);
                Assert.Equal(expected, First(rows, 128, null));
                var shuffled = First(rows, 128, 1);
                Assert.NotEqual(expected, shuffled);
                Assert.Equal(expected.Order(), shuffled.Order());
                Assert.Equal(shuffled, First(rows, 128, 1));
                Assert.NotEqual(shuffled, First(rows, 128, 2));
            }
        }
    }

    [Theory]
    [InlineData(1L << 30)]
    [InlineData(1L << 20)]
    public void HeldOutRowsAreNotLearntFrom(long memoryBudget)
    {
        const int count = 70_000;
        var (table, _) = Read(count, memoryBudget);
        using (table)
        {
            var (training, validation) = table.Split(0.2, false, 3, CPU);
            using (training)
            using (validation)
            {
                Assert.InRange(validation!.Count, 13_500, 14_500);
                Assert.Equal(count, training.Count + validation.Count);
                var all = First(training, 512, 1).Concat(First(validation, 512, null)).Order();
                Assert.Equal(Rows.Make(count).Select(r => r.Features[0]).Order(), all);
            }
        }
    }

    [Fact]
    public void LabelsCanBeEvenedOut()
    {
        var (table, _) = Read(1000, 1 << 30, "Label");
        using (table)
        {
            var (rows, _) = table.Split(0, true, 1, CPU);
            using (rows)
            using (var generator = new Generator(1))
            {
                double rare = rows.Batches(100, generator).Sum(b => b.Condition!.select(1, 0).sum().item<float>());
                Assert.InRange(rare, 430, 570);   // one row in five, drawn half of the time
            }
        }
    }

    [Fact]
    public void TheFingerprintTellsRowsApart()
    {
        var (one, _) = Read(100, 1 << 30);
        var (same, _) = Read(100, 1 << 30);
        var (other, _) = Read(101, 1 << 30);
        using (one)
        using (same)
        using (other)
        {
            Assert.Equal(one.Fingerprint, same.Fingerprint);
            Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        }
    }

    [Theory]
    [InlineData(10, 128, 1, 10)]
    [InlineData(130, 128, 2, 65)]
    [InlineData(1000, 128, 8, 125)]
    public void BatchesAreEven(int rows, int batchSize, int stepsPerEpoch, int expected)
    {
        var plan = new TrainingPlan(new TrainingOptions { BatchSize = batchSize, Epochs = 2 }, new TrainingDefaults(), rows);
        Assert.Equal(stepsPerEpoch, plan.StepsPerEpoch);
        Assert.Equal(expected, plan.BatchSize);
        Assert.Equal(2 * stepsPerEpoch, plan.Steps);
    }
}
