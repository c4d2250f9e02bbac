using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace MLGenerative.Bench.Speed;

/// <summary>What is done with a masked autoencoder of 16 binary features, through ML.NET as a user would do it, in processor time of all threads.</summary>
internal sealed class MadeWork : IDisposable
{
    private const int Features = 16;
    private const int FitRows = 16_000;
    private const int ScoredRows = 1_000_000;
    private const int SampledRows = 200_000;

    private readonly IDataView _view;
    private readonly GenerativeTransformer _made;

    public MadeWork()
    {
        var ml = new MLContext(seed: 0);
        var rows = MadeUpRows.Create(ScoredRows, Features);
        foreach (var row in rows.Rows)
            for (int i = 0; i < Features; i++) row.Features[i] = row.Features[i] > 0 ? 1 : 0;
        _view = rows.View(ml);
        _made = ml.Generative.TrainMade(new MadeOptions { Training = new TrainingOptions { Epochs = 1 } }).Fit(ml.Data.TakeRows(_view, FitRows));
    }

    public double SecondsPerScoredRow()
    {
        var scored = _made.Transform(_view);
        return ProcessorSeconds(() =>
        {
            using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
            var getter = cursor.GetGetter<float>(scored.Schema["Score"]);
            for (float score = 0; cursor.MoveNext();) getter(ref score);
        }) / ScoredRows;
    }

    public double SecondsPerSampledRow()
    {
        var samples = _made.Sample(SampledRows, seed: 0);
        return ProcessorSeconds(() =>
        {
            using var cursor = samples.GetRowCursor([samples.Schema["Features"]]);
            var getter = cursor.GetGetter<VBuffer<float>>(samples.Schema["Features"]);
            for (VBuffer<float> row = default; cursor.MoveNext();) getter(ref row);
        }) / SampledRows;
    }

    public void Dispose() => _made.Dispose();

    private static double ProcessorSeconds(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
