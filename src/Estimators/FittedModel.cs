using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A trained network with what it takes to use it on rows of a data view.</summary>
internal sealed class FittedModel : IBatchModel, IDisposable
{
    // rows given to the network at a time when all training rows are gone through once more
    public const int CalibrationBatchRows = 1024;

    // that are enough to find the score which a share of the training rows exceeds: convolutions are dear
    private const long ImagesForThreshold = 10_000;

    public FittedModel(GenerativeOptions options, RowEncoding encoding, GenerativeNetwork network, Device device, int seed, long fingerprint, TrainingReport report)
    {
        Options = options;
        Encoding = encoding;
        Network = network;
        Device = device;
        Seed = seed;
        Fingerprint = fingerprint;
        Report = report;
        Outputs = ModelOutputs.Of(options, encoding.Features, (network as IEncoder)?.LatentSize ?? 0, [.. network.Input.TokenColumns.Select(column => column.Name)]);
        LabelShares = new double[encoding.Condition.Labels];
        network.eval();   // the weights are final
    }

    public GenerativeOptions Options { get; }

    public RowEncoding Encoding { get; }

    public GenerativeNetwork Network { get; }

    public Device Device { get; }

    public int Seed { get; }

    /// <summary>Tells the training rows from others.</summary>
    public long Fingerprint { get; }

    public TrainingReport Report { get; }

    /// <summary>Score above which a row is flagged.</summary>
    public float Threshold { get; set; }

    /// <summary>Share of each label in the training rows; empty without a label.</summary>
    public double[] LabelShares { get; set; }

    /// <summary>Names of all columns that were there in training; of a model from a file, those that it reads.</summary>
    public IReadOnlyList<string> TrainingColumns
    {
        get => field ?? InputColumns;
        init;
    }

    public IReadOnlyList<string> InputColumns => Encoding.InputColumns;

    public IReadOnlyList<OutputColumn> Outputs { get; }

    public int InputWidth => Encoding.Width;

    public void Check(DataViewSchema schema) => Encoding.Check(schema);

    public IRowEncoder CreateEncoder(DataViewRow row) => Encoding.CreateEncoder(row);

    public void Compute(float[] encoded, int rows, float[]?[] results)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        ModelOutputs.Compute(Network, ToBatch(encoded, rows), Threshold, results);
    }

    /// <summary>Encoded rows as a batch on the model's device.</summary>
    public Batch ToBatch(ReadOnlySpan<float> encoded, int rows)
    {
        var values = TensorTransfer.ToTensor(encoded, rows, InputWidth, Device);   // (rows, width)
        var condition = Encoding.Condition;
        return condition.Size == 0 ? new Batch(values, null)
            : new Batch(values.narrow(1, 0, Encoding.Features), condition.Of(values.narrow(1, Encoding.Features, condition.EncodedWidth)));
    }

    /// <summary>Learns from the training rows what the weights do not hold: the threshold, the shares of the labels, and what the network asks for.</summary>
    public void Calibrate(ITrainingRows rows)
    {
        using var scope = NewDisposeScope();
        (Network as ICalibrated)?.Calibrate(rows.Batches(CalibrationBatchRows, null));
        if (Network is not IScorer && Encoding.Label is null) return;

        using var inference = inference_mode();
        var scores = new List<float>();
        var labels = new double[LabelShares.Length];
        foreach (var batch in rows.Batches(CalibrationBatchRows, null))
        {
            using var batchScope = NewDisposeScope();
            if (Network is IScorer scorer) scores.AddRange(Score(scorer, batch, every: Options.ImageOfFeatures is null ? 1 : (rows.Count - 1) / ImagesForThreshold + 1));
            if (labels.Length == 0) continue;
            var counts = batch.Condition!.narrow(1, 0, labels.Length).sum(dim: 0).ToFloats();
            for (int i = 0; i < labels.Length; i++) labels[i] += counts[i] / rows.Count;
        }
        LabelShares = labels;
        if (scores.Count > 0) Threshold = Quantile(scores, 1 - Options.Contamination);
    }

    private static float[] Score(IScorer scorer, Batch batch, long every)
    {
        if (every == 1) return scorer.Score(batch.X, batch.Condition).ToFloats();
        var chosen = arange(0, batch.Rows, every, int64, batch.X.device);
        return scorer.Score(batch.X.index_select(0, chosen), batch.Condition?.index_select(0, chosen)).ToFloats();
    }

    // so that the wanted share of the training rows lies above it
    private static float Quantile(List<float> scores, double share)
    {
        scores.Sort();
        return scores[(int)Math.Clamp(Math.Ceiling(share * scores.Count) - 1, 0, scores.Count - 1)];
    }

    /// <summary>Whether the network's memory has been given back.</summary>
    public bool IsDisposed { get; private set; }

    public void Dispose()
    {
        IsDisposed = true;
        Network.Dispose();
    }
}
