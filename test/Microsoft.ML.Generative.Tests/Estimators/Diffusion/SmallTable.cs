using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators.Diffusion;

/// <summary>Columns of a few categories each, and networks of them with made-up weights, whose rows can be counted through.</summary>
internal static class SmallTable
{
    public static TokenColumn Column(int place, params float[] counts) => new(
        $"x{place}", place, null, counts, [.. counts.Select(_ => new float[] { 1 })], [.. counts.Select(_ => new float[] { 0 })], [.. counts.Select(_ => false)]);

    public static NetworkInput Input(params TokenColumn[] columns) => new(
        [.. columns.Select((column, j) => new FeatureSpan(column.Name, j, 1, SpanKind.Token, column.Categories))], new float[columns.Length], [.. columns.Select(_ => 1f)], 0, 100)
    {
        TokenColumns = columns,
    };

    /// <summary>A network whose weights are not those of a start, which says of all tokens their shares.</summary>
    public static TNetwork WithWeights<TNetwork>(TNetwork network) where TNetwork : TableDiffusionNetwork
    {
        using var generator = new Generator(5);
        using var noGradient = no_grad();
        foreach (var (name, parameter) in network.named_parameters())
            if (name.EndsWith("last.weight", StringComparison.Ordinal)) parameter.normal_(0, 0.7, generator);
        return network;
    }

    /// <summary>All rows that there can be, (rows, columns), their tokens each numbered from 0.</summary>
    public static Tensor AllRows(NetworkInput input)
    {
        IEnumerable<float[]> rows = [[]];
        foreach (var column in input.TokenColumns) rows = [.. from row in rows from token in Enumerable.Range(0, column.Categories) select (float[])[.. row, token]];
        return tensor(rows.SelectMany(row => row).ToArray()).view(-1, input.TokenColumns.Count);
    }
}
