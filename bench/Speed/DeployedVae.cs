using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench.Speed;

/// <summary>One variational autoencoder of ten features in the three forms in which it can be put to use: our transformer, the stock zip loaded again, and
/// ONNX Runtime. The two latter get as many threads as libtorch has.</summary>
internal sealed class DeployedVae : IDisposable
{
    public const int Features = 10;
    public const int ScoredRows = 1_000_000;

    // of 128 to 16,384 the best for ONNX Runtime
    private const int OnnxBatchRows = 1024;
    private const int ZipRows = 100_000;   // all would take half a minute
    private const int Predictions = 2_000;

    private readonly MLContext _ml = new(seed: 0);
    private readonly LabelledRows _rows;
    private readonly IDataView _view;
    private readonly float[] _flat;
    private readonly float[] _onnxScores = new float[ScoredRows];
    private readonly GenerativeTransformer _fitted;
    private readonly ITransformer _loaded;
    private readonly InferenceSession _session;

    public DeployedVae(int threads)
    {
        _rows = MadeUpRows.Create(ScoredRows, Features);
        _view = _rows.View(_ml);
        _flat = [.. _rows.Rows.SelectMany(row => row.Features)];
        _fitted = _ml.Generative.TrainVae(new VaeOptions { Training = new TrainingOptions { Steps = 500 } }).Fit(MadeUpRows.Create(10_000, Features).View(_ml));

        _ml.SetOnnxSessionOption(new OnnxSessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = threads });
        using var zip = new MemoryStream();
        _ml.Model.Save(_fitted, _view.Schema, zip);
        _loaded = _ml.Model.Load(zip, out _);

        using var graph = new MemoryStream();
        _ml.Generative.ExportOnnx(_fitted, graph);
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = threads };
        _session = new InferenceSession(graph.ToArray(), options);
    }

    /// <summary>Seconds for all rows, through a cursor.</summary>
    public double SecondsOfOurs() => Seconds(() => ReadScores(_fitted.Transform(_view)));

    /// <summary>The same through the loaded zip, from a tenth of the rows.</summary>
    public double SecondsOfZip() => Seconds(() => ReadScores(_loaded.Transform(_ml.Data.TakeRows(_view, ZipRows)))) * ScoredRows / ZipRows;

    /// <summary>Seconds for all rows from an array to an array, in batches, without ML.NET.</summary>
    public double SecondsOfOnnxRuntime() => Seconds(() =>
    {
        for (int first = 0; first < ScoredRows; first += OnnxBatchRows)
        {
            int rows = Math.Min(OnnxBatchRows, ScoredRows - first);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _flat.AsMemory(first * Features, rows * Features), [rows, Features]);
            using var output = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _onnxScores.AsMemory(first, rows), [rows]);
            _session.Run(null, ["Features"], [input], ["Score"], [output]);
        }
    });

    /// <summary>Median of the seconds that a prediction engine on our transformer takes for one row.</summary>
    public double SecondsPerPrediction() => SecondsPerPrediction(_fitted);

    /// <summary>The same on the loaded zip.</summary>
    public double SecondsPerPredictionOfZip() => SecondsPerPrediction(_loaded);

    public void Dispose()
    {
        _session.Dispose();
        (_loaded as IDisposable)?.Dispose();
        _fitted.Dispose();
    }

    private static void ReadScores(IDataView scored)
    {
        var column = scored.Schema["Score"];
        using var cursor = scored.GetRowCursor([column]);
        var getter = cursor.GetGetter<float>(column);
        for (float score = 0; cursor.MoveNext();) getter(ref score);
    }

    // processor time, of all threads: what else the machine does does not count, nor, since the work is done once before, what was timed last
    private static double Seconds(Action work)
    {
        work();
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private double SecondsPerPrediction(ITransformer transformer)
    {
        var input = SchemaDefinition.Create(typeof(LabelledRow));
        input[nameof(LabelledRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        using var engine = _ml.Model.CreatePredictionEngine<LabelledRow, Scored>(transformer, new PredictionEngineOptions { InputSchemaDefinition = input, OwnsTransformer = false });
        var seconds = new double[Predictions];
        for (int i = -Predictions; i < Predictions; i++)
        {
            long start = Stopwatch.GetTimestamp();
            engine.Predict(_rows.Rows[i + Predictions]);
            if (i >= 0) seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        Array.Sort(seconds);
        return seconds[Predictions / 2];
    }

    private sealed class Scored
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
