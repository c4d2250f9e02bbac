using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>The recursion against the definition: every conditional by itself, with the hidden layer summed anew.</summary>
public sealed class NadeTests
{
    private const int Hidden = 11;   // not a multiple of what is worked on at a time

    private static readonly NetworkInput Mixed = new(
    [
        new FeatureSpan("a", 0, 2, SpanKind.Binary), new FeatureSpan("b", 2, 3, SpanKind.Categorical), new FeatureSpan("c", 5, 2, SpanKind.Continuous),
        new FeatureSpan("d", 7, 2, SpanKind.Categorical), new FeatureSpan("e", 9, 1, SpanKind.Binary),
    ], [0, 0, 0, 0, 0, 1, -2, 0, 0, 0], [1, 1, 1, 1, 1, 2, 0.5f, 1, 1, 1], 2, 100);

    private static NetworkInput Bits(int features) => new([new FeatureSpan("Features", 0, features, SpanKind.Binary)], new float[features], Enumerable.Repeat(1f, features).ToArray(), 0, 100)
    {
        Average = Enumerable.Repeat(0.5f, features).ToArray(),
    };

    private static NetworkInput Numbers(int features) => new([new FeatureSpan("Features", 0, features, SpanKind.Continuous)],
        Enumerable.Repeat(3f, features).ToArray(), Enumerable.Repeat(2f, features).ToArray(), 0, 100);

    private static GenerativeNetwork Network(NetworkInput input, NadeOptions options, double scale = 1)
    {
        using var generator = new Generator(3);
        var network = options.CreateNetwork(input, new Initializer(generator, CPU));
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters()) parameter.mul_(scale);
        return network;
    }

    private static NadeLayers LayersOf(GenerativeNetwork network) => network is NadeNetwork nade ? nade.Layers : ((OrderAgnosticNadeNetwork)network).Layers;

    private static Tensor Weight(GenerativeNetwork network, string name) => network.named_parameters().Single(p => p.Item1 == name).Item2;

    private static Tensor MixedRows(int rows)
    {
        using var generator = new Generator(5);
        var x = zeros(rows, Mixed.Features);
        foreach (int bit in new[] { 0, 1, 9 }) x.select(1, bit).bernoulli_(0.4, generator);
        x.narrow(1, 2, 3).copy_(nn.functional.one_hot(randint(0, 3, [rows], int64, generator: generator), 3));
        x.narrow(1, 7, 2).copy_(nn.functional.one_hot(randint(0, 2, [rows], int64, generator: generator), 2));
        x.narrow(1, 5, 2).normal_(1, 2, generator);
        return x;
    }

    private static Tensor Labels(int rows)
    {
        using var generator = new Generator(6);
        return nn.functional.one_hot(randint(0, 2, [rows], int64, generator: generator), 2).to(float32);
    }

    // the definition, variable by variable; y is transformed
    private static Tensor Outputs(GenerativeNetwork network, Tensor y, Tensor? condition, Activation activation, IReadOnlyList<int> order)
    {
        var conditionals = LayersOf(network).Conditionals;
        Tensor w = Weight(network, "input.weight"), v = Weight(network, "output.weight"), b = Weight(network, "output.bias");
        int features = (int)y.shape[1];
        bool indicators = w.shape[0] > features;
        var outputs = new Tensor[conditionals.Parameters];
        for (int t = 0; t < order.Count; t++)
        {
            var a = Weight(network, "input.bias").expand(y.shape[0], w.shape[1]);
            if (condition is not null) a = a + condition.mm(Weight(network, "input.conditionWeight"));
            foreach (int earlier in order.Take(t))
            {
                var variable = conditionals.Variables[earlier];
                a = a + y.narrow(1, variable.Start, variable.Width).mm(w.narrow(0, variable.Start, variable.Width));
                if (indicators) a = a + w[features + earlier];
            }
            var h = activation.Apply(a);
            for (int layer = 0; network.named_parameters().Any(p => p.Item1 == $"others.{layer}.weight"); layer++)
                h = activation.Apply(nn.functional.linear(h, Weight(network, $"others.{layer}.weight"), Weight(network, $"others.{layer}.bias")));
            int first = conditionals.FirstParameter(order[t]);
            for (int i = first; i < first + conditionals.ParametersOf(order[t]); i++) outputs[i] = h.mv(v[i]) + b[i];
        }
        return stack(outputs, 1);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True((expected - actual).abs().max().item<float>() <= tolerance * (1 + expected.abs().max().item<float>()), $"{(expected - actual).abs().max().item<float>()} apart");
    }

    public static TheoryData<Activation> AllActivations => [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(AllActivations))]
    public void TheRecursionGivesTheLossAndTheGradientsOfTheDefinition(Activation activation)
    {
        using var scope = NewDisposeScope();
        using var network = (NadeNetwork)Network(Mixed, new NadeOptions { HiddenSizes = [Hidden], Activation = activation, MixtureComponents = 2 });
        using var generator = new Generator(1);
        var y = network.Prepare(MixedRows(70));
        var condition = Labels(70);
        Tensor Loss(bool recursion)
        {
            network.Layers.UsesRecursion = recursion;
            network.zero_grad();
            return network.Objectives[0].Loss(new Batch(y, condition), new TrainingStep(generator, CPU));
        }

        var outputs = Outputs(network, y, condition, activation, Enumerable.Range(0, 7).ToList());
        var expected = network.Layers.Conditionals.LogDensity(y, outputs).mean().neg();
        expected.backward();
        var gradients = network.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!.clone());
        Assert.Equal(5, gradients.Count);
        foreach (bool recursion in new[] { true, false })
        {
            AssertClose(expected, Loss(recursion));
            foreach (var (name, parameter) in network.named_parameters()) AssertClose(gradients[name], parameter.grad!);
        }
    }

    [Fact]
    public void WorkersAddUpToTheGradientsOfOne()
    {
        var random = new Random(2);
        float[] Some(int count) => Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f).ToArray();
        var recursion = INadeRecursion.Create(Activation.Sigmoid, [0, 1, 2, 3], [0, 1, 2, 3], 8);
        var weights = new NadeWeights(Some(24), Some(24));
        float[] x = Some(300), start = Some(800), output = Some(300);
        NadeGradients Gradients(int threads)
        {
            var (outputs, end) = recursion.Forward(weights, x, start, null, 100, threads);
            Assert.Equal(recursion.Forward(weights, x, start, null, 100, 1).Outputs, outputs);
            return recursion.Backward(weights, x, end, null, output, 100, threads);
        }
        var (one, three) = (Gradients(1), Gradients(3));
        Assert.Equal(one.Start, three.Start);
        AssertClose(tensor(one.Weights.Input), tensor(three.Weights.Input));
        AssertClose(tensor(one.Weights.Output), tensor(three.Weights.Output));
    }

    [Fact]
    public void DroppedUnitsAreLeftOutOfTheWholeRow()
    {
        // dropped with the same noise, the gradient of the recursion is that of libtorch's own backward pass
        using var scope = NewDisposeScope();
        using var network = (NadeNetwork)Network(Mixed, new NadeOptions { HiddenSizes = [Hidden], Training = new() { Dropout = 0.5 } });
        var y = network.Prepare(MixedRows(70));
        var condition = Labels(70);
        Dictionary<string, Tensor> Gradients(bool recursion, out Tensor loss)
        {
            using var generator = new Generator(1);
            network.Layers.UsesRecursion = recursion;
            network.zero_grad();
            loss = network.Objectives[0].Loss(new Batch(y, condition), new TrainingStep(generator, CPU));
            return network.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!.clone());
        }
        var expected = Gradients(false, out var expectedLoss);
        var actual = Gradients(true, out var actualLoss);
        AssertClose(expectedLoss, actualLoss);
        foreach (string name in expected.Keys) AssertClose(expected[name], actual[name]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EveryOrderGivesTheOutputsOfTheDefinition(int layers)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = (OrderAgnosticNadeNetwork)Network(Mixed, new NadeOptions { OrderAgnostic = true, Orders = 3, HiddenSizes = Enumerable.Repeat(Hidden, layers).ToArray() });
        var x = MixedRows(40);
        var y = network.Prepare(x);
        var condition = Labels(40);
        var densities = network.Orders.Select(order =>
        {
            var expected = Outputs(network, y, condition, Activation.Sigmoid, order.Variables);
            AssertClose(expected, network.Layers.Outputs(y, condition, order));
            return network.Layers.Conditionals.LogDensity(y, expected);
        }).ToList();
        Assert.Equal(3, network.Orders.Select(o => string.Join(",", o.Variables)).Distinct().Count());
        // a mean of densities, in the units of the rows: 2 and 0.5 cancel
        AssertClose(stack(densities, 0).exp().mean([0]).log(), network.LogDensity(x, condition));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheProbabilitiesOfAllStatesAddUpToOne(bool orderAgnostic)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Network(Bits(8), new NadeOptions { OrderAgnostic = orderAgnostic, Orders = 5 }, scale: 8);
        var states = States(8);
        double total = ((ILogDensity)network).LogDensity(states, null).exp().sum().item<float>();
        Assert.Equal(1, total, 1e-4);
        if (network is not OrderAgnosticNadeNetwork agnostic) return;
        foreach (var order in agnostic.Orders)
            Assert.Equal(1, agnostic.Layers.Conditionals.LogDensity(states, agnostic.Layers.Outputs(states, null, order)).exp().sum().item<float>(), 1e-4);
    }

    [Fact]
    public void NoOutputDependsOnItsOwnVariableOrALaterOne()
    {
        using var scope = NewDisposeScope();
        using var network = (OrderAgnosticNadeNetwork)Network(Mixed, new NadeOptions { OrderAgnostic = true, Orders = 3, HiddenSizes = [Hidden] });
        var conditionals = network.Layers.Conditionals;
        network.Layers.UsesRecursion = false;
        foreach (var order in network.Orders)
        {
            var y = network.Prepare(MixedRows(3)).requires_grad_();
            var outputs = network.Layers.Outputs(y, Labels(3), order);
            for (int v = 0; v < 7; v++)
            {
                var gradient = autograd.grad([outputs.narrow(1, conditionals.FirstParameter(v), conditionals.ParametersOf(v)).sum()], [y], retain_graph: true)[0].abs().sum(dim: 0);
                for (int other = 0; other < 7; other++)
                {
                    bool earlier = order.Variables.ToList().IndexOf(other) < order.Variables.ToList().IndexOf(v);
                    Assert.Equal(earlier, gradient[conditionals.Variables[other].Start].item<float>() > 0);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ADensityOverNumbersIntegratesToOne(int features)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = (NadeNetwork)Network(Numbers(features), new NadeOptions { MixtureComponents = 3 });
        const double Step = 0.1;
        var axis = arange(-27f, 33f, (float)Step);   // 15 deviations to either side
        var points = features == 1 ? axis.unsqueeze(1) : cartesian_prod(axis, axis);
        Assert.Equal(1, network.LogDensity(points, null).exp().sum().item<float>() * Math.Pow(Step, features), 1e-3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SamplesComeAsOftenAsTheirDensitySays(bool orderAgnostic)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Network(Bits(4), new NadeOptions { OrderAgnostic = orderAgnostic, Orders = 3 }, scale: 10);
        const int Count = 100_000;
        using var generator = new Generator(7);
        var expected = ((ILogDensity)network).LogDensity(States(4), null).exp().ToFloats();
        var drawn = ((ISampler)network).Sample(Count, null, generator).ToFloats().Chunk(4).Select(Number).CountBy(number => number).ToDictionary(p => p.Key, p => p.Value);
        Assert.True(expected.Max() < 0.5);
        for (int state = 0; state < 16; state++)
        {
            double share = drawn.GetValueOrDefault(state) / (double)Count, deviation = Math.Sqrt(expected[state] * (1 - expected[state]) / Count);
            Assert.True(Math.Abs(share - expected[state]) < 4.5 * deviation, $"state {state}: {share} of the samples, {expected[state]} by the density");
        }
    }

    [Fact]
    public void ImputedRowsKeepWhatIsKnownAndFollowTheConditionals()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = (OrderAgnosticNadeNetwork)Network(Bits(4), new NadeOptions { OrderAgnostic = true }, scale: 10);
        const int Count = 100_000;
        using var generator = new Generator(7);
        var known = tensor([1f, 0, 1, 0]).expand(Count, 4);
        var x = tensor([1f, float.NaN, 0, float.NaN]).expand(Count, 4);
        var imputed = network.Impute(x, known, null, generator).ToFloats().Chunk(4).ToList();
        Assert.All(imputed, row => Assert.True(row is [1, _, 0, _]));

        // what is known comes first, then the others in the order of the columns
        var states = tensor([1f, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1]).view(4, 4);
        var outputs = Outputs(network, states, null, Activation.Sigmoid, [0, 2, 1, 3]);
        var chances = network.Layers.Conditionals.LogDensities(states, outputs).index_select(1, tensor([1L, 3L])).sum(1).exp().ToFloats();
        for (int state = 0; state < 4; state++)
        {
            double share = imputed.Count(row => row[1] * 2 + row[3] == state) / (double)Count;
            Assert.True(Math.Abs(share - chances[state]) < 4.5 * Math.Sqrt(chances[state] * (1 - chances[state]) / Count), $"state {state}: {share} of the rows, {chances[state]} by the conditionals");
        }
    }

    [Fact]
    public void RowsWithDifferentHolesAreImputedAtOnce()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = (OrderAgnosticNadeNetwork)Network(Mixed, new NadeOptions { OrderAgnostic = true });
        using var generator = new Generator(7);
        var x = MixedRows(200);
        var known = empty_like(x).bernoulli_(0.5, generator);
        var imputed = network.Impute(where(known.to(@bool), x, full_like(x, float.NaN)), known, Labels(200), generator);
        Assert.Equal(0, imputed.isnan().sum().item<long>());
        // a category that is known in part is not known
        var whole = known.clone();
        foreach (var (start, width) in new[] { (2, 3), (7, 2) }) whole.narrow(1, start, width).copy_(known.narrow(1, start, width).prod(1, keepdim: true).expand(200, width));
        Assert.True(where(whole.to(@bool), imputed.eq(x), ones_like(x).to(@bool)).all().item<bool>());
        AssertClose(ones(200), imputed.narrow(1, 2, 3).sum(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ItLearnsWhatThereIsToLearn(bool orderAgnostic)
    {
        // a chain of bits, each like the one before it but for one in five
        const int Length = 8;
        double entropy = Math.Log(2) - (Length - 1) * (0.2 * Math.Log(0.2) + 0.8 * Math.Log(0.8));
        var ml = new MLContext(1);
        using var model = ml.Generative.TrainNade(new NadeOptions { OrderAgnostic = orderAgnostic, Training = new() { Steps = 1500 } }).Fit(Chains(4000, Length, seed: 1));
        double density = Models.Floats(model.Transform(Chains(4000, Length, seed: 2)), "LogDensity").Average();
        Assert.InRange(density, -entropy - 0.1, -entropy + 0.06);   // the spread of the mean is 0.02
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData("Label", 2)]
    public void InOnnxRuntimeAndFromAFileTheOrderAgnosticModelGivesItsNumbers(string? label, int layers)
    {
        using var scope = NewDisposeScope();
        var ml = new MLContext(1);
        var options = new NadeOptions { OrderAgnostic = true, Orders = 3, HiddenSizes = Enumerable.Repeat(20, layers).ToArray(), LabelColumnName = label, Training = new() { Steps = 60 } };
        using var model = ml.Generative.TrainNade(options).Fit(Rows.View(ml, 200));
        using var loaded = ModelZip.Load(ml, ModelZip.Of(ml, model));
        var rows = Rows.View(ml, 100, seed: 9);
        Assert.Equal(Models.Floats(model.Transform(rows), "LogDensity"), Models.Floats(loaded.Transform(rows), "LogDensity"));
        Assert.Equal(Models.Floats(model.Sample(50, seed: 2), "Features"), Models.Floats(loaded.Sample(50, seed: 2), "Features"));

        using var inference = inference_mode();
        var network = (OrderAgnosticNadeNetwork)model.Model.Network;
        var x = tensor(Rows.Make(100, seed: 9).SelectMany(r => r.Features).ToArray()).view(100, Rows.Features);
        var condition = label is null ? null : Labels(100);
        AssertClose(network.LogDensity(x, condition), Run(ml, model, OnnxGraph.LogDensity, "Features", x, condition));
        using var generator = new Generator(7);
        var expected = network.Sample(100, condition, generator);
        using var again = new Generator(7);
        var noise = cat(network.NoiseWidths.Select(width => empty(100, width).normal_(0, 1, again)).ToList(), 1);
        AssertClose(expected, Run(ml, model, OnnxGraph.Sample, "noise", noise, condition));
    }

    private static Tensor Run(MLContext ml, GenerativeTransformer model, OnnxGraph graph, string input, Tensor given, Tensor? condition)
    {
        using var stream = new MemoryStream();
        ml.Generative.ExportOnnx(model, stream, graph);
        using var session = new InferenceSession(stream.ToArray());
        NamedOnnxValue Value(string name, Tensor values) =>
            NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(values.data<float>().ToArray(), values.shape.Select(size => (int)size).ToArray()));
        using var results = session.Run(condition is null ? [Value(input, given)] : [Value(input, given), Value("Label", condition)]);
        var result = (DenseTensor<float>)results.Single().AsTensor<float>();
        return tensor(result.ToArray()).view(result.Dimensions.ToArray().Select(size => (long)size).ToArray());
    }

    [Fact]
    public void VariationsKeepTheirFirstFeaturesAndAtTemperatureNothingAllOfThem()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (bool orderAgnostic in new[] { false, true })
        {
            using var network = Network(Mixed, new NadeOptions { OrderAgnostic = orderAgnostic });
            using var generator = new Generator(7);
            var x = MixedRows(300);
            AssertClose(x, ((IVariationSampler)network).Vary(x, Labels(300), 0, generator));
            var kept = ((IVariationSampler)network).Vary(x, Labels(300), 1, generator).sub(x).abs().lt(1e-5).to(float32).mean([0]).ToFloats();
            Assert.True(kept[5] is > 0.1f and < 0.9f);   // a number, which does not come out the same by chance
            if (!orderAgnostic) Assert.True(kept[5] > kept[6]);
        }
    }

    [Fact]
    public void OptionsOutOfRangeAreNamedTogether()
    {
        var ml = new MLContext(1);
        var error = Assert.Throws<ArgumentException>(() => ml.Generative.TrainNade(new NadeOptions { HiddenSizes = [64, 64], Orders = 0, MixtureComponents = 0 }));
        Assert.Equal("NadeOptions: HiddenSizes is [64, 64]; it must be one size, unless OrderAgnostic is set. Orders is 0; it must be from 1 to 1000. "
                     + "MixtureComponents is 0; it must be from 1 to 1000.", error.Message);
    }

    private static IDataView Chains(int count, int length, int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, count).Select(_ =>
        {
            var bits = new float[length];
            for (int i = 0; i < length; i++) bits[i] = i == 0 ? random.Next(2) : random.NextDouble() < 0.2 ? 1 - bits[i - 1] : bits[i - 1];
            return new Chain { Features = bits };
        }).ToList();
        var schema = Data.SchemaDefinition.Create(typeof(Chain));
        schema["Features"].ColumnType = new Data.VectorDataViewType(Data.NumberDataViewType.Single, length);
        return new MLContext().Data.LoadFromEnumerable(rows, schema);
    }

    private static Tensor States(int bits) => tensor(Enumerable.Range(0, 1 << bits).SelectMany(state => Enumerable.Range(0, bits).Select(bit => (float)(state >> bit & 1))).ToArray()).view(-1, bits);

    private static int Number(float[] bits) => bits.Select((bit, i) => (int)bit << i).Sum();

    private sealed class Chain
    {
        public float[] Features { get; set; } = [];
    }
}
