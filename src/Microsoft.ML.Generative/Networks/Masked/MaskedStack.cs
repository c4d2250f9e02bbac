using System.Globalization;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What a <see cref="MaskedStack"/> is built for.</summary>
/// <param name="VariableOfInput">Which variable each input belongs to.</param>
/// <param name="VariableOfOutput">Which variable each output is a parameter of.</param>
/// <param name="ConditionSize">Inputs more that everything may see.</param>
/// <param name="Positions">For each order, the position of each variable.</param>
/// <param name="SharedWeights">One set of weights for all orders, rather than one for each.</param>
internal sealed record MaskedStackInput(int[] VariableOfInput, int[] VariableOfOutput, int ConditionSize, IReadOnlyList<int[]> Positions, bool SharedWeights)
{
    public int Variables => Positions[0].Length;

    /// <summary>Sets of weights.</summary>
    public int Members => SharedWeights ? 1 : Positions.Count;
}

/// <summary>Layers of a masked stack.</summary>
/// <param name="HiddenSizes">Units of each layer, one layer at least.</param>
/// <param name="ResidualBlocks">Pairs of layers after them, as wide as the last one, whose result is added to what they read.</param>
/// <param name="Direct">Whether outputs see the inputs directly, too.</param>
internal sealed record MaskedStackShape(IReadOnlyList<int> HiddenSizes, int ResidualBlocks, Activation Activation, double Dropout, bool Direct);

/// <summary>
/// Dense layers with masks by which the outputs of a variable depend on the variables before it alone (Germain et al., 2015), for one or several orders.
/// A hidden unit of degree m sees the variables at the positions below m (the first position is 0); the outputs of the variable at position p see the units of degree p or less.
/// </summary>
/// <remarks>
/// The degrees of a layer ascend from its first unit to its last and are the same for all orders, so that the units that may be computed once p variables are known are a
/// run of neighbours: <see cref="SequentialPass"/> uses that.
/// </remarks>
internal sealed partial class MaskedStack : nn.Module
{
    private readonly MaskedStackInput _input;
    private readonly MaskedStackShape _shape;
    private readonly MaskedDense _first, _output;
    private readonly MaskedDense[] _hidden;          // plain layers after the first, then the layers of the blocks
    private readonly MaskedDense? _direct;
    private readonly int[][] _degrees;               // of each layer: first, hidden
    private readonly Tensor[] _hiddenMasks;          // (1, outputs, inputs)
    private readonly Tensor[] _degreesOfUnits;                       // the same, (units,) each
    private readonly (Tensor OfInputs, Tensor OfOutputs) _variables;  // (inputs,), (outputs,); not fields of their own, which would become state
    private readonly MaskSet? _fixed;                // all orders' masks, where each has weights of its own
    private readonly List<Tensor> _kept = [];

    /// <param name="start">Where the outputs' biases start: one number for each output.</param>
    public MaskedStack(MaskedStackInput input, MaskedStackShape shape, float[] start, Initializer initializer) : base(nameof(MaskedStack))
    {
        _input = input;
        _shape = shape;
        int members = input.Members, inputs = input.VariableOfInput.Length + input.ConditionSize, outputs = input.VariableOfOutput.Length;
        int last = shape.HiddenSizes[^1];
        int[] sizes = [.. shape.HiddenSizes, .. Enumerable.Repeat(last, 2 * shape.ResidualBlocks)];
        _degrees = sizes.Select(Degrees).ToArray();

        register_module("first", _first = new MaskedDense(members, inputs, sizes[0], Spread(inputs, sizes[0]), initializer.Constant(0, members * sizes[0]), initializer));
        _hidden = new MaskedDense[sizes.Length - 1];
        for (int i = 0; i < _hidden.Length; i++)
        {
            _hidden[i] = new MaskedDense(members, sizes[i], sizes[i + 1], Spread(sizes[i], sizes[i + 1]), initializer.Constant(0, members * sizes[i + 1]), initializer);
            register_module("hidden" + i.ToString(CultureInfo.InvariantCulture), _hidden[i]);
        }
        var bias = initializer.StartingFrom(Enumerable.Repeat(start, members).SelectMany(s => s).ToArray());
        register_module("output", _output = new MaskedDense(members, last, outputs, Spread(last, outputs) / 2, bias, initializer));
        if (shape.Direct || input.ConditionSize > 0)
        {
            int seen = shape.Direct ? inputs : input.ConditionSize;
            register_module("direct", _direct = new MaskedDense(members, seen, outputs, 0, initializer.Constant(0, members * outputs), initializer));
        }

        _variables = (Keep(initializer.Indices(input.VariableOfInput)), Keep(initializer.Indices(input.VariableOfOutput)));
        _degreesOfUnits = _degrees.Select(degrees => Keep(initializer.Derived(tensor(degrees.Select(d => (float)d).ToArray(), device: initializer.Device)))).ToArray();
        _hiddenMasks = new Tensor[_hidden.Length];
        for (int i = 0; i < _hidden.Length; i++)
        {
            _hiddenMasks[i] = Keep(initializer.Derived(_degreesOfUnits[i + 1].unsqueeze(1).ge(_degreesOfUnits[i]).to(float32).unsqueeze(0)));
            _hidden[i].KeepZero(_hiddenMasks[i]);
        }
        if (input.SharedWeights) return;
        _fixed = Masks(tensor(input.Positions.SelectMany(p => p.Select(i => (float)i)).ToArray(), device: initializer.Device).view(members, -1));
        foreach (var (layer, mask) in new[] { (_first, _fixed.First), (_output, _fixed.Output), (_direct, _fixed.Direct) })
            if (mask is not null) layer!.KeepZero(Keep(initializer.Derived(mask)));
    }

    /// <summary>Masks for orders.</summary>
    /// <param name="positions">(orders, variables): the position of each variable, from 0.</param>
    public MaskSet Masks(Tensor positions)
    {
        long orders = positions.shape[0];
        var ofInputs = positions.index_select(1, _variables.OfInputs);                                    // (orders, inputs)
        if (_input.ConditionSize > 0) ofInputs = cat([ofInputs, full(orders, _input.ConditionSize, -1, float32, ofInputs.device)], 1);
        var ofOutputs = positions.index_select(1, _variables.OfOutputs).unsqueeze(2);                     // (orders, outputs, 1)
        var directInputs = _shape.Direct ? ofInputs : ofInputs.narrow(1, _input.VariableOfInput.Length, _input.ConditionSize);
        return new MaskSet(
            _degreesOfUnits[0].unsqueeze(1).gt(ofInputs.unsqueeze(1)).to(float32),
            ofOutputs.ge(_degreesOfUnits[^1]).to(float32),
            _direct is null ? null : ofOutputs.gt(directInputs.unsqueeze(1)).to(float32));
    }

    /// <summary>Outputs for every order, from inputs of which each output sees what comes before its variable.</summary>
    /// <param name="x">(batch, inputs) for all orders, or (orders, batch, inputs).</param>
    /// <param name="masks">The orders, where they share weights; null where each has weights of its own.</param>
    /// <param name="step">Null outside of training: no dropout, and fixed masks need not be applied.</param>
    /// <returns>(orders, batch, outputs)</returns>
    public Tensor Call(Tensor x, Tensor? condition, MaskSet? masks = null, TrainingStep? step = null)
    {
        bool training = step is { Validating: false };
        if (training) masks ??= _fixed;
        if (x.Dimensions == 3) condition = condition?.unsqueeze(0).expand(x.shape[0], -1, -1);
        var seen = x.BesideCondition(condition);                                                        // (…, batch, inputs + conditions)
        var h = Activate(_first.Call(seen, masks?.First), step);                                        // (orders, batch, units)
        int plain = _shape.HiddenSizes.Count - 1;
        for (int i = 0; i < plain; i++) h = Activate(Hidden(i, h, training), step);
        for (int i = plain; i < _hidden.Length; i += 2) h = h + Hidden(i + 1, Activate(Hidden(i, h, training), step), training);
        var result = _output.Call(h, masks?.Output);                                                    // (orders, batch, outputs)
        return _direct is null ? result : result + _direct.Call(_shape.Direct ? seen : condition!, masks?.Direct);
    }

    private Tensor Hidden(int layer, Tensor h, bool training) => _hidden[layer].Call(h, training ? _hiddenMasks[layer] : null);   // (orders, batch, units)

    private Tensor Activate(Tensor h, TrainingStep? step) => _shape.Activation.ApplyInPlace(h).Dropped(_shape.Dropout, step);

    /// <summary>Degrees spread evenly from the least that is of use (1, or 0 if there is a condition to see) to the number of variables less one.</summary>
    private int[] Degrees(int units)
    {
        int least = _input.ConditionSize > 0 ? 0 : 1, kinds = Math.Max(1, _input.Variables - least);
        return Enumerable.Range(0, units).Select(unit => least + (int)((long)unit * kinds / units)).ToArray();
    }

    private static double Spread(int inputs, int outputs) => Math.Sqrt(6.0 / (inputs + outputs));   // Glorot and Bengio, 2010

    // what follows from the shape is no state: it is not saved, and goes with the module
    private Tensor Keep(Tensor tensor)
    {
        _kept.Add(tensor);
        return tensor;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) foreach (var tensor in _kept) tensor.Dispose();
        base.Dispose(disposing);
    }
}
