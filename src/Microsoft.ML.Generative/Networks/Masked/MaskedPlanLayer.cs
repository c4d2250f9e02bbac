using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>A layer of a <see cref="MaskedPlan"/>, from places of a workspace to other places of it; a place holds one number of each of a tile's rows.</summary>
internal sealed class MaskedPlanLayer
{
    private readonly int _start;
    private readonly int[] _places;        // of the outputs
    private readonly Group[] _groups;
    private readonly float[] _bias;        // of the outputs in the order of the groups
    private readonly Activation? _activation;
    private readonly int? _addTo;

    /// <param name="weight">(outputs, inputs), 0 where it is masked.</param>
    /// <param name="bias">(outputs,)</param>
    /// <param name="inputPlaces">Of each input.</param>
    /// <param name="start">The first place of the outputs, which take a multiple of a tile's outputs.</param>
    /// <param name="addTo">Where to add the outputs instead of leaving them, if anywhere.</param>
    /// <param name="mayReorder">Whether it does not matter which output has which place.</param>
    public MaskedPlanLayer(Tensor weight, Tensor bias, int[] inputPlaces, int start, Activation? activation = null, int? addTo = null, bool mayReorder = false)
    {
        (_start, _activation, _addTo) = (start, activation, addTo);
        Outputs = (int)weight.shape[0];
        int inputs = inputPlaces.Length;
        float[] weights = weight.ToFloats(), biases = bias.ToFloats();
        bool Reads(int output, int input) => weights[output * inputs + input] != 0;

        // those that read about as much go together
        int[] order = Enumerable.Range(0, Outputs).ToArray();
        if (mayReorder) order = [.. order.OrderBy(output => Enumerable.Range(0, inputs).Count(input => Reads(output, input)))];
        _places = new int[Outputs];
        for (int i = 0; i < Outputs; i++) _places[order[i]] = start + i;
        _groups = order.Chunk(DenseTile.Outputs).Select(outputs =>
        {
            int[] read = Enumerable.Range(0, inputs).Where(input => Array.Exists(outputs, output => Reads(output, input))).ToArray();
            var group = new Group(new float[read.Length * DenseTile.Outputs], read.Select(input => inputPlaces[input]).ToArray());
            for (int i = 0; i < read.Length; i++)
                for (int o = 0; o < outputs.Length; o++) group.Weights[i * DenseTile.Outputs + o] = weights[outputs[o] * inputs + read[i]];
            return group;
        }).ToArray();
        _bias = new float[_groups.Length * DenseTile.Outputs];
        for (int i = 0; i < Outputs; i++) _bias[i] = biases[order[i]];
    }

    public int Outputs { get; }

    /// <summary>The place after its outputs.</summary>
    public int EndPlace => _start + _groups.Length * DenseTile.Outputs;

    /// <summary>Numbers that are multiplied for a row.</summary>
    public int Weights => _groups.Sum(group => group.Weights.Length);

    public int PlaceOf(int output) => _places[output];

    public void Apply(Span<float> workspace)
    {
        for (int g = 0; g < _groups.Length; g++)
        {
            var y = workspace.Slice((_start + g * DenseTile.Outputs) * DenseTile.Rows, DenseTile.Outputs * DenseTile.Rows);
            DenseTile.Compute(workspace, _groups[g].Places, _groups[g].Weights, _bias.AsSpan(g * DenseTile.Outputs, DenseTile.Outputs), y);
        }
        var all = workspace.Slice(_start * DenseTile.Rows, Outputs * DenseTile.Rows);
        if (_activation is { } activation) ActivationInPlace.Apply(activation, all);
        if (_addTo is not { } place) return;
        var sum = workspace.Slice(place * DenseTile.Rows, all.Length);
        for (int i = 0; i < all.Length; i += Vector512<float>.Count) (Vector512.Create<float>(all[i..]) + Vector512.Create<float>(sum[i..])).CopyTo(sum[i..]);
    }

    /// <param name="Weights">(inputs, outputs of a tile)</param>
    /// <param name="Places">Of the inputs that any of the outputs reads.</param>
    private sealed record Group(float[] Weights, int[] Places);
}
