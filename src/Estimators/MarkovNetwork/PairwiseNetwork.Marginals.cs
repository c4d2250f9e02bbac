using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>How likely each value of each variable is given what is known of a row.</summary>
internal sealed partial class PairwiseNetwork
{
    /// <summary>Marginals given what is known, never of a missing value: exact where inference is, otherwise the mean of the conditionals that Gibbs sampling goes through (Gelfand and Smith, 1990).</summary>
    /// <param name="known">(rows, features), 1 where x is known</param>
    /// <returns>(rows, all tokens), which add up to 1 within each variable; of a known one 1 for its token</returns>
    public Tensor Marginals(Tensor x, Tensor known, Tensor? condition)
    {
        var tokens = _tensors.Tokens(x);
        var isKnown = _tensors.OfVariables(known).gt(0.5);
        var terms = TermsOf(DrawTerms.AnyValue);
        if (Inference.IsExact) return InBlocks(tokens, isKnown, condition, terms, (evidence, labels, _) => Inference.Conditionals.Marginals(evidence, labels, terms.Temperature));
        using var generator = new Generator(0, x.device);
        tokens = tokens.clone();
        Sweep(tokens, isKnown, condition, terms, ConditionalSweeps, generator);
        var indicators = _tensors.Indicators(tokens);
        var (bias, couplings) = Tempered(condition, terms);
        var sum = zeros_like(indicators);
        for (int i = 0; i < ConditionalSweeps; i++)
        {
            using var scope = NewDisposeScope();
            Inference.Gibbs.Sweep(tokens, indicators, bias, couplings, isKnown, generator);
            sum.add_(_tensors.LogChances(indicators.mm(couplings) + bias).exp_());
        }
        return where(isKnown.index_select(1, _tensors.VariableOfToken), indicators, sum.div_(ConditionalSweeps));
    }

    public Tensor MostLikely(Tensor x, Tensor known, Tensor? condition)
    {
        var chances = Marginals(x, known, condition);
        return _centres.Fill(x, known, v => chances.narrow(1, _layout.Offsets[v], _layout.Sizes[v]));
    }
}
