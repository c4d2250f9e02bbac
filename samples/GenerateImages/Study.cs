using System.Diagnostics;
using System.Globalization;
using Demo.Images;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace GenerateImages;

/// <summary>Trains the models on the same images, has them draw, and judges what they draw by images that none of them has seen.</summary>
internal sealed record Study
{
    private const int Columns = 10, Lines = 10;

    // of the classifier
    private const int Passes = 4;

    // by which the time of a step is found
    private const int FewTrialSteps = 10, MoreTrialSteps = 40, TrialRows = 1000;

    public required string Data { get; init; }

    public required string Output { get; init; }

    public required IReadOnlyList<Contender> Models { get; init; }

    public required int Rows { get; init; }

    public required int Samples { get; init; }

    public required double Minutes { get; init; }

    public int? Steps { get; init; }

    /// <summary>Weights at which models that can be guided draw.</summary>
    public required IReadOnlyList<double> Guidance { get; init; }

    public int Seed { get; init; }

    public int Run()
    {
        if (!File.Exists(Path.Combine(Data, "train-images-idx3-ubyte.gz")))
            throw new InvalidDataException($"Fashion-MNIST is not in {Data}. Debian has it as dataset-fashion-mnist; or name the folder that has the four .gz files.");
        Directory.CreateDirectory(Output);
        var data = FashionMnist.Read(Data);
        var train = data.Train.Take(Rows).ToList();
        int judged = Math.Min(Samples, data.Test.Count);
        var ml = new MLContext(Seed);

        using var judge = Judge.Train(train, Passes, Seed);
        var test = judge.Look(data.Test.Take(judged).Select(row => row.Features));
        double right = test.Zip(data.Test).Average(pair => Array.IndexOf(pair.First.Probabilities, pair.First.Probabilities.Max()) == pair.Second.Class ? 1.0 : 0);
        Say($"{train.Count} images to learn from; the classifier names {right:P1} of {judged} test images rightly. FID and the rest are of its {Judge.FeatureSize} units, against these test images.");
        Say($"{"",-12}{"CPU s",8}{"steps",8}{"FID",9}{"inception",11}{"precision",11}{"recall",9}{"density",9}{"coverage",10}");
        Report(ml, "real images", judge.Look(train.Take(judged).Select(row => row.Features)), test, "", "");
        var grids = new List<IReadOnlyList<float[]>> { Grid("real", InOrderOfClass(train)) };

        var names = new List<string> { "real" };
        foreach (var contender in Models)
        {
            int steps = Steps ?? StepsWithin(ml, contender, train);
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            using var model = Fit(ml, contender, train, steps, new Percentages(contender.Name));
            var time = Process.GetCurrentProcess().TotalProcessorTime - before;
            foreach (double? weight in contender.CanBeGuided ? Guidance.Select(weight => (double?)weight) : [null])
            {
                string name = weight is null or 0 ? contender.Name : Invariant($"{contender.Name}-w{weight}");
                var drawn = Drawn(model.Sample(judged, Seed + 1, new SampleOptions { GuidanceWeight = weight }));
                Report(ml, name, judge.Look(drawn), test, Invariant($"{time.TotalSeconds:F0}"), Invariant($"{steps}"));
                grids.Add(Grid(name, OfEveryClass(model, weight)));
                names.Add(name);
            }
        }
        Picture([.. Enumerable.Range(0, Lines).SelectMany(line => grids.SelectMany(grid => grid.Skip(line * Columns).Take(Columns)))], "side-by-side", Columns * grids.Count);
        Say($"Pictures in {Path.GetFullPath(Output)}: a column for each class; side-by-side.png: {string.Join(", ", names)}.");
        return 0;
    }

    private GenerativeTransformer Fit(MLContext ml, Contender contender, IEnumerable<ImageRow> rows, int steps, IProgress<TrainingProgress>? progress = null) =>
        contender.Create(ml, new TrainingOptions { Steps = steps, Progress = progress }, Seed).Fit(ml.Data.LoadFromEnumerable(Garment.Of(rows)));

    // two short fits, of which all but the steps is the same
    private int StepsWithin(MLContext ml, Contender contender, IReadOnlyList<ImageRow> train)
    {
        var rows = train.Take(TrialRows).ToList();
        using (Fit(ml, contender, rows, FewTrialSteps)) { }   // what is done the first time takes longer
        double few = Time(FewTrialSteps), more = Time(MoreTrialSteps);
        double secondsOfStep = Math.Max(1e-4, (more - few) / (MoreTrialSteps - FewTrialSteps));
        return Math.Max(1, (int)(60 * Minutes / secondsOfStep));

        double Time(int steps)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            using var model = Fit(ml, contender, rows, steps);
            return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        }
    }

    private void Report(MLContext ml, string name, List<Judged> drawn, List<Judged> test, string time, string steps)
    {
        var (real, synthetic) = (Judged.View(ml, test), Judged.View(ml, drawn));
        var fid = ml.Generative.Metrics.Frechet(real, synthetic);
        var near = ml.Generative.Metrics.PrecisionRecall(real, synthetic);
        var inception = ml.Generative.Metrics.InceptionScore(synthetic, nameof(Judged.Probabilities));
        Say($"{name,-12}{time,8}{steps,8}{fid.Squared,9:F2}{inception.Mean,11:F2}{near.Precision,11:F3}{near.Recall,9:F3}{near.Density,9:F3}{near.Coverage,10:F3}");
    }

    // as pictures show them: from black to white
    private static IEnumerable<float[]> Drawn(IDataView samples) => samples.GetColumn<float[]>(nameof(Garment.Features)).Select(image => Array.ConvertAll(image, value => Math.Clamp(value, 0, 1)));

    // so many images of each class, class after class in every line
    private List<float[]> OfEveryClass(GenerativeTransformer model, double? guidance)
    {
        var of = FashionMnist.ClassNames.Select((name, i) => Drawn(model.Sample(Lines, Seed + 2 + i, new SampleOptions { Label = name, GuidanceWeight = guidance })).ToList()).ToList();
        return [.. Enumerable.Range(0, Lines).SelectMany(line => of.Select(images => images[line]))];
    }

    private static List<float[]> InOrderOfClass(IEnumerable<ImageRow> rows)
    {
        var of = rows.GroupBy(row => row.Class).OrderBy(group => group.Key).Select(group => group.Take(Lines).ToList()).ToList();
        return [.. Enumerable.Range(0, of.Min(images => images.Count)).SelectMany(line => of.Select(images => images[line].Features))];
    }

    private IReadOnlyList<float[]> Grid(string name, IReadOnlyList<float[]> images)
    {
        Picture(images, name, Columns);
        return images;
    }

    private void Picture(IReadOnlyList<float[]> images, string name, int columns) => GrayImage.Grid(images, FashionMnist.Side, columns).Save(Path.Combine(Output, name + ".png"));

    // what is trained afterwards has steps of its own
    private sealed class Percentages(string model) : IProgress<TrainingProgress>
    {
        private long _told;

        public void Report(TrainingProgress value)
        {
            long percent = 100 * value.Step / value.PlannedSteps;
            if (percent == _told) return;
            _told = percent;
            Console.Error.WriteLine(Invariant($"{model}: {percent} % of {value.PlannedSteps} steps, loss {value.Loss:F4}"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Say(FormattableString text) => Console.WriteLine(Invariant(text));
}
