using System.Globalization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A residual network that reads rows with noise, and the angle that says how much of it. The angle, as sines and cosines, is added to the units of the first layer and of every block.</summary>
internal sealed class Denoiser : nn.Module
{
    private const int Waves = 32;
    private const double FastestWave = 1000;

    private readonly Dense _first, _time, _last;
    private readonly Dense[] _blocks;   // two for each
    private readonly Tensor _frequencies;
    private readonly int _units;
    private readonly double _dropout;

    public Denoiser(int inputs, int outputs, int units, int blocks, double dropout, Initializer initializer) : base(nameof(Denoiser))
    {
        _units = units;
        _dropout = dropout;
        register_module("first", _first = new Dense(inputs, units, initializer));
        register_module("time", _time = new Dense(2 * Waves, (1 + blocks) * units, initializer));
        _blocks = new Dense[2 * blocks];
        for (int i = 0; i < _blocks.Length; i++)
            register_module("block" + i.ToString(CultureInfo.InvariantCulture), _blocks[i] = new Dense(units, units, initializer, startsAtZero: i % 2 == 1));
        register_module("last", _last = new Dense(units, outputs, initializer, startsAtZero: true));
        _frequencies = this.Own("frequencies", initializer.Fixed(Enumerable.Range(0, Waves).Select(i => (float)Math.Pow(FastestWave, i / (Waves - 1.0))).ToArray()));
    }

    /// <summary>What the angles add to the units.</summary>
    /// <param name="angles">(n,)</param>
    /// <returns>(n, (1 + blocks)·units)</returns>
    public Tensor TimeCode(Tensor angles)
    {
        var waves = angles.unsqueeze(-1) * _frequencies;
        return _time.forward(cat([waves.sin(), waves.cos()], -1));
    }

    /// <param name="y">(batch, inputs)</param>
    /// <param name="code">(batch or 1, …) from <see cref="TimeCode"/></param>
    /// <param name="step">Null outside of training: no dropout.</param>
    /// <returns>(batch, outputs)</returns>
    public Tensor Call(Tensor y, Tensor code, TrainingStep? step)
    {
        var h = nn.functional.silu(_first.forward(y) + Code(code, 0));   // (batch, units)
        for (int i = 0; i < _blocks.Length; i += 2)
            h = h + _blocks[i + 1].forward(nn.functional.silu(_blocks[i].forward(h) + Code(code, 1 + i / 2)).Dropped(_dropout, step));
        return _last.forward(nn.functional.silu(h));
    }

    /// <summary>The same, and how it changes along directions of the first inputs.</summary>
    /// <param name="directions">(directions, 1 or batch, features)</param>
    /// <returns>(batch, outputs) and (directions, batch, outputs)</returns>
    public (Tensor Value, Tensor Change) Differentiate(Tensor y, Tensor code, Tensor directions)
    {
        var change = directions.matmul(_first.Weight.narrow(1, 0, directions.shape[^1]).t());   // (directions, …, units)
        var (h, slope) = Silu(_first.forward(y) + Code(code, 0));
        change = change * slope;
        for (int i = 0; i < _blocks.Length; i += 2)
        {
            var (inner, innerSlope) = Silu(_blocks[i].forward(h) + Code(code, 1 + i / 2));
            change = change + change.matmul(_blocks[i].Weight.t()).mul_(innerSlope).matmul(_blocks[i + 1].Weight.t());
            h = h + _blocks[i + 1].forward(inner);
        }
        var (last, lastSlope) = Silu(h);
        return (_last.forward(last), (change * lastSlope).matmul(_last.Weight.t()));
    }

    /// <inheritdoc cref="Call(Tensor, Tensor, TrainingStep?)"/>
    /// <param name="code">(…,) of one angle.</param>
    public OnnxValue Call(OnnxValue y, OnnxValue code)
    {
        var h = (_first.Call(y) + Code(code, 0)).Silu();
        for (int i = 0; i < _blocks.Length; i += 2) h += _blocks[i + 1].Call((_blocks[i].Call(h) + Code(code, 1 + i / 2)).Silu());
        return _last.Call(h.Silu());
    }

    /// <inheritdoc cref="Differentiate(Tensor, Tensor, Tensor)"/>
    public (OnnxValue Value, OnnxValue Change) Differentiate(OnnxValue y, OnnxValue code, OnnxValue directions, int features)
    {
        var change = directions.MatMul(Transposed(y, _first.Weight.narrow(1, 0, features)));
        var (h, slope) = Silu(_first.Call(y) + Code(code, 0));
        change *= slope;
        for (int i = 0; i < _blocks.Length; i += 2)
        {
            var (inner, innerSlope) = Silu(_blocks[i].Call(h) + Code(code, 1 + i / 2));
            change += (change.MatMul(Transposed(y, _blocks[i].Weight)) * innerSlope).MatMul(Transposed(y, _blocks[i + 1].Weight));
            h += _blocks[i + 1].Call(inner);
        }
        var (last, lastSlope) = Silu(h);
        return (_last.Call(last), (change * lastSlope).MatMul(Transposed(y, _last.Weight)));
    }

    private Tensor Code(Tensor code, int place) => code.narrow(-1, place * _units, _units);

    private OnnxValue Code(OnnxValue code, int place) => code.Narrow(-1, place * _units, _units);

    // x·σ(x) and its derivative σ(x)·(1 + x·(1 − σ(x)))
    private static (Tensor Value, Tensor Slope) Silu(Tensor x)
    {
        var s = x.sigmoid();
        var value = x * s;
        return (value, s + value * (1 - s));
    }

    private static (OnnxValue Value, OnnxValue Slope) Silu(OnnxValue x)
    {
        var s = x.Sigmoid();
        var value = x * s;
        return (value, s + value * (1f - s));
    }

    private static OnnxValue Transposed(OnnxValue like, Tensor weight) => like.Graph.Constant(weight.t().contiguous().ToFloats(), weight.shape[1], weight.shape[0]);
}
