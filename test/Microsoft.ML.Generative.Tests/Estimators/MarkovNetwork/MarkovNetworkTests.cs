using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators.MarkovNetwork;

/// <summary>Markov networks as estimators, on rows that a known network has drawn.</summary>
public sealed class MarkovNetworkTests
{
    private static readonly MLContext Ml = new(1);

    public sealed class Bits
    {
        [VectorType(9)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }

    private static IDataView View(IEnumerable<int[]> rows) => Ml.Data.LoadFromEnumerable(rows.Select((row, i) => new Bits { Features = [.. row.Select(token => (float)token)], Label = i % 3 == 0 }).ToList());

    private static readonly SmallNetwork Truth = SmallNetwork.Grid(seed: 20);

    private static IDataView Drawn(int rows = 3000, int seed = 21) => View(LearningTests.RandomRows(Truth, rows, seed));

    private static float[] LogDensities(GenerativeTransformer model, IDataView view) => Models.Floats(model.Transform(view), "LogDensity");

    public static TheoryData<MarkovStructure> Structures => [.. Enum.GetValues<MarkovStructure>()];

    [Theory]
    [MemberData(nameof(Structures))]
    public void ChancesOfAllRowsAddUpToOneWhateverTheEdges(MarkovStructure structure)
    {
        var options = new MarkovNetworkOptions { Structure = structure, GridWidth = 3, Edges = [new("Features.0", "Features.4"), new("Features.4", "Features.8"), new("Features.0", "Features.8")] };
        using var model = Ml.Generative.TrainMarkovNetwork(options).Fit(Drawn());
        Assert.Equal(DensityKind.Exact, model.DensityKind);
        Assert.Equal(1, LogDensities(model, View(Truth.AllRows())).Sum(density => Math.Exp(density)), 1e-4);

        using var ofLabel = Ml.Generative.TrainMarkovNetwork(options with { LabelColumnName = "Label" }).Fit(Drawn());
        foreach (bool label in new[] { false, true })
        {
            var all = Ml.Data.LoadFromEnumerable(Truth.AllRows().Select(row => new Bits { Features = [.. row.Select(token => (float)token)], Label = label }).ToList());
            Assert.Equal(1, LogDensities(ofLabel, all).Sum(density => Math.Exp(density)), 1e-4);
        }
    }

    [Fact]
    public void MoreEdgesSayMoreAndTheTrueOnesAreEnough()
    {
        // edges that all say as much, so that a tree is not enough
        var truth = SmallNetwork.Grid(seed: 23);
        foreach (double[] weights in truth.Weights.Edges)
            for (int k = 0; k < weights.Length; k++) weights[k] = k is 0 or 3 ? 0.4 : -0.4;
        var (rows, test) = (View(LearningTests.RandomRows(truth, 3000, 24)), View(LearningTests.RandomRows(truth, 3000, 25)));
        double Mean(MarkovStructure structure)
        {
            using var model = Ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = structure, GridWidth = 3 }).Fit(rows);
            return LogDensities(model, test).Average();
        }
        double entropy = truth.AllRows().Sum(row => Math.Exp(truth.Energy(row) - truth.LogPartition()) * (truth.Energy(row) - truth.LogPartition()));
        double tree = Mean(MarkovStructure.Tree), grid = Mean(MarkovStructure.Grid), learnt = Mean(MarkovStructure.BoundedTreewidth);
        Assert.True(tree < learnt - 0.02, $"{tree} of the tree, {learnt} learnt");
        Assert.InRange(grid, entropy - 0.1, entropy + 0.1);
        Assert.InRange(learnt, grid - 0.02, grid + 0.02);
    }

    [Fact]
    public void ContrastiveDivergenceFindsWhatTheLikelihoodFinds()
    {
        var rows = Drawn();
        var options = new MarkovNetworkOptions { Structure = MarkovStructure.Grid, GridWidth = 3, Training = new() { WeightDecay = 0 } };
        using var exact = Ml.Generative.TrainMarkovNetwork(options).Fit(rows);
        foreach (var fit in new[] { MarkovFit.PseudoLikelihood, MarkovFit.ContrastiveDivergence })
        {
            using var other = Ml.Generative.TrainMarkovNetwork(options with { Fit = fit }).Fit(rows);
            var pairs = exact.MarkovGraph().Edges.Select(edge => (edge.LogOddsRatio!.Value, other.MarkovGraph().Edges.Single(e => (e.First, e.Second) == (edge.First, edge.Second)).LogOddsRatio!.Value));
            Assert.All(pairs, pair => Assert.InRange(pair.Item2, pair.Item1 - 0.5, pair.Item1 + 0.5));
            Assert.True(LogDensities(exact, rows).Average() - LogDensities(other, rows).Average() < 0.02);
        }
    }

    [Fact]
    public void LearntEdgesCanHaveWeightsOfPseudoLikelihood()
    {
        var rows = Drawn();
        var options = new MarkovNetworkOptions { Seed = 1, Training = new() { WeightDecay = 0 } };
        using var exact = Ml.Generative.TrainMarkovNetwork(options).Fit(rows);
        using var pseudo = Ml.Generative.TrainMarkovNetwork(options with { Fit = MarkovFit.PseudoLikelihood }).Fit(rows);
        static IEnumerable<(string, string)> Edges(GenerativeTransformer model) => model.MarkovGraph().Edges.Select(edge => (edge.First, edge.Second)).Order();
        Assert.Equal(Edges(exact), Edges(pseudo));
        Assert.Equal(DensityKind.Exact, pseudo.DensityKind);
        Assert.InRange(LogDensities(exact, rows).Average() - LogDensities(pseudo, rows).Average(), 0, 0.02);
    }

    [Fact]
    public void WithoutExactInferenceItSaysSoAndComesNear()
    {
        var rows = Drawn();
        var options = new MarkovNetworkOptions { Structure = MarkovStructure.Grid, GridWidth = 3, BurnIn = 100, AnnealingSteps = 500 };
        using var exact = Ml.Generative.TrainMarkovNetwork(options).Fit(rows);
        using var estimated = Ml.Generative.TrainMarkovNetwork(options with { MostTableEntries = 4 }).Fit(rows);
        Assert.Equal(DensityKind.Estimate, estimated.DensityKind);
        var graph = estimated.MarkovGraph();
        Assert.False(graph.IsExact);
        Assert.InRange(Assert.Single(graph.StandardErrors), 1e-5, 0.1);
        Assert.Equal(0, Assert.Single(exact.MarkovGraph().StandardErrors));
        Assert.InRange(LogDensities(estimated, View(Truth.AllRows())).Sum(density => Math.Exp(density)), 0.8, 1.2);
        Assert.Equal(Means(exact.Sample(20_000, seed: 1)), Means(estimated.Sample(20_000, seed: 1)), (a, b) => Math.Abs(a - b) < 0.05);
        var error = Assert.Throws<NotSupportedException>(() => Ml.Generative.ExportOnnx(estimated, new MemoryStream(), OnnxGraph.Sample));
        Assert.StartsWith("This Markov network draws rows by Gibbs sampling, which has no graph Sample", error.Message, StringComparison.Ordinal);

        static double[] Means(IDataView view) => [.. Models.Floats(view, "Features").Chunk(9).Aggregate(new double[9], (sums, row) => [.. sums.Zip(row, (sum, x) => sum + x / 20_000)])];
    }

    [Fact]
    public void TheSparseGraphHasTheEdgesThatThereAre()
    {
        using var model = Ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = MarkovStructure.Sparse, Sparsity = 0.025 }).Fit(Drawn(8000));
        var graph = model.MarkovGraph();
        int[] Variables(MarkovGraphEdge edge) => [int.Parse(edge.First[9..]), int.Parse(edge.Second[9..])];
        var strong = Truth.Graph.Edges.Zip(Truth.Weights.Edges).Where(pair => Math.Abs(pair.Second[0] + pair.Second[3] - pair.Second[1] - pair.Second[2]) > 1.5).ToList();
        Assert.NotEmpty(strong);
        Assert.All(strong, pair => Assert.Contains(graph.Edges, edge => Variables(edge).SequenceEqual([pair.First.First, pair.First.Second])));
        Assert.True(graph.Edges.Count(edge => !Truth.Graph.Has(Variables(edge)[0], Variables(edge)[1])) <= 2);

        using var none = Ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = MarkovStructure.Sparse, Sparsity = 10 }).Fit(Drawn(500));
        Assert.Empty(none.MarkovGraph().Edges);
    }

    [Fact]
    public void TheGraphCanBeReadAndDrawn()
    {
        using var model = Ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = MarkovStructure.Given, Edges = [new("Features.0", "Features.1"), new("Features.7", "Features.4")] }).Fit(Drawn());
        var graph = model.MarkovGraph();
        Assert.Equal(["Features.0", "Features.1"], graph.Variables.Take(2));
        Assert.Equal([("Features.0", "Features.1"), ("Features.4", "Features.7")], graph.Edges.Select(edge => (edge.First, edge.Second)).Order());
        // two variables of a forest: the log odds ratio is that of their counts
        float[] x = Models.Floats(Drawn(), "Features");
        double Count(int a, int b) => x.Chunk(9).Count(row => row[0] == a && row[1] == b);
        Assert.Equal(Math.Log(Count(1, 1) * Count(0, 0) / (Count(0, 1) * Count(1, 0))), graph.Edges.Single(edge => edge.First == "Features.0").LogOddsRatio!.Value, 0.02);
        Assert.All(graph.Edges, edge => Assert.Equal(Math.Abs(edge.LogOddsRatio!.Value) / 4, edge.Strength, 1e-6));
        Assert.Contains("\"Features.0\" -- \"Features.1\"", graph.ToDot(), StringComparison.Ordinal);
        var svg = System.Xml.Linq.XDocument.Parse(graph.ToSvg(300)).Root!;
        Assert.Equal(2, svg.Elements().Count(element => element.Name.LocalName == "line"));
        Assert.Equal(graph.Variables, svg.Elements().Where(element => element.Name.LocalName == "text").Select(element => element.Value));

        using var vae = Models.Fit(Ml, "vae", 50);
        Assert.Equal("A model of kind 'vae' has no Markov graph; one of TrainMarkovNetwork has.", Assert.Throws<NotSupportedException>(() => vae.MarkovGraph()).Message);
    }

    [Fact]
    public void WhatItCannotLearnIsNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMarkovNetwork().Fit(Rows.View(Ml, 50)));
        Assert.Equal("Column 'Features' is not 0 or 1 in all slots of all rows. Name it in InputColumnNames instead of FeatureColumnName: numbers then are parted into bins.", error.Message);
        error = Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = MarkovStructure.Given, Edges = [new("Features.0", "age")] }).Fit(Drawn(50)));
        Assert.StartsWith("Edges names 'age', which there is not; there are 'Features.0', 'Features.1',", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Ml.Generative.TrainMarkovNetwork(new MarkovNetworkOptions { Structure = MarkovStructure.Grid, ContextColumnName = "c", MostTableEntries = 3, BurnIn = 0, Smoothing = -1 }));
        Assert.Equal("MarkovNetworkOptions: ContextColumnName is c; it must be null for a Markov network, which can be conditioned on a label only. GridWidth is null; it must be 1 or more, and given where Structure is Grid. "
                     + "MostTableEntries is 3; it must be from 4 to 1048576. Smoothing is -1; it must be from 0 to 1000000. BurnIn is 0; it must be from 1 to 100000.", error.Message);
    }
}
