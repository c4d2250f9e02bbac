using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;
using MLGenerative.Bench.Data;

namespace MLGenerative.Bench.Speed;

/// <summary>What is done with a variational autoencoder of nine features, through ML.NET as a user would do it.</summary>
internal sealed class VaeWork : IDisposable
{
    public const int Features = 9;
    public const int FitRows = 10_000;
    private const int ScoredRows = 100_000;
    private const int SampledRows = 200_000;
    private const int RowsOneAtATime = 2_000;

    private readonly MLContext _ml = new(seed: 0);
    private readonly LabelledRows _rows;
    private readonly IDataView _view;
    private readonly GenerativeTransformer _vae;

    public VaeWork()
    {
        _rows = MadeUpRows.Create(ScoredRows, Features);
        _view = _rows.View(_ml);
        _vae = _ml.Generative.TrainVae(new VaeOptions { Training = new TrainingOptions { Steps = 500 } }).Fit(MadeUpRows.Create(FitRows, Features).View(_ml));
    }

    /// <summary>Seconds per epoch of a fit, from how much longer it takes with more epochs.</summary>
    public double SecondsPerEpoch(int batchSize, int latentSize, int[] hiddenSizes, int epochs)
    {
        var view = MadeUpRows.Create(FitRows, Features).View(_ml);
        return (Fit(epochs + 1) - Fit(1)) / epochs;

        double Fit(int count)
        {
            var clock = Stopwatch.StartNew();
            var training = new TrainingOptions { Epochs = count, BatchSize = batchSize, ValidationFraction = 0 };
            _ml.Generative.TrainVae(new VaeOptions { HiddenSizes = hiddenSizes, LatentSize = latentSize, Training = training }).Fit(view).Dispose();
            return clock.Elapsed.TotalSeconds;
        }
    }

    public double SecondsPerScoredRow()
    {
        var scored = _vae.Transform(_view);
        return SecondsPerRow(ScoredRows, () =>
        {
            using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
            var getter = cursor.GetGetter<float>(scored.Schema["Score"]);
            for (float score = 0; cursor.MoveNext();) getter(ref score);
        });
    }

    public double SecondsPerRowOneAtATime()
    {
        var input = SchemaDefinition.Create(typeof(LabelledRow));
        input[nameof(LabelledRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Features);
        var options = new PredictionEngineOptions { InputSchemaDefinition = input, OwnsTransformer = false };
        using var engine = _ml.Model.CreatePredictionEngine<LabelledRow, ScoredRow>(_vae, options);
        return SecondsPerRow(RowsOneAtATime, () =>
        {
            for (int i = 0; i < RowsOneAtATime; i++) engine.Predict(_rows.Rows[i]);
        });
    }

    public double SecondsPerSampledRow()
    {
        var samples = _vae.Sample(SampledRows, seed: 0);
        return SecondsPerRow(SampledRows, () =>
        {
            using var cursor = samples.GetRowCursor([samples.Schema["Features"]]);
            var getter = cursor.GetGetter<VBuffer<float>>(samples.Schema["Features"]);
            for (VBuffer<float> row = default; cursor.MoveNext();) getter(ref row);
        });
    }

    public void Dispose() => _vae.Dispose();

    // the first time warms up
    private static double SecondsPerRow(int rows, Action work)
    {
        work();
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds / rows;
    }

    private sealed class ScoredRow
    {
        public float Score { get; set; }
    }
}
