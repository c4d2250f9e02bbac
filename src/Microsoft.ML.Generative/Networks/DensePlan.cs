using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>
/// Trained dense layers, one after the other, laid out to be computed by the processor's 512-bit registers: a few rows go through all layers at a time, so that what lies
/// between layers stays in the first-level cache, and nothing is allocated but the result.
/// </summary>
/// <remarks>A row's result does not depend on the rows beside it. The weights are copied: a plan is good for weights that no longer change.</remarks>
internal sealed class DensePlan
{
    // fewer rows are not worth another thread
    private const int RowsPerThread = 512;

    private readonly Layer[] _layers;
    private readonly int _inputs, _outputs, _widest;

    /// <param name="layers">(outputs, inputs) and (outputs,) each, and what follows; null for nothing.</param>
    public DensePlan(IEnumerable<(Tensor Weight, Tensor Bias, Activation? Activation)> layers)
    {
        _layers = layers.Select(layer => new Layer(layer.Weight, layer.Bias, layer.Activation)).ToArray();
        _inputs = _layers[0].Inputs;
        _outputs = _layers[^1].Outputs;
        _widest = _layers.Max(layer => Math.Max(layer.Inputs, layer.PaddedOutputs));
    }

    /// <summary>Whether it can be applied to this tensor, and faster than libtorch does it.</summary>
    public static bool Suits(Tensor x) => Vector512.IsHardwareAccelerated && !x.requires_grad && x.device_type == TorchSharp.DeviceType.CPU && x.dtype == float32;

    /// <param name="x">(…, inputs)</param>
    /// <returns>(…, outputs)</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        if (!x.is_contiguous()) x = x.contiguous();
        var shape = x.shape;
        int rows = checked((int)(x.numel() / _inputs));
        shape[^1] = _outputs;
        var result = empty(shape, float32).MoveToOuterDisposeScope();
        ThreadShares.Run(rows, rows / RowsPerThread, (start, end) => Apply(x, result, start, end));
        return result;
    }

    private void Apply(Tensor from, Tensor to, int start, int end)
    {
        var x = MemoryMarshal.Cast<byte, float>(from.bytes);
        var y = MemoryMarshal.Cast<byte, float>(to.bytes);
        float[] here = ArrayPool<float>.Shared.Rent(_widest * DenseTile.Rows), there = ArrayPool<float>.Shared.Rent(_widest * DenseTile.Rows);
        for (int first = start; first < end; first += DenseTile.Rows)
        {
            int rows = Math.Min(DenseTile.Rows, end - first);
            DenseTile.ToColumns(x.Slice(first * _inputs, rows * _inputs), rows, _inputs, here);
            foreach (var layer in _layers)
            {
                layer.Apply(here, there);
                (here, there) = (there, here);
            }
            ToRows(here, rows, y.Slice(first * _outputs, rows * _outputs));
        }
        ArrayPool<float>.Shared.Return(here);
        ArrayPool<float>.Shared.Return(there);
    }

    private void ToRows(ReadOnlySpan<float> columns, int rows, Span<float> y)
    {
        for (int i = 0; i < _outputs; i++)
        {
            var column = columns.Slice(i * DenseTile.Rows, rows);
            for (int row = 0; row < column.Length; row++) y[row * _outputs + i] = column[row];
        }
    }

    /// <summary>Weights in groups of as many outputs as a tile has: (groups, inputs, tile's outputs); the last group is filled up with zeros.</summary>
    private sealed class Layer
    {
        private readonly float[] _weights, _bias;
        private readonly Activation? _activation;

        public Layer(Tensor weight, Tensor bias, Activation? activation)
        {
            (Outputs, Inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
            _activation = activation;
            PaddedOutputs = (Outputs + DenseTile.Outputs - 1) / DenseTile.Outputs * DenseTile.Outputs;
            _bias = new float[PaddedOutputs];
            _weights = new float[PaddedOutputs * Inputs];
            using var scope = NewDisposeScope();
            bias.detach().CopyTo(_bias);
            float[] rows = weight.detach().ToFloats();
            for (int output = 0; output < Outputs; output++)
            {
                int group = output / DenseTile.Outputs, place = output % DenseTile.Outputs;
                for (int input = 0; input < Inputs; input++) _weights[(group * Inputs + input) * DenseTile.Outputs + place] = rows[output * Inputs + input];
            }
        }

        public int Inputs { get; }

        public int Outputs { get; }

        public int PaddedOutputs { get; }

        public void Apply(ReadOnlySpan<float> x, Span<float> y)
        {
            for (int output = 0; output < PaddedOutputs; output += DenseTile.Outputs)
                DenseTile.Compute(x, _weights.AsSpan(output * Inputs, DenseTile.Outputs * Inputs), _bias.AsSpan(output, DenseTile.Outputs), y[(output * DenseTile.Rows)..]);
            if (_activation is { } activation) ActivationInPlace.Apply(activation, y[..(Outputs * DenseTile.Rows)]);
        }
    }
}
