using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Networks;

public sealed class MaskedStackTests : IDisposable
{
    private const int Variables = 5, Conditions = 2;

    // the third variable takes two inputs, the last one two outputs
    private static readonly int[] VariableOfInput = [0, 1, 2, 2, 3, 4], VariableOfOutput = [0, 1, 2, 3, 4, 4];

    private readonly IDisposable _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    public static TheoryData<bool, bool, int, bool> Kinds()
    {
        var kinds = new TheoryData<bool, bool, int, bool>();
        foreach (bool shared in new[] { false, true })
            foreach (bool direct in new[] { false, true })
                foreach (int blocks in new[] { 0, 2 })
                    foreach (bool conditioned in new[] { false, true }) kinds.Add(shared, direct, blocks, conditioned);
        return kinds;
    }

    private static IReadOnlyList<int[]> Positions => VariableOrders.Positions(Variables, 3, [0, 1, 2, 3, 4]);

    private MaskedStack Make(bool shared, bool direct, int blocks, bool conditioned)
    {
        var stack = new MaskedStack(
            new MaskedStackInput(VariableOfInput, VariableOfOutput, conditioned ? Conditions : 0, Positions, shared),
            new MaskedStackShape([40, 30], blocks, Activation.Tanh, 0, direct), new float[VariableOfOutput.Length], new Initializer(_generator, CPU));
        // direct connections and biases start at 0, where they would not be seen
        using var noGradient = no_grad();
        foreach (var (name, parameter) in stack.named_parameters())
            if (name is "direct.weight") parameter.copy_(Normal(parameter.shape) * (shared ? 1 : All(stack).Direct!));
            else if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.copy_(Normal(parameter.shape));
        return stack;
    }

    private static MaskSet All(MaskedStack stack) => stack.Masks(tensor(Positions.SelectMany(p => p.Select(i => (float)i)).ToArray()).view(3, Variables));

    private Tensor Normal(params long[] shape) => empty(shape).normal_(0, 1, _generator);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AnOutputHasAGradientByWhatComesBeforeItsVariableAndNothingElse(bool shared, bool direct, int blocks, bool conditioned)
    {
        using var stack = Make(shared, direct, blocks, conditioned);
        var step = new TrainingStep(_generator, CPU);
        for (int order = 0; order < 3; order++)
            for (int output = 0; output < VariableOfOutput.Length; output++)
            {
                var x = Normal(8, VariableOfInput.Length).requires_grad_();
                var condition = conditioned ? Normal(8, Conditions).requires_grad_() : null;
                var result = stack.Call(x, condition, shared ? All(stack) : null, step);
                Assert.Equal([3, 8, VariableOfOutput.Length], result.shape);
                result[order].select(1, output).sum().backward();
                var gradient = x.grad!.abs().sum(dim: 0).ToFloats();
                int position = Positions[order][VariableOfOutput[output]];
                for (int input = 0; input < gradient.Length; input++)
                    Assert.True(gradient[input] > 0 == Positions[order][VariableOfInput[input]] < position, $"order {order}: output {output} has the gradient {gradient[input]} by input {input}");
                if (condition is not null) Assert.All(condition.grad!.abs().sum(dim: 0).ToFloats(), g => Assert.True(g > 0));
            }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void APassVariableByVariableGivesTheSameOutputs(bool shared, bool direct, int blocks, bool conditioned)
    {
        using var stack = Make(shared, direct, blocks, conditioned);
        using var noGradient = no_grad();
        var x = Normal(8, VariableOfInput.Length);
        var condition = conditioned ? Normal(8, Conditions) : null;
        var all = stack.Call(x, condition, shared ? All(stack) : null);
        for (int order = 0; order < 3; order++)
        {
            var pass = stack.Begin(order, 8, condition);
            int[] variables = VariableOrders.Inverse(Positions[order]);
            for (int position = 0; position < Variables; position++)
            {
                int variable = variables[position], start = Array.IndexOf(VariableOfOutput, variable), count = VariableOfOutput.Count(v => v == variable);
                var expected = all[order].narrow(1, start, count);
                Assert.True(expected.allclose(pass.Outputs(position, start, count), 1e-4, 1e-5), $"order {order}, position {position}");
                int input = Array.IndexOf(VariableOfInput, variable), width = VariableOfInput.Count(v => v == variable);
                pass.Learn(position, input, x.narrow(1, input, width));
            }
            Assert.True(x.Equals(pass.X));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AStackWhoseWeightsAreFinalGivesWhatItGaveBefore(bool shared, bool direct, int blocks, bool conditioned)
    {
        using var stack = Make(shared, direct, blocks, conditioned);
        using var noGradient = no_grad();
        foreach (int rows in new[] { 1, 31, 1500 })
        {
            var x = Normal(VariableOfInput.Length, rows).t();   // not contiguous
            var condition = conditioned ? Normal(rows, Conditions) : null;
            stack.train();
            Assert.Null(stack.PlanFor(x, condition));
            var expected = stack.Call(x, condition, shared ? All(stack) : null);
            stack.eval();
            if (stack.PlanFor(x, condition) is not { } plan) continue;   // where the processor has no such registers
            Assert.True(expected.allclose(plan.Outputs(x.BesideCondition(condition)), 1e-5, 1e-5), $"{rows} rows");
        }
    }

    [Fact]
    public void WeightsThatChangeInTrainingAreTakenAnew()
    {
        using var stack = Make(shared: false, direct: true, blocks: 0, conditioned: false);
        using var noGradient = no_grad();
        var x = Normal(3, VariableOfInput.Length);
        stack.eval();
        stack.PlanFor(x, null);
        stack.train();
        foreach (var parameter in stack.parameters()) parameter.mul_(2);
        stack.eval();
        if (stack.PlanFor(x, null) is { } plan) Assert.True(stack.Call(x, null).allclose(plan.Outputs(x), 1e-5, 1e-5));
    }

    [Fact]
    public void WeightsThatAreMaskedStayZeroInTraining()
    {
        using var stack = Make(shared: false, direct: true, blocks: 1, conditioned: false);
        Tensor[] Zeros() => stack.named_parameters().Where(p => p.Item1.EndsWith("weight", StringComparison.Ordinal)).Select(p => p.Item2.eq(0)).ToArray();
        var before = Zeros();
        foreach (var optimizer in Enum.GetValues<Optimizer>())
            using (var player = new Player(new Owner(stack), new Objective("test", (batch, step) => stack.Call(batch.X, null, null, step).square().sum()),
                       new TrainingPlan(new() { Optimizer = optimizer }, new TrainingDefaults { WeightDecay = 0.1 }, 100), CPU))
                player.Move(new Batch(Normal(8, VariableOfInput.Length), null), new TrainingStep(_generator, CPU), 0.1, 1, 0);
        Assert.All(before.Zip(Zeros()), pair => Assert.True(pair.First.Equals(pair.Second)));
        Assert.Contains(before, zeros => zeros.any().item<bool>());
    }

    private sealed class Owner : GenerativeNetwork
    {
        public Owner(MaskedStack stack) : base("owner", TestNetwork.InputOf(VariableOfInput.Length)) => register_module("stack", stack);

        public override IReadOnlyList<Objective> Objectives => [];

        public override Tensor Prepare(Tensor x) => x;
    }

    [Fact]
    public void OrdersAreThePermutationsThatTheyHaveAlwaysBeen()
    {
        // files of older versions are read by them
        Assert.Equal([[2, 0, 1], [0, 1, 2], [0, 2, 1]], VariableOrders.Positions(3, 3, [1, 2, 0]));
        foreach (var positions in VariableOrders.Positions(50, 20, null)) Assert.Equal(Enumerable.Range(0, 50), positions.Order());
        Assert.Equal(20, VariableOrders.Positions(50, 20, null).Select(p => string.Join(' ', p)).Distinct().Count());
    }

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }
}
