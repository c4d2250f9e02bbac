using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative;

/// <summary>What a trained Markov network shows of itself.</summary>
public static class MarkovNetworkExtensions
{
    /// <summary>The edges of a trained Markov network, with their weights, and its log-partition.</summary>
    /// <param name="model">What <c>TrainMarkovNetwork(…).Fit</c> gives, or <c>Load</c>.</param>
    /// <exception cref="NotSupportedException">It is a model of another kind.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static MarkovGraph MarkovGraph(this GenerativeTransformer model)
    {
        var network = NetworkOf(model);
        var layout = network.Layout;
        var inference = network.Inference;
        var edges = inference.Graph.Edges.Zip(inference.Weights.Value.Edges, (edge, weights) =>
        {
            var (first, second) = edge;
            double[] centred = Centred(weights, layout.Sizes[first], layout.Sizes[second]);
            double? logOddsRatio = layout.Sizes[first] == 2 && layout.Sizes[second] == 2 ? 4 * centred[0] : null;
            return new MarkovGraphEdge(layout.Names[first], layout.Names[second], Math.Sqrt(centred.Average(w => w * w)), logOddsRatio);
        });
        var logPartitions = network.LogPartitions;
        return new MarkovGraph(layout.Names, [.. edges.OrderByDescending(edge => edge.Strength)], [.. logPartitions.Select(p => p.Value)], [.. logPartitions.Select(p => p.StandardError)], inference.IsExact);
    }

    /// <summary>How likely each value of each variable is given what is known of a row: exact where inference in the network is (<see cref="MarkovGraph.IsExact"/>), otherwise the mean over
    /// some sweeps of Gibbs sampling.</summary>
    /// <param name="model">What <c>TrainMarkovNetwork(…).Fit</c> gives, or <c>Load</c>.</param>
    /// <param name="rows">Rows with the columns that the model was trained on. What is not known is missing (NaN, an empty text, key 0).</param>
    /// <returns>The rows, and for each variable <c>x</c> a column <c>x.Probabilities</c>, Vector&lt;Single&gt; with a slot for each of its values (named, numbers by their bins), which adds up to 1.
    /// A value that is known has 1, one that is missing is never likely.</returns>
    /// <exception cref="NotSupportedException">It is a model of another kind.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static IDataView Marginals(this GenerativeTransformer model, IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new ScoringDataView(rows, new MarginalsModel(model.Model, NetworkOf(model)));
    }

    private static PairwiseNetwork NetworkOf(GenerativeTransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ObjectDisposedException.ThrowIf(model.Model.IsDisposed, model);
        return model.Model.Network as PairwiseNetwork ?? throw new NotSupportedException($"A model of kind '{model.Model.Options.ModelName}' has no Markov graph; one of TrainMarkovNetwork has.");
    }

    private static double[] Centred(double[] weights, int rows, int columns)
    {
        double mean = weights.Average();
        double[] ofRow = [.. weights.Chunk(columns).Select(row => row.Average())], ofColumn = [.. Enumerable.Range(0, columns).Select(b => weights.Where((_, k) => k % columns == b).Average())];
        return [.. weights.Select((w, k) => w - ofRow[k / columns] - ofColumn[k % columns] + mean)];
    }
}
