using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A variational autoencoder of the columns of a table: given z they are independent, each with a softmax over its tokens.</summary>
internal sealed class TableVaeNetwork : VaeNetwork, ISampler, ICalibrated, IOnnxExportable
{
    // of the logits that shares are calibrated by: bounds memory
    private const int MostLogits = 1 << 23, FewestCalibrationRows = 1000, MostCalibrationRows = 20_000;

    private readonly TokenForm _form;
    private readonly TokenLikelihood _likelihood;

    public TableVaeNetwork(VaeOptions options, NetworkInput input, Initializer initializer) : this(options, input, new TokenForm(input, initializer), new TokenLikelihood(input, initializer), initializer)
    {
    }

    private TableVaeNetwork(VaeOptions options, NetworkInput input, TokenForm form, TokenLikelihood likelihood, Initializer initializer)
        : base(options, input, form.Width, likelihood.Outputs, latentSize: Math.Clamp(2 * input.TokenColumns.Count, 2, 16), hidden: [256, 256], initializer)
    {
        _form = form;
        _likelihood = likelihood;
        register_module("likelihood", likelihood.State);
    }

    public int RowsAtOnce => 1024;

    /// <returns>(batch, inputs + columns): what the encoder reads, and the tokens.</returns>
    public override Tensor Prepare(Tensor x) => cat([_form.Apply(x), _likelihood.Targets(x)], 1);

    protected override Tensor Seen(Tensor y) => y.narrow(1, 0, _form.Width);

    protected override Tensor Finish(Tensor layers) => layers;

    private Tensor Targets(Tensor y) => y.narrow(1, _form.Width, y.shape[1] - _form.Width);

    protected override Tensor LogLikelihood(Tensor y, Tensor output) => _likelihood.LogChance(Targets(y), output);

    protected override Tensor TotalLogLikelihood(Tensor y, Tensor output) => LogLikelihood(y, output).sum();

    protected override Tensor LogVolume(Tensor x) => _likelihood.LogWithin(x).neg_();

    // from normal noise, as in the ONNX graph
    protected override Tensor Draw(Tensor output, double temperature, Generator generator)
    {
        using var uniform = TokenDraws.Uniform(output.shape[0], _likelihood.Choices, generator, output.device);
        return _likelihood.Draw(output, temperature, uniform);
    }

    public Tensor Sample(long rows, Tensor? condition, Generator generator) => Draw(DecodePrior(rows, condition, generator), 1, generator);

    /// <summary>The codes of rows are not spread quite as the prior is, so that drawn rows have shares of tokens that are a little off. What the shares are multiplied with, whatever the code, is set so that they
    /// come out as in the rows to learn from.</summary>
    public void Calibrate(IEnumerable<Batch> batches)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor? counts = null;
        var given = new List<Tensor>();
        long rows = Math.Clamp(MostLogits / _likelihood.Outputs, FewestCalibrationRows, MostCalibrationRows), seen = 0;
        foreach (var batch in batches)
        {
            var own = _likelihood.Count(batch.X);
            if (counts is null) counts = own;
            else
            {
                counts.add_(own);
                own.Dispose();
            }
            if (batch.Condition is { } condition && seen < rows) given.Add(condition.clone());
            seen += batch.Rows;
        }
        var conditions = given.Count == 0 ? null : cat(given) is var all ? all.index_select(0, arange(rows, int64, all.device).remainder(all.shape[0])) : null;
        using var generator = new Generator((ulong)rows, counts!.device);
        _likelihood.Calibrate(DecodePrior(rows, conditions, generator), counts);
    }

    protected override IReadOnlyList<int> RowNoiseWidths => [_likelihood.Choices];

    protected override OnnxValue Prepare(OnnxValue x) => _form.Apply(x).Concatenate(1, _likelihood.Targets(x));

    protected override OnnxValue Seen(OnnxValue y) => y.Narrow(1, 0, _form.Width);

    protected override OnnxValue Finish(OnnxValue layers) => layers;

    protected override int Outputs => _likelihood.Outputs;

    protected override OnnxValue LogLikelihood(OnnxValue y, OnnxValue output) => _likelihood.LogChance(y.Narrow(1, _form.Width, Input.TokenColumns.Count), output);

    protected override OnnxValue LogVolume(OnnxValue x) => -_likelihood.LogWithin(x);

    protected override OnnxValue Draw(OnnxValue output, OnnxValue noise) => _likelihood.Draw(output, TokenDraws.Uniform(noise));

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => Compute(kind, x, condition);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _form.Dispose();
            _likelihood.Dispose();
        }
        base.Dispose(disposing);
    }
}
