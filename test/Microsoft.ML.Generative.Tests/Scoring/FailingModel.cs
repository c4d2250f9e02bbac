using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Tests.Scoring;

/// <summary>A model that cannot even begin to read.</summary>
internal sealed class FailingModel : IBatchModel
{
    public IReadOnlyList<string> InputColumns => ["Features"];

    public IReadOnlyList<OutputColumn> Outputs { get; } = [new("Score", NumberDataViewType.Single, 1)];

    public int InputWidth => 3;

    public void Check(DataViewSchema schema)
    {
    }

    public IRowEncoder CreateEncoder(DataViewRow row) => throw new InvalidOperationException("No encoder.");

    public void Compute(float[] encoded, int rows, float[]?[] results) => throw new InvalidOperationException("No model.");
}
