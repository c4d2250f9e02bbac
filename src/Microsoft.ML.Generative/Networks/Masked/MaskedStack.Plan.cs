using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The same once the weights are final, which <c>eval</c> says: without libtorch, where that is faster.</summary>
internal sealed partial class MaskedStack
{
    // more do not stay in the cache while rows go by, and libtorch reads them less often
    private const int MostPlannedWeights = 1 << 18;

    private Planned? _planned;

    /// <summary>All orders' layers as they are, laid out for rows like these; null if that would not be faster.</summary>
    public MaskedPlan? PlanFor(Tensor x, Tensor? condition)
    {
        if (training || !DensePlan.Suits(x) || condition?.requires_grad == true) return null;
        var planned = _planned;   // several threads may come here at once: each works with the plan that it saw or made
        if (planned is null) _planned = planned = new Planned(Plan());
        return planned.Plan;
    }

    /// <summary>Says whether the weights may change from here on.</summary>
    public override void train(bool train = true)
    {
        _planned = null;
        base.train(train);
    }

    private MaskedPlan? Plan()
    {
        int orders = _input.Positions.Count;
        // half of the weights are masked, more or less
        if (orders * (long)((_first.Weight.numel() + _hidden.Sum(layer => layer.Weight.numel()) + _output.Weight.numel()) / _input.Members) / 2 > MostPlannedWeights) return null;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var masks = _input.SharedWeights ? Masks(tensor(_input.Positions.SelectMany(p => p.Select(i => (float)i)).ToArray()).view(orders, -1)) : null;
        return new MaskedPlan(Enumerable.Range(0, orders).Select(order => PlanOf(order, masks)).ToArray(), _input.VariableOfInput.Length + _input.ConditionSize);
    }

    // the workspace: what is seen, a layer's units, the next one's, what a block adds
    private MaskedPlanLayer[] PlanOf(int order, MaskSet? masks)
    {
        int member = _input.SharedWeights ? 0 : order, inputs = _input.VariableOfInput.Length + _input.ConditionSize;
        int widest = (Math.Max(_degrees.Max(degrees => degrees.Length), _input.VariableOfOutput.Length) + DenseTile.Outputs - 1) / DenseTile.Outputs * DenseTile.Outputs;
        int here = inputs, there = inputs + widest, added = inputs + 2 * widest;
        int[] seen = [.. Enumerable.Range(0, inputs)];
        var layers = new List<MaskedPlanLayer> { new(WeightOf(_first, masks?.First), BiasOf(_first), seen, here, _shape.Activation) };
        int plain = _shape.HiddenSizes.Count - 1;
        for (int i = 0; i < plain; i++)
        {
            layers.Add(new(WeightOf(_hidden[i], null), BiasOf(_hidden[i]), Places(here, i), there, _shape.Activation));
            (here, there) = (there, here);
        }
        for (int i = plain; i < _hidden.Length; i += 2)
        {
            layers.Add(new(WeightOf(_hidden[i], null), BiasOf(_hidden[i]), Places(here, i), there, _shape.Activation));
            layers.Add(new(WeightOf(_hidden[i + 1], null), BiasOf(_hidden[i + 1]), Places(there, i + 1), added, addTo: here));
        }
        var (weight, bias) = (WeightOf(_output, masks?.Output), BiasOf(_output));
        int[] read = Places(here, _hidden.Length);
        if (_direct is not null)
        {
            weight = cat([weight, WeightOf(_direct, masks?.Direct)], 1);
            bias = bias + BiasOf(_direct);
            read = [.. read, .. _shape.Direct ? seen : seen[_input.VariableOfInput.Length..]];
        }
        layers.Add(new(weight, bias, read, there, mayReorder: true));
        return [.. layers];

        int[] Places(int start, int layer) => [.. Enumerable.Range(start, _degrees[layer].Length)];

        Tensor WeightOf(MaskedDense layer, Tensor? mask) => mask is null ? layer.Weight.select(0, member) : layer.Weight.select(0, 0) * mask.select(0, order);

        Tensor BiasOf(MaskedDense layer) => layer.Bias.view(_input.Members, -1).select(0, member);
    }

    /// <param name="Plan">Null if there is none that would be faster.</param>
    private sealed record Planned(MaskedPlan? Plan);
}
