using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws: exactly where inference is exact, by Gibbs sampling otherwise.</summary>
internal sealed partial class PairwiseNetwork
{
    // the greatest float below 1
    private const float HighestPosition = 0.99999994f;

    // of an imputation or a variation, which start from what is known
    private const int MostConditionalSweeps = 100;

    public int RowsAtOnce => 4096;

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        if (Inference.IsExact) return Rows(Inference.Sampler.Draw(Uniform(rows, _layout.Count, generator), LabelsOf(condition)), generator);
        var tokens = zeros(rows, _layout.Count, int64, _couplings.device);
        Sweep(tokens, condition, null, excludeMissing: false, _options.BurnIn, generator);
        return Rows(tokens, generator);
    }

    /// <summary>Draws what is not known given all that is; never a missing value.</summary>
    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator) => Redraw(x, known, condition, excludeMissing: true, generator);

    /// <summary>Each row keeps some of its columns, whichever, and has the others drawn anew: as many as <paramref name="temperature"/> times a uniformly drawn share of all.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        int count = _layout.Count;
        var ranks = empty(x.shape[0], count, device: x.device).uniform_(0, 1, generator).argsort(1).argsort(1).to(float32);
        var redrawn = empty(x.shape[0], 1, device: x.device).uniform_(0, 1, generator).mul_(Math.Clamp(temperature, 0, 1) * (count + 1)).floor_();
        return Redraw(x, ranks.ge(redrawn), condition, excludeMissing: false, generator);
    }

    /// <param name="known">(rows, features) or (rows, variables)</param>
    private Tensor Redraw(Tensor x, Tensor known, Tensor? condition, bool excludeMissing, Generator generator)
    {
        var isKnown = (known.shape[1] == _layout.Count && known.dtype == @bool ? known : _tensors.OfVariables(known).gt(0.5));   // (rows, variables)
        var tokens = _tensors.Tokens(x);
        Tensor drawn;
        if (Inference.IsExact) drawn = RedrawExactly(tokens, isKnown, condition, excludeMissing, generator);
        else
        {
            drawn = tokens.clone();
            Sweep(drawn, condition, isKnown, excludeMissing, Math.Min(_options.BurnIn, MostConditionalSweeps), generator);
        }
        var rows = Rows(drawn, generator);
        return where(_tensors.OfFeatures(isKnown), x, rows);
    }

    private Tensor RedrawExactly(Tensor tokens, Tensor isKnown, Tensor? condition, bool excludeMissing, Generator generator)
    {
        long rows = tokens.shape[0], atOnce = Inference.Conditionals.RowsAtOnce;
        var noise = Uniform(rows, _layout.Count, generator);
        var labels = LabelsOf(condition);
        var parts = new List<Tensor>();
        for (long first = 0; first < rows; first += atOnce)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(atOnce, rows - first);
            var given = tokens.narrow(0, first, count);
            var isGiven = isKnown.narrow(0, first, count).index_select(1, _tensors.VariableOfToken);               // (rows, all tokens)
            var evidence = where(isGiven, (1 - _tensors.Indicators(given)) * TokenTensors.Impossible, excludeMissing ? Missing() : zeros(1, _layout.Tokens, device: tokens.device));
            parts.Add(Inference.Conditionals.Draw(evidence, labels?.narrow(0, first, count), noise.narrow(0, first, count)).MoveToOuterDisposeScope());
        }
        return cat(parts);
    }

    private void Sweep(Tensor tokens, Tensor? condition, Tensor? isKnown, bool excludeMissing, int sweeps, Generator generator)
    {
        var indicators = _tensors.Indicators(tokens);
        var bias = condition is null ? Inference.Biases : condition.mm(Inference.Biases);
        if (excludeMissing) bias = bias + Missing();
        // the first sweep as if variables did not depend on each other, so that rows start apart
        var none = zeros_like(Inference.Couplings);
        Inference.Gibbs.Sweep(tokens, indicators, bias, none, isKnown, generator);
        for (int i = 0; i < sweeps; i++) Inference.Gibbs.Sweep(tokens, indicators, bias, Inference.Couplings, isKnown, generator);
    }

    // (1, all tokens) a number far below 0 for a token that stands for what is missing
    private Tensor Missing()
    {
        var result = new float[_layout.Tokens];
        for (int j = 0; j < Input.TokenColumns.Count; j++)
            if (Input.TokenColumns[j] is { Missing: { } missing, Categories: > 1 }) result[_layout.Offsets[j] + missing] = TokenTensors.Impossible;
        return tensor(result, device: _couplings.device).unsqueeze(0);
    }

    // (rows, features)
    private Tensor Rows(Tensor tokens, Generator generator)
    {
        bool hasPositions = Input.Features > _layout.Count;
        var positions = hasPositions ? Uniform(tokens.shape[0], Input.Features - _layout.Count, generator) : null;
        return _tensors.Rows(tokens, positions);
    }

    // (rows, width), made of normal noise as in the ONNX graph
    private Tensor Uniform(long rows, int width, Generator generator) =>
        special.ndtr(empty(rows, width, device: _couplings.device).normal_(0, 1, generator)).clamp_(0, HighestPosition);
}
