using System.Runtime.InteropServices;
using Microsoft.ML.Generative.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// The weights of a NADE, shared by all conditionals: for the variables in some order, a_1 = c + C·condition, h_t = f(a_t), outputs_t = V_t·h_t + b_t, a_{t+1} = a_t + Σ x·W over the
/// numbers of variable t. With more layers than one, h_t goes through the others before V.
/// </summary>
internal sealed partial class NadeLayers : IDisposable
{
    // variables at a time in the form that libtorch computes
    private const int ChunkSteps = 8;

    private readonly Activation _activation;
    private readonly double _dropout;
    private readonly bool _indicators;
    private readonly NadeInput _input;
    private readonly DenseStack _others;
    private readonly Dense _output;       // V and b, for each number that the conditionals take

    /// <param name="indicators">Whether, after the numbers of a row, there is an input for each variable that says that it is known.</param>
    public NadeLayers(NetworkInput input, SpanConditionals conditionals, NadeOptions options, bool indicators, Initializer initializer)
    {
        Conditionals = conditionals;
        _activation = options.Activation;
        _dropout = options.Training.Dropout ?? 0;
        _indicators = indicators;
        var sizes = options.HiddenSizesFor(input);
        _input = new NadeInput(input.Features + (indicators ? conditionals.Variables.Count : 0), sizes[0], input.ConditionSize, initializer);
        _others = new DenseStack(sizes[0], sizes.Skip(1).ToList(), _activation, _dropout, initializer);
        _output = new Dense(_others.OutputSize, conditionals.Parameters, initializer);
        VariableOfFeature = initializer.Indices(conditionals.VariableOfFeature());
        UsesRecursion = sizes.Count == 1 && initializer.Device.type == TorchSharp.DeviceType.CPU;
        using var noGradient = no_grad();
        _output.Bias.copy_(tensor(conditionals.StartingParameters(input), device: initializer.Device));
    }

    public SpanConditionals Conditionals { get; }

    /// <summary>(features,): which variable each number of a row belongs to.</summary>
    public Tensor VariableOfFeature { get; }

    /// <summary>What the network has to register.</summary>
    public IReadOnlyList<(string Name, nn.Module Module)> Modules => [("input", _input), ("others", _others), ("output", _output)];

    /// <summary>Whether <see cref="NadeRecursion{TUnit}"/> does the work: it knows one hidden layer, and takes memory that it can read. Otherwise libtorch does, for a few variables at a time.</summary>
    public bool UsesRecursion { get; internal set; }

    private int HiddenSize => (int)_input.Bias.shape[0];

    /// <summary>The parameters of all conditionals, each given the variables before it.</summary>
    /// <param name="y">(batch, features), transformed</param>
    /// <returns>(batch, outputs)</returns>
    public Tensor Outputs(Tensor y, Tensor? condition, NadeOrder order)
    {
        if (!UsesRecursion) return order.RestoreOutputs(OutputsByTensors(order.OrderInputs(Inputs(y), 1), Start(y, condition), order, null), 1) + _output.Bias;
        var (recursion, weights) = Recursion(order);
        int rows = (int)y.shape[0];
        var (outputs, _) = recursion.Forward(weights, order.OrderInputs(Inputs(y), 1).ToFloats(), Padded(Start(y, condition), recursion.Stride), null, rows, get_num_threads());
        return order.RestoreOutputs(TensorTransfer.ToTensor(outputs, rows, order.OutputStarts[^1], CPU), 1) + _output.Bias;
    }

    /// <summary>Mean negative log-density of a batch; its gradients are added to those of the parameters, unless the loss is only measured.</summary>
    /// <returns>A scalar, nats of transformed rows.</returns>
    public Tensor Loss(Tensor y, Tensor? condition, NadeOrder order, TrainingStep step)
    {
        if (step.Validating) return Conditionals.TotalLogDensity(y, Outputs(y, condition, order)).div(-y.shape[0]);
        var keep = Keep(y, step);
        if (UsesRecursion) return LossByRecursion(y, condition, order, keep);
        var outputs = order.RestoreOutputs(OutputsByTensors(order.OrderInputs(Inputs(y), 1), Start(y, condition), order, keep), 1) + _output.Bias;
        var loss = Conditionals.TotalLogDensity(y, outputs).div(-y.shape[0]);
        loss.backward();
        return loss.detach();
    }

    /// <summary>The parameters of all conditionals, each given the same known variables: one pass.</summary>
    /// <param name="known">(batch, variables), 1 or 0</param>
    /// <returns>(batch, outputs); those of known variables mean nothing.</returns>
    public Tensor OutputsGiven(Tensor y, Tensor? condition, Tensor known, Tensor knownNumbers, TrainingStep? step)
    {
        var inputs = cat([y * knownNumbers, known], 1);                                     // (batch, inputs)
        var h = _activation.Apply(Start(y, condition).addmm(inputs, _input.Weight));        // (batch, hidden)
        if (step is not null && Keep(y, step) is { } keep) h = h * keep;
        return nn.functional.linear(_others.Call(h, step), _output.Weight, _output.Bias);
    }

    /// <summary>Draws the variables one after the other.</summary>
    /// <param name="y">(batch, features), transformed: what is known of the rows; filled in place.</param>
    /// <param name="known">(batch, variables), 1 or 0; null if nothing is.</param>
    /// <param name="noise">(batch, variables·noise of a variable), standard normal</param>
    public void Draw(Tensor y, Tensor? known, Tensor? condition, NadeOrder order, Tensor noise)
    {
        using var scope = NewDisposeScope();
        int features = (int)y.shape[1], noiseWidth = Conditionals.NoisePerVariable;
        var a = Start(y, condition).clone();                                                // (batch, hidden)
        var knownByAll = known?.min(0).values.ToFloats();
        if (known is not null) a.addmm_(_indicators ? cat([y, known], 1) : y, _input.Weight);   // y is 0 where it is not known
        foreach (int v in order.Variables)
        {
            if (knownByAll?[v] == 1) continue;
            using var step = NewDisposeScope();
            var variable = Conditionals.Variables[v];
            int first = Conditionals.FirstParameter(v), count = Conditionals.ParametersOf(v);
            var h = _others.Call(_activation.Apply(a));
            var parameters = nn.functional.linear(h, _output.Weight.narrow(0, first, count), _output.Bias.narrow(0, first, count));
            var drawn = Conditionals.Draw(v, parameters, noise.narrow(1, v * noiseWidth, noiseWidth));   // (batch, width)
            var unknown = known is null ? null : 1 - known.narrow(1, v, 1);                 // (batch, 1)
            if (unknown is not null) drawn = drawn * unknown;
            y.narrow(1, variable.Start, variable.Width).add_(drawn);
            a.addmm_(drawn, _input.Weight.narrow(0, variable.Start, variable.Width));
            if (!_indicators) continue;
            var indicator = _input.Weight.narrow(0, features + v, 1);                        // (1, hidden)
            if (unknown is null) a.add_(indicator);
            else a.addmm_(unknown, indicator);
        }
    }

    /// <summary>How many variables of each row a variation draws anew.</summary>
    /// <returns>(batch, 1)</returns>
    public static Tensor Redrawn(Tensor x, int variables, double temperature, Generator generator) =>
        (empty(x.shape[0], 1, device: x.device).uniform_(0, 1, generator) * (temperature * variables)).ceil();

    // (batch, hidden)
    private Tensor Start(Tensor y, Tensor? condition) =>
        condition is null ? _input.Bias.expand(y.shape[0], HiddenSize) : _input.Bias.addmm(condition, _input.ConditionWeight!);

    // (batch, inputs), as if everything were known
    private Tensor Inputs(Tensor y) => _indicators ? cat([y, ones(y.shape[0], Conditionals.Variables.Count, device: y.device)], 1) : y;

    // inverted dropout, the same for all conditionals of a row
    private Tensor? Keep(Tensor y, TrainingStep step) => _dropout == 0 || step.Validating ? null
        : empty(y.shape[0], HiddenSize, device: y.device).bernoulli_(1 - _dropout, step.Generator).div_(1 - _dropout);

    // in this order, without biases
    private Tensor OutputsByTensors(Tensor inputs, Tensor start, NadeOrder order, Tensor? keep)
    {
        Tensor inputWeight = order.OrderInputs(_input.Weight, 0), outputWeight = order.OrderOutputs(_output.Weight, 0);
        var outputs = new List<Tensor>();
        for (int first = 0; first < order.Variables.Count; first += ChunkSteps)
        {
            int last = Math.Min(order.Variables.Count, first + ChunkSteps);
            var x = order.Inputs(inputs, first, last, 1);                                   // (batch, inputs of the chunk)
            var weight = order.Inputs(inputWeight, first, last);
            var h = _activation.Apply((x * order.Seen(first, last)).matmul(weight) + start);   // (steps, batch, hidden)
            if (keep is not null) h = h * keep;
            var all = _others.Call(h).matmul(order.Outputs(outputWeight, first, last).t());    // (steps, batch, outputs of the chunk)
            outputs.Add((all * order.Own(first, last)).sum(dim: 0));
            start = start.addmm(x, weight);
        }
        return cat(outputs, 1);
    }

    private Tensor LossByRecursion(Tensor y, Tensor? condition, NadeOrder order, Tensor? keep)
    {
        var (recursion, weights) = Recursion(order);
        int rows = (int)y.shape[0], stride = recursion.Stride, threads = get_num_threads();
        Tensor outputs;
        float[] x, end, kept = keep is null ? [] : Padded(keep, stride);
        using (no_grad())
        {
            x = order.OrderInputs(Inputs(y), 1).ToFloats();
            (var values, end) = recursion.Forward(weights, x, Padded(Start(y, condition), stride), keep is null ? null : kept, rows, threads);
            outputs = order.RestoreOutputs(TensorTransfer.ToTensor(values, rows, order.OutputStarts[^1], CPU), 1) + _output.Bias;
        }
        outputs.requires_grad_();
        var loss = Conditionals.TotalLogDensity(y, outputs).div(-rows);
        loss.backward();
        using var noGradient = no_grad();
        var gradient = outputs.grad!;                                                       // (batch, outputs)
        var gradients = recursion.Backward(weights, x, end, keep is null ? null : kept, order.OrderOutputs(gradient, 1).ToFloats(), rows, threads);
        Gradient(_output.Bias)?.add_(gradient.sum(dim: 0));
        Add(_input.Weight, gradients.Weights.Input, order.OrderInputs(arange(_input.Weight.shape[0], int64), 0), stride);
        Add(_output.Weight, gradients.Weights.Output, order.OrderOutputs(arange(_output.Weight.shape[0], int64), 0), stride);
        var startGradient = TensorTransfer.ToTensor(gradients.Start, rows, stride, CPU).narrow(1, 0, HiddenSize);   // (batch, hidden)
        Gradient(_input.Bias)?.add_(startGradient.sum(dim: 0));
        if (condition is not null) Gradient(_input.ConditionWeight!)?.addmm_(condition.t(), startGradient);
        return loss.detach();
    }

    private void Add(Parameter parameter, float[] gradient, Tensor rows, int stride) =>
        Gradient(parameter)?.index_add_(0, rows, TensorTransfer.ToTensor(gradient, rows.shape[0], stride, CPU).narrow(1, 0, HiddenSize), 1);

    // null if the parameter is frozen
    private static Tensor? Gradient(Parameter parameter) => parameter.requires_grad ? parameter.grad ??= zeros_like(parameter, requires_grad: false) : null;

    private (INadeRecursion Recursion, NadeWeights Weights) Recursion(NadeOrder order)
    {
        var recursion = INadeRecursion.Create(_activation, order.InputStarts, order.OutputStarts, HiddenSize);
        return (recursion, new NadeWeights(
            Padded(order.OrderInputs(_input.Weight, 0), recursion.Stride), Padded(order.OrderOutputs(_output.Weight, 0), recursion.Stride)));
    }

    // rows of as many numbers as the recursion works on
    private static float[] Padded(Tensor matrix, int stride)
    {
        long rows = matrix.shape[0];
        int width = (int)matrix.shape[1];
        var result = new float[rows * stride];
        using var contiguous = matrix.detach().contiguous();
        var values = MemoryMarshal.Cast<byte, float>(contiguous.bytes);
        for (int row = 0; row < rows; row++) values.Slice(row * width, width).CopyTo(result.AsSpan(row * stride));
        return result;
    }

    public void Dispose() => VariableOfFeature.Dispose();
}
