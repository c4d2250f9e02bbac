using Microsoft.ML.Generative.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What leads into the hidden layer of a NADE, with a row of weights for each input, so that an input can be added by itself.</summary>
internal sealed class NadeInput : nn.Module
{
    public NadeInput(int inputs, int hidden, int conditionSize, Initializer initializer) : base(nameof(NadeInput))
    {
        double bound = 1 / Math.Sqrt(inputs + conditionSize);
        Weight = this.Own("weight", initializer.Uniform(bound, inputs, hidden));
        Bias = this.Own("bias", initializer.Uniform(bound, hidden));
        if (conditionSize > 0) ConditionWeight = this.Own("conditionWeight", initializer.Uniform(bound, conditionSize, hidden));
    }

    /// <summary>W, (inputs, hidden)</summary>
    public Parameter Weight { get; }

    /// <summary>c, (hidden,)</summary>
    public Parameter Bias { get; }

    /// <summary>C, (conditions, hidden); null without a condition.</summary>
    public Parameter? ConditionWeight { get; }
}
