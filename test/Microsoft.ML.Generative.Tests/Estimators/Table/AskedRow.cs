using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>A row of a table whose distribution is known: the kind is a, b or c with chances 0.5, 0.3 and 0.2 (but for a few rare ones), the flag is true with 0.9, 0.5 and 0.1 given these,
/// the amount is 0 or around 10, 20 and 30.</summary>
public sealed class AskedRow
{
    public const double MissingAmounts = 0.2;

    public static readonly string[] Columns = ["Kind", "Flag", "Age", "Amount", "Real", "Day", "Pair"];

    public static readonly double[] KindChances = [0.5, 0.3, 0.2], FlagChances = [0.9, 0.5, 0.1];

    public string Kind { get; set; } = "";

    public bool Flag { get; set; }

    public int Age { get; set; }

    public float Amount { get; set; }

    public double Real { get; set; }

    public DateTime Day { get; set; }

    [VectorType(2)]
    public float[] Pair { get; set; } = [];

    public string Id { get; set; } = "";

    public static List<AskedRow> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double u = random.NextDouble();
            int kind = u < 0.5 ? 0 : u < 0.8 ? 1 : 2;
            return new AskedRow
            {
                Kind = i % 400 == 7 ? $"rare {i}" : "abc"[kind].ToString(),
                Flag = random.NextDouble() < FlagChances[kind],
                Age = random.Next(4) == 0 ? 40 : random.Next(20, 60),
                Amount = random.NextDouble() < MissingAmounts ? float.NaN : random.Next(3) == 0 ? 0 : (float)Math.Round(10 * (kind + 1) + Rows.Normal(random), 2),
                Real = Math.Exp(Rows.Normal(random)) + kind,
                Day = new DateTime(2020, 1, 1).AddDays(random.Next(1000)),
                Pair = [random.Next(2), (float)Rows.Normal(random)],
                Id = $"id {i} {seed}",
            };
        })];
    }
}
