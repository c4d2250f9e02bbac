using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Tests.Scoring;

/// <summary>A model without a network: Score is the sum of three features, Flag whether it is above 0, Twice each feature doubled.</summary>
internal sealed class SumModel(string scoreName = "Score") : IBatchModel
{
    private readonly VectorColumn _features = new("Features", 3, null);
    private readonly Lock _lock = new();

    /// <summary>Rows and wanted outputs of each call.</summary>
    public List<(int Rows, string Outputs)> Calls { get; } = [];

    public IReadOnlyList<string> InputColumns => ["Features"];

    public IReadOnlyList<OutputColumn> Outputs { get; } =
    [
        new(scoreName, NumberDataViewType.Single, 1),
        new("Flag", BooleanDataViewType.Instance, 1),
        new("Twice", new VectorDataViewType(NumberDataViewType.Single, 3), 3),
    ];

    public int InputWidth => 3;

    public void Check(DataViewSchema schema) => _features.Check(schema);

    public IRowEncoder CreateEncoder(DataViewRow row) => _features.CreateEncoder(row);

    public void Compute(float[] encoded, int rows, float[]?[] results)
    {
        lock (_lock) Calls.Add((rows, string.Join(",", Outputs.Where((_, i) => results[i] is not null).Select(output => output.Name))));
        for (int row = 0; row < rows; row++)
        {
            float sum = encoded[3 * row] + encoded[3 * row + 1] + encoded[3 * row + 2];
            if (results[0] is { } score) score[row] = sum;
            if (results[1] is { } flag) flag[row] = sum > 0 ? 1 : 0;
            if (results[2] is { } twice)
                for (int i = 3 * row; i < 3 * row + 3; i++) twice[i] = 2 * encoded[i];
        }
    }
}

public class ScoredInput
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    [VectorType(3)]
    public float[] Features { get; set; } = [];

    /// <summary>Rows whose features differ in every place.</summary>
    internal static List<ScoredInput> Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ScoredInput { Id = i, Name = $"row {i}", Features = [i, -0.5f * i, i % 7 - 3] })];
}
