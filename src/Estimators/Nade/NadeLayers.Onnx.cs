using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>The same, as nodes of an ONNX graph: one part for every few variables, one after the other.</summary>
internal sealed partial class NadeLayers
{
    /// <inheritdoc cref="Outputs(Tensor, Tensor, NadeOrder)"/>
    public OnnxValue Outputs(OnnxValue y, OnnxValue? condition, NadeOrder order)
    {
        var graph = y.Graph;
        OnnxValue inputs = order.OrderInputs(Inputs(y), 1), inputWeight = order.OrderInputs(graph.Weights(_input.Weight), 0);
        OnnxValue outputWeight = order.OrderOutputs(graph.Weights(_output.Weight), 0), start = Start(graph, condition);
        var outputs = new List<OnnxValue>();
        for (int first = 0; first < order.Variables.Count; first += ChunkSteps)
        {
            int last = Math.Min(order.Variables.Count, first + ChunkSteps);
            int input = order.InputStarts[first], inputCount = order.InputStarts[last] - input, output = order.OutputStarts[first], outputCount = order.OutputStarts[last] - output;
            var x = inputs.Narrow(1, input, inputCount);                                    // (batch, inputs of the chunk)
            var weight = inputWeight.Narrow(0, input, inputCount);
            var h = ((x * Constant(graph, order.Seen(first, last))).MatMul(weight) + start).Activate(_activation);   // (steps, batch, hidden)
            if (_others.Layers.Count > 0) h = _others.Call(h.Reshape(-1, HiddenSize)).Reshape(last - first, -1, _others.OutputSize);
            var all = h.MatMul(outputWeight.Narrow(0, output, outputCount).Transpose(1, 0));   // (steps, batch, outputs of the chunk)
            outputs.Add((all * Constant(graph, order.Own(first, last))).Sum(0));
            start += x.MatMul(weight);
        }
        var together = outputs is [var single] ? single : outputs[0].Concatenate(1, outputs.Skip(1).ToArray());
        return order.RestoreOutputs(together, 1) + graph.Weights(_output.Bias);
    }

    /// <summary>Draws all variables one after the other.</summary>
    /// <param name="noise">(batch, variables·noise of a variable), standard normal</param>
    /// <returns>(batch, features), transformed</returns>
    public OnnxValue Draw(OnnxValue noise, OnnxValue? condition, NadeOrder order)
    {
        var graph = noise.Graph;
        OnnxValue inputWeight = graph.Weights(_input.Weight), outputWeight = graph.Weights(_output.Weight), outputBias = graph.Weights(_output.Bias);
        int noiseWidth = Conditionals.NoisePerVariable, features = Conditionals.Variables.Sum(v => v.Width);
        var a = Start(graph, condition) + noise.Narrow(1, 0, 1) * 0f;                       // (batch, hidden)
        var drawn = new OnnxValue[Conditionals.Variables.Count];
        foreach (int v in order.Variables)
        {
            var variable = Conditionals.Variables[v];
            int first = Conditionals.FirstParameter(v), count = Conditionals.ParametersOf(v);
            var h = _others.Call(a.Activate(_activation));
            var parameters = h.MatMul(outputWeight.Narrow(0, first, count).Transpose(1, 0)) + outputBias.Narrow(0, first, count);
            drawn[v] = Conditionals.Draw(v, parameters, noise.Narrow(1, v * noiseWidth, noiseWidth));   // (batch, width)
            a += drawn[v].MatMul(inputWeight.Narrow(0, variable.Start, variable.Width));
            if (_indicators) a += inputWeight.Narrow(0, features + v, 1);
        }
        return drawn is [var single] ? single : drawn[0].Concatenate(1, drawn[1..]);
    }

    // (batch, hidden), or (hidden,)
    private OnnxValue Start(OnnxGraphWriter graph, OnnxValue? condition)
    {
        var bias = graph.Weights(_input.Bias);
        return condition is null ? bias : condition.MatMul(graph.Weights(_input.ConditionWeight!)) + bias;
    }

    private OnnxValue Inputs(OnnxValue y)
    {
        if (!_indicators) return y;
        float[] ones = Enumerable.Repeat(1f, Conditionals.Variables.Count).ToArray();
        return y.Concatenate(1, y.Narrow(1, 0, 1) * 0f + y.Graph.Constant(ones, 1, ones.Length));
    }

    private static OnnxValue Constant(OnnxGraphWriter graph, Tensor values) => graph.Constant(values.ToFloats(), values.shape);
}
