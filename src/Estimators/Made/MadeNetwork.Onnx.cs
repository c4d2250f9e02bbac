using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class MadeNetwork : IOnnxExportable
{
    public IReadOnlyList<int> NoiseWidths   // of the order, if there are several, and of the variables
    {
        get
        {
            int ofVariables = _conditionals.Variables.Count * _conditionals.NoisePerVariable;
            return Orders > 1 ? [1, ofVariables] : [ofVariables];
        }
    }

    public OnnxValue Export(OnnxGraph kind, OnnxValue x, OnnxValue? condition) => kind switch
    {
        OnnxGraph.Score => -LogDensity(x, condition),
        OnnxGraph.LogDensity => LogDensity(x, condition),
        OnnxGraph.Sample => _transform.Invert(Sample(x, condition)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private OnnxValue LogDensity(OnnxValue x, OnnxValue? condition)
    {
        var y = _transform.Apply(x);                                                                    // (batch, features)
        var parameters = _stack.Call(y, condition, MasksOfAll()).Reshape(-1, _conditionals.Parameters); // (orders·batch, parameters)
        var repeated = y.Unsqueeze(0).Expand(Orders, 1, 1).Reshape(-1, Input.Features);
        var logDensities = _conditionals.LogDensity(repeated, parameters).Reshape(Orders, -1);          // (orders, batch)
        return logDensities.LogSumExp(0) - (float)Math.Log(Orders) - x.Graph.Weights(_transform.LogVolume);
    }

    // All orders are drawn under, with the same noise, and each row takes the order that its noise chooses. Every pass draws all variables and keeps one.
    private OnnxValue Sample(OnnxValue noise, OnnxValue? condition)
    {
        int variables = _conditionals.Variables.Count, features = Input.Features;
        var graph = noise.Graph;
        var ofVariables = Orders > 1 ? noise.Narrow(1, 1, NoiseWidths[^1]) : noise;
        var repeatedNoise = ofVariables.Unsqueeze(0).Expand(Orders, 1, 1).Reshape(-1, NoiseWidths[^1]);                       // (orders·batch, noise)
        var repeatedCondition = condition?.Unsqueeze(0).Expand(Orders, 1, 1);                                                 // (orders, batch, conditions)
        var turns = graph.Constant(Turns(), variables, Orders, 1, features);
        var nothing = ofVariables.Narrow(1, 0, 1).Unsqueeze(0) * 0f;                                                          // (1, batch, 1)
        var masks = MasksOfAll();
        var rows = graph.Loop(variables, nothing.Expand(Orders, 1, features), (time, state) =>
        {
            var parameters = _stack.Call(state, repeatedCondition, masks).Reshape(-1, _conditionals.Parameters);
            var drawn = _conditionals.Draw(parameters, repeatedNoise).Reshape(Orders, -1, features);
            return state + drawn * turns.Gather(0, time);                                                                     // (orders, batch, features)
        });
        if (Orders == 1) return rows.Squeeze(0);
        var chosen = (noise.Narrow(1, 0, 1).NormalDistribution() * (float)Orders).Floor().Minimum(graph.Scalar(Orders - 1));  // (batch, 1)
        var numbers = graph.Constant(Enumerable.Range(0, Orders).Select(i => (float)i).ToArray(), Orders, 1, 1);
        return (rows * chosen.Equal(numbers).ToFloat()).Sum(0);
    }

    // (times, orders, 1, features) 1 for the numbers of the variable whose turn it is
    private float[] Turns()
    {
        int variables = _conditionals.Variables.Count, features = Input.Features;
        var variableOfFeature = _conditionals.VariableOfFeature();
        var result = new float[(long)variables * Orders * features];
        for (int order = 0; order < Orders; order++)
            for (int feature = 0; feature < features; feature++)
                result[(_positions[order][variableOfFeature[feature]] * Orders + order) * features + feature] = 1;
        return result;
    }

    private MaskSet? MasksOfAll() => _options.OrderWeights == OrderWeights.Separate ? null : _stack.Masks(Positions(0, Orders));
}
