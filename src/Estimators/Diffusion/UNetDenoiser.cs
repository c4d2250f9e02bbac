using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A U-Net of images with noise: the angle, as sines and cosines, and the condition are added to the channels within every block.</summary>
internal sealed class UNetDenoiser : Denoiser
{
    private static readonly TensorImages Tensors = new();
    private static readonly OnnxImages Nodes = new();

    private readonly UNet _layers;
    private readonly Dense _time, _code;
    private readonly Dense? _condition;
    private readonly Tensor _frequencies;
    private readonly (int Start, int Width)[] _places;   // in the code, of each block
    private readonly int _features, _conditions;
    private readonly double _dropout;

    /// <param name="conditions">Numbers of the condition that it reads behind the features.</param>
    public UNetDenoiser(DiffusionOptions options, ImageShape image, int conditions, Initializer initializer)
    {
        (_features, _conditions) = (image.Features, conditions);
        _dropout = options.Training.Dropout ?? 0;
        register_module("layers", _layers = new UNet(image, options.ImageChannels, options.ResidualBlocks, initializer));
        _places = [.. _layers.BlockWidths.Select((width, i) => (_layers.BlockWidths.Take(i).Sum(), width))];
        CodeSize = _layers.BlockWidths.Sum();
        register_module("time", _time = new Dense(AngleWaves.Width, AngleWaves.Width, initializer));
        register_module("code", _code = new Dense(AngleWaves.Width, CodeSize, initializer));
        if (conditions > 0) register_module("condition", _condition = new Dense(conditions, CodeSize, initializer));
        _frequencies = this.Own("frequencies", AngleWaves.Frequencies(initializer));
    }

    public override int CodeSize { get; }

    public override Tensor TimeCode(Tensor angles) => _code.forward(nn.functional.silu(_time.forward(AngleWaves.Of(angles, _frequencies))));

    public override Tensor Call(Tensor y, Tensor code, TrainingStep? step)
    {
        var (x, all) = Read(y, code);
        return _layers.Call(step is null ? Tensors : new TensorImages(_dropout, step), x, (h, block) => h + OfBlock(all, block));
    }

    public override (Tensor Value, Tensor Change) Differentiate(Tensor y, Tensor code, Tensor directions)
    {
        long count = directions.shape[0], rows = y.shape[0];
        var (x, all) = Read(y.unsqueeze(0).expand(count, -1, -1).reshape(count * rows, -1), code);
        var change = directions.expand(count, rows, -1).reshape(count * rows, -1);
        var result = _layers.Call(new ChangingImages<Tensor>(Tensors), new Changing<Tensor>(x, change), (h, block) => h with { Value = h.Value + OfBlock(all, block) });
        return (result.Value.narrow(0, 0, rows), result.Change.view(count, rows, -1));
    }

    public override OnnxValue Call(OnnxValue y, OnnxValue code)
    {
        var (x, all) = Read(y, code);
        return _layers.Call(Nodes, x, (h, block) => h + OfBlock(all, block));
    }

    public override (OnnxValue Value, OnnxValue Change) Differentiate(OnnxValue y, OnnxValue code, OnnxValue directions)
    {
        var change = directions + y.Narrow(1, 0, _features) * 0f;   // (directions, batch, features)
        var repeated = (change.Narrow(2, 0, 1) * 0f + y).Reshape(-1, _features + _conditions);
        var (x, all) = Read(repeated, code);
        var start = new Changing<OnnxValue>(x, change.Reshape(-1, _features));
        var result = _layers.Call(new ChangingImages<OnnxValue>(Nodes), start, (h, block) => h with { Value = h.Value + OfBlock(all, block) });
        return (SplitLike(result.Value, change).Gather(0, [0]).Squeeze(0), SplitLike(result.Change, change));
    }

    // (directions·batch, features) to (directions, batch, features)
    private static OnnxValue SplitLike(OnnxValue rows, OnnxValue like) => like.Graph.Node("Reshape", [rows, like.Graph.Node("Shape", [like])]);

    // the features, and what is added within the blocks, (batch or 1, code)
    private (Tensor X, Tensor Code) Read(Tensor y, Tensor code) =>
        _condition is null ? (y, code) : (y.narrow(1, 0, _features), code + _condition.forward(y.narrow(1, _features, _conditions)));

    private (OnnxValue X, OnnxValue Code) Read(OnnxValue y, OnnxValue code) =>
        _condition is null ? (y, code) : (y.Narrow(1, 0, _features), code + _condition.Call(y.Narrow(1, _features, _conditions)));

    private Tensor OfBlock(Tensor code, int block) => code.narrow(-1, _places[block].Start, _places[block].Width).unsqueeze(-1).unsqueeze(-1);

    private OnnxValue OfBlock(OnnxValue code, int block) => code.Narrow(-1, _places[block].Start, _places[block].Width).Reshape(-1, _places[block].Width, 1, 1);
}
