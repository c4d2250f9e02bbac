using System.Globalization;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A residual network that reads rows with noise, sines and cosines of their features, and the angle that says how much noise it is: the angle, as sines and cosines, is added to the
/// units of the first layer and of every block.</summary>
internal sealed class ResidualDenoiser : Denoiser
{
    // features up to which they are read as waves, too, where the user does not say, and how many frequencies
    private const int MostFeaturesWithWaves = 4, DefaultInputWaves = 4;

    // of the first: it repeats after four deviations
    private const double SlowestInputWave = Math.PI / 2;

    private readonly Dense _first, _time, _last;
    private readonly Dense[] _blocks;   // two for each
    private readonly Tensor _frequencies;
    private readonly Tensor? _inputFrequencies;
    private readonly int _features, _units;
    private readonly double _dropout;

    /// <param name="conditions">Numbers of the condition that it reads behind the features.</param>
    /// <param name="outputs">How many numbers it gives, where these are not features without their noise; then it reads no waves.</param>
    public ResidualDenoiser(DiffusionOptions options, int features, int conditions, Initializer initializer, int? outputs = null)
    {
        _features = features;
        _units = options.HiddenSize;
        _dropout = options.Training.Dropout ?? 0;
        int inputWaves = outputs is not null ? 0 : options.InputWaves ?? (features <= MostFeaturesWithWaves ? DefaultInputWaves : 0);
        register_module("first", _first = new Dense(features * (1 + 2 * inputWaves) + conditions, _units, initializer));
        register_module("time", _time = new Dense(AngleWaves.Width, (1 + options.ResidualBlocks) * _units, initializer));
        _blocks = new Dense[2 * options.ResidualBlocks];
        for (int i = 0; i < _blocks.Length; i++)
            register_module("block" + i.ToString(CultureInfo.InvariantCulture), _blocks[i] = new Dense(_units, _units, initializer, startsAtZero: i % 2 == 1));
        register_module("last", _last = new Dense(_units, outputs ?? features, initializer, startsAtZero: true));
        _frequencies = this.Own("frequencies", AngleWaves.Frequencies(initializer));
        if (inputWaves > 0) _inputFrequencies = this.Own("inputFrequencies", initializer.Fixed([.. Enumerable.Range(0, inputWaves).Select(i => (float)(SlowestInputWave * Math.Pow(2, i)))]));
    }

    /// <summary>(1 + blocks)·units</summary>
    public override int CodeSize => (int)_time.Weight.shape[0];

    public override Tensor TimeCode(Tensor angles) => _time.forward(AngleWaves.Of(angles, _frequencies));

    public override Tensor Call(Tensor y, Tensor code, TrainingStep? step)
    {
        var h = nn.functional.silu(_first.forward(Read(y)) + Code(code, 0));   // (batch, units)
        for (int i = 0; i < _blocks.Length; i += 2)
            h = h + _blocks[i + 1].forward(nn.functional.silu(_blocks[i].forward(h) + Code(code, 1 + i / 2)).Dropped(_dropout, step));
        return _last.forward(nn.functional.silu(h));
    }

    public override (Tensor Value, Tensor Change) Differentiate(Tensor y, Tensor code, Tensor directions)
    {
        var read = ReadChange(y, directions);
        var change = read.matmul(_first.Weight.narrow(1, 0, read.shape[^1]).t());   // (directions, …, units)
        var (h, slope) = Silu(_first.forward(Read(y)) + Code(code, 0));
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

    public override OnnxValue Call(OnnxValue y, OnnxValue code)
    {
        var h = (_first.Call(Read(y)) + Code(code, 0)).Silu();
        for (int i = 0; i < _blocks.Length; i += 2) h += _blocks[i + 1].Call((_blocks[i].Call(h) + Code(code, 1 + i / 2)).Silu());
        return _last.Call(h.Silu());
    }

    public override (OnnxValue Value, OnnxValue Change) Differentiate(OnnxValue y, OnnxValue code, OnnxValue directions)
    {
        var change = ReadChange(y, directions).MatMul(Transposed(y, _first.Weight.narrow(1, 0, _features * (1 + 2 * (_inputFrequencies?.shape[0] ?? 0)))));
        var (h, slope) = Silu(_first.Call(Read(y)) + Code(code, 0));
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

    // features, their sines and cosines, the condition
    private Tensor Read(Tensor y)
    {
        if (_inputFrequencies is null) return y;
        var x = y.narrow(1, 0, _features);
        var waves = Waved(x);
        return cat([x, waves.sin(), waves.cos(), y.narrow(1, _features, y.shape[1] - _features)], 1);
    }

    private Tensor ReadChange(Tensor y, Tensor directions)
    {
        if (_inputFrequencies is null) return directions;
        var waves = Waved(y.narrow(1, 0, _features));
        var change = Waved(directions);
        return cat([directions.expand(directions.shape[0], y.shape[0], -1), change * waves.cos(), change * -waves.sin()], -1);
    }

    // (…, features) to (…, features·frequencies)
    private Tensor Waved(Tensor x) => (x.unsqueeze(-1) * _inputFrequencies!).flatten(-2);

    private OnnxValue Read(OnnxValue y)
    {
        if (_inputFrequencies is null) return y;
        var x = y.Narrow(1, 0, _features);
        var waves = Waved(x).Reshape(-1, _features * _inputFrequencies.shape[0]);
        return x.Concatenate(1, waves.Sin(), waves.Cos(), y.Narrow(1, _features, _first.Weight.shape[1]));
    }

    private OnnxValue ReadChange(OnnxValue y, OnnxValue directions)
    {
        if (_inputFrequencies is null) return directions;
        long width = _features * _inputFrequencies.shape[0];
        var x = y.Narrow(1, 0, _features);
        var waves = Waved(x).Reshape(-1, width);
        var change = Waved(directions).Reshape(0, -1, width);
        return (directions + x * 0f).Concatenate(-1, change * waves.Cos(), -(change * waves.Sin()));
    }

    private OnnxValue Waved(OnnxValue x) => x.Unsqueeze(-1) * x.Graph.Weights(_inputFrequencies!);

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
