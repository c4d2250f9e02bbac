using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal abstract partial class TableDiffusionNetwork
{
    public abstract IReadOnlyList<int> NoiseWidths { get; }

    /// <inheritdoc cref="LogChance(TorchSharp.torch.Tensor, Func{TorchSharp.torch.Tensor, double, TorchSharp.torch.Tensor})"/>
    /// <param name="tokens">(batch, columns)</param>
    /// <returns>(batch,)</returns>
    private protected abstract OnnxValue LogChance(OnnxValue tokens, OnnxValue? given);

    /// <param name="noise">(batch, the sum of the widths but for that of the positions)</param>
    /// <returns>(batch, columns)</returns>
    private protected abstract OnnxValue DrawTokens(OnnxValue noise, OnnxValue? given);

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Sample => Sample(x, condition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition) => LogChance(_likelihood.Targets(x), ConditionInput.Given(condition)) + _likelihood.LogWithin(x);

    private OnnxValue Sample(OnnxValue noise, OnnxValue? condition)
    {
        int positions = (int)(_positionFeatures?.shape[0] ?? 0), width = NoiseWidths.Sum() - positions;
        var tokens = DrawTokens(noise.Narrow(1, 0, width), ConditionInput.Given(condition)) - noise.Graph.Weights(_firstTokens);
        var result = new OnnxValue[Input.Features];
        int position = 0;
        for (int j = 0; j < Columns.Count; j++)
        {
            result[Columns[j].Token] = tokens.Narrow(1, j, 1);
            if (Columns[j].Position is { } feature) result[feature] = TokenDraws.Uniform(noise.Narrow(1, width + position++, 1));
        }
        return result[0].Concatenate(1, result.AsSpan(1));
    }

    /// <summary>What the network gives of tokens, guided where rows are drawn.</summary>
    private protected OnnxValue Output(OnnxValue tokens, OnnxValue? given, OnnxValue code, bool isGuided)
    {
        var output = Denoiser.Call(tokens, given, code);
        if (!isGuided || given is null || Options.GuidanceWeight == 0) return output;
        return output * (float)(1 + Options.GuidanceWeight) - Denoiser.Call(tokens, given * 0f, code) * (float)Options.GuidanceWeight;
    }

    /// <summary>The widths with that of the positions behind them.</summary>
    private protected IReadOnlyList<int> WithPositions(IEnumerable<int> widths) => _positionFeatures is null ? [.. widths] : [.. widths, (int)_positionFeatures.shape[0]];

    private protected OnnxValue Logits(OnnxValue output) => _likelihood.Logits(output);

    private protected OnnxValue Logits(OnnxValue logits, int column) => _likelihood.Logits(logits, column);

    private protected IReadOnlyList<OnnxValue> LogChances(OnnxValue tokens, OnnxValue output) => [.. _likelihood.LogChances(tokens, output)];

    /// <summary>A token of one column, among those of all.</summary>
    /// <returns>(batch, 1)</returns>
    private protected OnnxValue Choose(int column, OnnxValue logits, OnnxValue uniform) =>
        TokenDraws.Choose(Logits(logits, column).Softmax(), uniform, Columns[column].Categories) + Columns.Take(column).Sum(before => before.Categories);
}
