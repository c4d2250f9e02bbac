using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A GAN of the columns of a table, which it sees as <see cref="TokenForm"/> gives them: one-hot vectors, drawn from a softmax with gradients straight through, and normal scores of numbers.</summary>
internal sealed class TableGanNetwork : GanNetwork, IOnnxExportable
{
    // all numbers of a cell have one score: the discriminator would tell by that what is drawn
    private const double LeastNoise = 0.1;

    private static readonly IReadOnlyList<int> DefaultHidden = [256, 256];

    private readonly TokenForm _form;
    private readonly long[] _numbers;   // features that hold the tokens of numbers

    public TableGanNetwork(GanOptions options, NetworkInput input, Initializer initializer) : this(options, input, new TokenForm(input, initializer), initializer)
    {
    }

    private TableGanNetwork(GanOptions options, NetworkInput input, TokenForm form, Initializer initializer) : base(options, input, form.Spans, DefaultHidden, LeastNoise, isHard: true, initializer)
    {
        _form = form;
        _numbers = [.. input.TokenColumns.Where(column => column.IsNumber.Contains(true)).Select(column => (long)column.Token)];
    }

    public override Tensor Prepare(Tensor x) => _form.Apply(x);

    protected override Tensor Restore(Tensor y, Generator generator)
    {
        using var uniform = TokenDraws.Uniform(y.shape[0], _form.Places, generator, y.device);
        return _form.Invert(y, uniform);
    }

    // the squared distance from the numbers learnt, d, of which the fraction of a token is d / (1 + d)
    protected override Tensor? Beyond(Tensor x)
    {
        if (_numbers.Length == 0) return null;
        using var scope = NewDisposeScope();
        var tokens = x.index_select(1, tensor(_numbers, device: x.device));
        var outside = tokens - tokens.floor();
        return (outside / (1 - outside)).square().sum(dim: 1).MoveToOuterDisposeScope();
    }

    protected override OnnxValue? Beyond(OnnxValue x)
    {
        if (_numbers.Length == 0) return null;
        var tokens = x.Gather(1, _numbers);
        var outside = tokens - tokens.Floor();
        return (outside / (1f - outside)).Pow(2).Sum(1);
    }

    protected override int RestoredNoise => _form.Places;

    protected override OnnxValue Prepare(OnnxValue x) => _form.Apply(x);

    protected override OnnxValue Restore(OnnxValue y, OnnxValue? noise) => _form.Invert(y, noise is null ? null : TokenDraws.Uniform(noise));

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => Compute(kind, x, condition);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _form.Dispose();
        base.Dispose(disposing);
    }
}
