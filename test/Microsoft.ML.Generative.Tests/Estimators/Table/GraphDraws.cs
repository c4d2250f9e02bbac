using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Tests.Encoding;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>Rows that a model of the columns Age and Income draws, beside those that its graph draws of the same noise.</summary>
internal static class GraphDraws
{
    /// <returns>How many of <paramref name="rows"/> are the same in both.</returns>
    public static int Same(MLContext ml, GenerativeTransformer model, int rows)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using var generator = new Generator(7);
        float[] drawn = ((ISampler)model.Model.Network).Sample(rows, null, generator).ToFloats();
        var (age, income) = ((TableColumn)model.Model.Encoding.Columns[0], (TableColumn)model.Model.Encoding.Columns[1]);
        int[] ages = Coding.Decode<int>(age, Part(0, age.Width));
        double[] incomes = Coding.Decode<double>(income, Part(age.Width, income.Width));
        using var again = new Generator(7);
        var noise = cat(((IOnnxExportable)model.Model.Network).NoiseWidths.Select(width => empty(rows, width).normal_(0, 1, again)).ToList(), 1);
        using var stream = new MemoryStream();
        ml.Generative.ExportOnnx(model, stream, OnnxGraph.Sample);
        using var session = new InferenceSession(stream.ToArray());
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("noise", new DenseTensor<float>(noise.ToFloats(), [rows, (int)noise.shape[1]]))]);
        int[] agesOfGraph = [.. results.Single(result => result.Name == "Age").AsTensor<int>()];
        double[] incomesOfGraph = [.. results.Single(result => result.Name == "Income").AsTensor<double>()];
        return Enumerable.Range(0, rows).Count(i => ages[i] == agesOfGraph[i] && (double.IsNaN(incomes[i]) ? double.IsNaN(incomesOfGraph[i]) : Math.Abs(incomes[i] - incomesOfGraph[i]) < 0.02));

        float[][] Part(int start, int length) => [.. Enumerable.Range(0, rows).Select(i => drawn.AsSpan(i * drawn.Length / rows + start, length).ToArray())];
    }
}
