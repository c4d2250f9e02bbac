using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>An order in which the variables of a row are taken, and where their inputs and outputs stand in it.</summary>
internal sealed class NadeOrder : IDisposable
{
    private readonly Tensor? _inputs;      // (inputs,); null if they are in order already
    private readonly Tensor? _outputs;     // (outputs,), likewise
    private readonly Tensor? _restored;    // (outputs,): where each of them went
    private readonly Tensor _stepOfInput;  // (inputs,), in this order
    private readonly Tensor _stepOfOutput; // (outputs,), in this order

    /// <param name="variables">The variables, first to last.</param>
    /// <param name="indicators">Whether, after the numbers of a row, there is an input for each variable that says that it is known.</param>
    public NadeOrder(IReadOnlyList<int> variables, SpanConditionals conditionals, bool indicators, Initializer initializer)
    {
        Variables = variables;
        int features = conditionals.Variables.Sum(v => v.Width);
        var inputs = variables.Select(v => Enumerable.Range(conditionals.Variables[v].Start, conditionals.Variables[v].Width)
            .Concat(indicators ? [features + v] : []).ToArray()).ToArray();
        var outputs = variables.Select(v => Enumerable.Range(conditionals.FirstParameter(v), conditionals.ParametersOf(v)).ToArray()).ToArray();
        InputStarts = Starts(inputs);
        OutputStarts = Starts(outputs);
        _inputs = Indices(inputs.SelectMany(i => i).ToArray(), initializer);
        int[] outputOrder = outputs.SelectMany(o => o).ToArray(), restored = new int[outputOrder.Length];
        for (int i = 0; i < outputOrder.Length; i++) restored[outputOrder[i]] = i;
        _outputs = Indices(outputOrder, initializer);
        _restored = Indices(restored, initializer);
        _stepOfInput = Steps(inputs, initializer);
        _stepOfOutput = Steps(outputs, initializer);
    }

    public IReadOnlyList<int> Variables { get; }

    /// <summary>Where the inputs of each step begin, and the end of the last.</summary>
    public int[] InputStarts { get; }

    /// <inheritdoc cref="InputStarts"/>
    public int[] OutputStarts { get; }

    /// <summary>Puts what belongs to inputs into this order.</summary>
    public Tensor OrderInputs(Tensor values, long axis) => _inputs is null ? values : values.index_select(axis, _inputs);

    /// <summary>Puts what belongs to outputs into this order.</summary>
    public Tensor OrderOutputs(Tensor values, long axis) => _outputs is null ? values : values.index_select(axis, _outputs);

    /// <summary>Undoes <see cref="OrderOutputs(Tensor, long)"/>.</summary>
    public Tensor RestoreOutputs(Tensor values, long axis) => _restored is null ? values : values.index_select(axis, _restored);

    /// <inheritdoc cref="OrderInputs(Tensor, long)"/>
    public OnnxValue OrderInputs(OnnxValue values, int axis) => Ordered(values, axis, _inputs);

    /// <inheritdoc cref="OrderOutputs(Tensor, long)"/>
    public OnnxValue OrderOutputs(OnnxValue values, int axis) => Ordered(values, axis, _outputs);

    /// <inheritdoc cref="RestoreOutputs(Tensor, long)"/>
    public OnnxValue RestoreOutputs(OnnxValue values, int axis) => Ordered(values, axis, _restored);

    /// <summary>Which inputs each of some steps has seen, of those that belong to these steps.</summary>
    /// <returns>(steps, 1, inputs of the steps), 1 or 0</returns>
    public Tensor Seen(int first, int last) => Range(first, last).gt(Inputs(_stepOfInput, first, last)).to(float32).unsqueeze(1);

    /// <summary>Which outputs are each step's own, of those that belong to these steps.</summary>
    /// <returns>(steps, 1, outputs of the steps), 1 or 0</returns>
    public Tensor Own(int first, int last) => Range(first, last).eq(Outputs(_stepOfOutput, first, last)).to(float32).unsqueeze(1);

    /// <summary>What belongs to the inputs of some steps.</summary>
    public Tensor Inputs(Tensor ordered, int first, int last, long axis = 0) => ordered.narrow(axis, InputStarts[first], InputStarts[last] - InputStarts[first]);

    /// <inheritdoc cref="Inputs(Tensor, int, int, long)"/>
    public Tensor Outputs(Tensor ordered, int first, int last) => ordered.narrow(0, OutputStarts[first], OutputStarts[last] - OutputStarts[first]);

    private static OnnxValue Ordered(OnnxValue values, int axis, Tensor? indices) => indices is null ? values : values.Gather(axis, indices.cpu().data<long>().ToArray());

    private Tensor Range(int first, int last) => arange(first, last, int64, _stepOfInput.device).unsqueeze(1);   // (steps, 1)

    private static int[] Starts(int[][] parts) => [0, .. parts.Select((_, i) => parts.Take(i + 1).Sum(p => p.Length))];

    private static Tensor Steps(int[][] parts, Initializer initializer) => initializer.Indices(parts.SelectMany((p, step) => Enumerable.Repeat(step, p.Length)));

    private static Tensor? Indices(int[] order, Initializer initializer) => order.Select((index, i) => index == i).All(same => same) ? null : initializer.Indices(order);

    public void Dispose()
    {
        _inputs?.Dispose();
        _outputs?.Dispose();
        _restored?.Dispose();
        _stepOfInput.Dispose();
        _stepOfOutput.Dispose();
    }
}
