using Demo.Images;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenerateImages;

/// <summary>A small convolutional classifier of the ten classes, trained on the images that the models learn from: two convolutions, 128 units, ten classes. Distances between
/// images are those of its 128 units: only figures of the same classifier can be compared.</summary>
internal sealed class Judge : nn.Module
{
    public const int FeatureSize = 128, Classes = 10;

    private const int Batch = 128, LeastSteps = 60;

    private readonly Conv2d _first, _second;
    private readonly Linear _features, _classes;

    private Judge(Generator generator) : base(nameof(Judge))
    {
        _first = nn.Conv2d(1, 24, 5, stride: 2, padding: 2);      // 14 × 14
        _second = nn.Conv2d(24, 48, 3, stride: 2, padding: 1);    // 7 × 7
        _features = nn.Linear(48 * 7 * 7, FeatureSize);
        _classes = nn.Linear(FeatureSize, Classes);
        RegisterComponents();
        using var noGradient = no_grad();
        foreach (var weight in parameters()) weight.uniform_(-1, 1, generator).mul_(1 / Math.Sqrt(weight.numel() / weight.shape[0]));
    }

    /// <param name="passes">Over the images.</param>
    public static Judge Train(IReadOnlyList<ImageRow> images, int passes, int seed)
    {
        using var generator = new Generator((ulong)seed);
        var judge = new Judge(generator);
        using var scope = NewDisposeScope();
        var (x, y) = (ToTensor(images.Select(image => image.Features)), tensor(images.Select(image => (long)image.Class).ToArray()));
        int batches = (images.Count + Batch - 1) / Batch, steps = Math.Max(LeastSteps, passes * batches);
        using var optimizer = optim.Adam(judge.parameters(), 2e-3);
        var order = Array.Empty<long>();
        var random = new Random(seed);
        for (int step = 0; step < steps; step++)
        {
            using var stepScope = NewDisposeScope();
            if (step % batches == 0) order = [.. Enumerable.Range(0, images.Count).Select(i => (long)i).OrderBy(_ => random.Next())];
            optimizer.ParamGroups.First().LearningRate = 2e-3 * (1 - step / (double)steps);
            var chosen = tensor(order[(step % batches * Batch)..Math.Min(images.Count, (step % batches + 1) * Batch)]);
            var (_, logits) = judge.Look(x.index_select(0, chosen));
            optimizer.zero_grad();
            nn.functional.cross_entropy(logits, y.index_select(0, chosen)).backward();
            optimizer.step();
        }
        return judge;
    }

    private (Tensor Features, Tensor Logits) Look(Tensor x)
    {
        var h = nn.functional.relu(_second.forward(nn.functional.relu(_first.forward(x.view(-1, 1, FashionMnist.Side, FashionMnist.Side)))));
        var features = nn.functional.relu(_features.forward(h.flatten(1)));   // (batch, 128)
        return (features, _classes.forward(features));
    }

    /// <summary>What it makes of images.</summary>
    public List<Judged> Look(IEnumerable<float[]> images)
    {
        using var noGradient = no_grad();
        var judged = new List<Judged>();
        foreach (var chunk in images.Chunk(1000))
        {
            using var scope = NewDisposeScope();
            var (features, logits) = Look(ToTensor(chunk));
            float[] units = features.data<float>().ToArray(), chances = logits.softmax(-1).data<float>().ToArray();
            for (int i = 0; i < chunk.Length; i++)
                judged.Add(new Judged { Features = units[(i * FeatureSize)..((i + 1) * FeatureSize)], Probabilities = chances[(i * Classes)..((i + 1) * Classes)] });
        }
        return judged;
    }

    private static Tensor ToTensor(IEnumerable<float[]> images) => tensor(images.SelectMany(image => image).ToArray()).view(-1, FashionMnist.Side * FashionMnist.Side);
}
