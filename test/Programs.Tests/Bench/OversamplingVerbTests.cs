using System.Globalization;
using System.Text;

namespace MLGenerative.Programs.Tests.Bench;

public sealed class OversamplingVerbTests : IDisposable
{
    private readonly BenchRun _bench = new();

    [Fact]
    public void Balances_the_training_folds_and_leaves_every_row_in_one_test_fold()
    {
        WriteTable(common: 83, rare: 17);

        Assert.Equal(0, _bench.Run("oversampling", "--samplers", "none,smote,vae", "--epochs", "5"));

        const string Header = "x,kind=blue,kind=red,label";   // the text column as zeros and ones
        string[][] results = _bench.ReadOut("oversampling.csv", "dataset,fold,sampler,classifier,auprc,f1,balanced_accuracy,auroc,sample_s");
        Assert.Equal(2 * 15, results.Length);
        Assert.All(results, r => Assert.All(r[4..8], figure => Assert.InRange(double.Parse(figure, CultureInfo.InvariantCulture), 0, 1)));
        int rareInTests = 0, commonInTests = 0;
        for (int fold = 0; fold < 5; fold++)
        {
            string[][] test = _bench.ReadOut($"folds/set.{fold}.test.csv", Header);
            int rareInTest = Rare(test), commonInTest = test.Length - rareInTest;
            Assert.InRange(rareInTest, 3, 4);
            Assert.InRange(commonInTest, 16, 17);
            rareInTests += rareInTest;
            commonInTests += commonInTest;

            Assert.Equal(100 - test.Length, _bench.ReadOut($"folds/set.{fold}.none.train.csv", Header).Length);
            foreach (string sampler in (string[])["smote", "vae"])
            {
                string[][] train = _bench.ReadOut($"folds/set.{fold}.{sampler}.train.csv", Header);
                Assert.Equal(2 * (83 - commonInTest), train.Length);
                Assert.Equal(83 - commonInTest, Rare(train));
            }
        }
        Assert.Equal((17, 83), (rareInTests, commonInTests));
    }

    public void Dispose() => _bench.Dispose();

    private static int Rare(string[][] rows) => rows.Count(r => r[^1] == "1");

    private void WriteTable(int common, int rare)
    {
        var random = new Random(1);
        var table = new StringBuilder("x,kind,label\n");
        for (int i = 0; i < common + rare; i++)
            table.AppendLine(CultureInfo.InvariantCulture, $"{random.NextDouble() + (i < common ? 0 : 0.7)},{(random.Next(2) == 0 ? "red" : "blue")},{(i < common ? 0 : 1)}");
        _bench.WriteData("set.csv", table.ToString());
    }
}
