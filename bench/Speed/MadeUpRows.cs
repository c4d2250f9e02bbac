using MLGenerative.Bench.Data;

namespace MLGenerative.Bench.Speed;

/// <summary>Features that depend on three hidden ones, and noise; always the same.</summary>
internal static class MadeUpRows
{
    public static LabelledRows Create(int count, int features)
    {
        var random = new Random(0);
        float[][] mixing = [.. Enumerable.Range(0, features).Select(_ => Normal(random, 3))];
        var rows = Enumerable.Range(0, count).Select(_ =>
        {
            float[] hidden = Normal(random, 3), noise = Normal(random, features);
            return new LabelledRow { Features = [.. noise.Select((n, i) => 0.3f * n + mixing[i].Zip(hidden, (m, h) => m * h).Sum())] };
        });
        return new LabelledRows([.. Enumerable.Range(1, features).Select(i => $"f{i}")], [.. rows]);
    }

    private static float[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
