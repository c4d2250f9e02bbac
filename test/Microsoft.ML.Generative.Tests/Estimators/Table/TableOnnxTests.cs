using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

public class TableOnnxTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void TheSameNoiseGivesTheSameRows()
    {
        using var scope = torch.NewDisposeScope();
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Whole", "Real", "Decimal"], Training = new() { Steps = 60 } }).Fit(Rows(2000, 1));
        using var inference = torch.inference_mode();
        const int Count = 500;
        using var generator = new torch.Generator(7);
        float[] drawn = ((ISampler)model.Model.Network).Sample(Count, null, generator).ToFloats();
        using var again = new torch.Generator(7);
        var noise = torch.cat(((IOnnxExportable)model.Model.Network).NoiseWidths.Select(width => torch.empty(Count, width).normal_(0, 1, again)).ToList(), 1);

        using var stream = new MemoryStream();
        _ml.Generative.ExportOnnx(model, stream, OnnxGraph.Sample);
        using var session = new InferenceSession(stream.ToArray());
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("noise", new DenseTensor<float>(noise.ToFloats(), [Count, (int)noise.shape[1]]))]);

        int start = 0, width = model.Model.Encoding.Features;
        foreach (var (column, result) in model.Model.Encoding.Columns.Zip(results))
        {
            Assert.Equal(column.Name, result.Name);
            float[] values = [.. result.AsTensor<float>()];
            for (int row = 0; row < Count; row++)
            {
                var floats = drawn.AsSpan(row * width + start, column.Width);
                double expected = column switch
                {
                    ScalarColumn<int, long> whole => whole.Code.Decode((int)floats[0], Position(floats), row),
                    ScalarColumn<float, float> real => real.Code.Missing == (int)floats[0] ? double.NaN : real.Code.Decode((int)floats[0], Position(floats), row),
                    ScalarColumn<double, double> dec => dec.Code.Decode((int)floats[0], Position(floats), row),
                    _ => throw new InvalidOperationException(column.GetType().Name),
                };
                Assert.True(double.IsNaN(expected) ? float.IsNaN(values[row]) : Math.Abs(values[row] - expected) <= 1e-4 * Math.Max(1, Math.Abs(expected)), $"{column.Name} {row}: {expected} in {values[row]}");
            }
            start += column.Width;
        }

        static float Position(ReadOnlySpan<float> floats) => floats.Length > 1 ? floats[1] : 0;
    }

    [Fact]
    public void AZipHasColumnsOfNumbersOfAnyKind()
    {
        var view = Rows(500, 1);
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Whole", "Real", "Decimal"], Training = new() { Steps = 60 } }).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        var loaded = _ml.Model.Load(stream, out _);
        var rows = Rows(1000, 2);
        float[] expected = [.. model.Transform(rows).GetColumn<float>("Score")], actual = [.. loaded.Transform(rows).GetColumn<float>("Score")];
        for (int i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i])), $"{i}: {expected[i]} and {actual[i]}");
    }

    [Fact]
    public void AColumnThatAGraphCannotHaveIsNamedBeforeAnythingIsWritten()
    {
        var view = Rows(200, 1);
        using var model = _ml.Generative.TrainTable(new TableOptions { InputColumnNames = ["Whole", "Text"], Training = new() { Steps = 20 } }).Fit(view);
        var error = Assert.Throws<NotSupportedException>(() => _ml.Generative.ExportOnnx(model, new MemoryStream()));
        Assert.StartsWith("Column 'Text' is String", error.Message);
    }

    private IDataView Rows(int count, int seed)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            double level = random.NextDouble();
            return new Row
            {
                Whole = random.Next(4) == 0 ? 0 : (int)(level * 5000) * 5,
                Real = random.Next(10) == 0 ? float.NaN : (float)Math.Tan(level),
                Decimal = Math.Round(level * random.NextDouble() * 1000, 2),
                Text = level > 0.5 ? "high" : "low",
            };
        }).ToList());
    }

    private sealed class Row
    {
        public int Whole { get; set; }

        public float Real { get; set; }

        public double Decimal { get; set; }

        public string Text { get; set; } = "";
    }
}
