using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>What training cannot go on from or with is named, with what there is instead.</summary>
public sealed class ContinuedTrainingErrorsTests
{
    private static readonly TrainingOptions Brief = new() { Steps = 2 };

    private readonly MLContext _ml = new(1);

    private string FitError(GenerativeTransformer source, IDataView view) =>
        Assert.Throws<ArgumentException>(() => _ml.Generative.ContinueTraining(source, new() { Training = Brief }).Fit(view)).Message;

    [Fact]
    public void LayersThatThereAreNotAreNamedWithThoseThatThereAre()
    {
        using var source = Models.Fit(_ml, "vae", 60);
        string Error(TransferOptions options) => Assert.Throws<ArgumentException>(() => _ml.Generative.ContinueTraining(source, options)).Message;
        const string layers = "encoder, encoder.0, encoder.1, posterior, decoder, decoder.0, decoder.1, output, likelihood";

        Assert.Equal($"TransferOptions: Freeze is 'encodr'; it must be a layer of the model: {layers}. Freeze is 'decoder.'; it must be a layer of the model: {layers}. "
                     + "BatchSize is 0; it must be 1 or more.", Error(new() { Freeze = ["encodr", "output", "decoder."], Training = new() { BatchSize = 0 } }));
        Assert.Equal("TransferOptions: Freeze is encoder, posterior, decoder.0, decoder.1, output, likelihood; it must be less than all layers.",
            Error(new() { Freeze = ["encoder", "posterior", "decoder.0", "decoder.1", "output", "likelihood"] }));
        Assert.Equal("TransferOptions: Freeze is null; it must be given; it may be empty. Training is null; it must be given.", Error(new() { Freeze = null!, Training = null! }));
    }

    [Fact]
    public void AnotherNumberOfFeatures()
    {
        using var source = Models.Fit(_ml, "vae", 60);
        var wider = _ml.Transforms.Concatenate("Features", "Features", "Features").Fit(Rows.View(_ml, 20)).Transform(Rows.View(_ml, 20));
        Assert.Equal("Column 'Features' is Vector<Single> of 8; the model was trained on 4. Fit the pipeline again or select the 4 columns.", FitError(source, wider));
    }

    [Fact]
    public void OtherLabels()
    {
        var rows = Rows.Make(60);
        foreach (var row in rows) row.Name = row.Label ? "rare" : "common";
        using var source = Models.Create(_ml, "vae", "Name", Brief).Fit(_ml.Data.LoadFromEnumerable(rows));
        rows[7].Name = "new";
        Assert.Equal("Label new in column 'Name' was not there when the model was trained; there were rare, common.", FitError(source, _ml.Data.LoadFromEnumerable(rows)));

        var renamed = _ml.Transforms.DropColumns("Name").Fit(Rows.View(_ml, 20)).Transform(Rows.View(_ml, 20));
        Assert.Equal("Label column 'Name' is not there; the columns are 'Features', 'Label'.", FitError(source, renamed));
        var numbered = _ml.Transforms.CopyColumns("Name", "Label").Fit(Rows.View(_ml, 20)).Transform(Rows.View(_ml, 20));
        Assert.Equal("Label column 'Name' is Boolean; the model was trained on String. Convert it, or fit the pipeline again.", FitError(source, numbered));
    }

    [Fact]
    public void KeysThatStandForOtherValues()
    {
        var rows = Rows.Make(60);
        foreach (var row in rows) row.Name = row.Label ? "rare" : "common";
        IDataView Keyed(IEnumerable<Row> some)
        {
            var view = _ml.Data.LoadFromEnumerable(some);
            return _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(view).Transform(view);
        }
        using var source = Models.Create(_ml, "vae", "Key", Brief).Fit(Keyed(rows));
        Assert.Equal("Key 1 of label column 'Key' stands for 'common'; when the model was trained it stood for 'rare'. "
                     + "Map values to keys with the transformer of that time, or with MapValueToKey and its keyData.", FitError(source, Keyed(rows.AsEnumerable().Reverse())));
        using var continued = _ml.Generative.ContinueTraining(source, new() { Training = Brief }).Fit(Keyed(rows.Where(row => row.Name == "rare")));   // the same as far as they go
        Assert.Equal(2, continued.TrainingReport.Steps);
    }

    [Fact]
    public void AFeatureOfAnotherKind()
    {
        var rows = Rows.Make(60);
        foreach (var row in rows) row.Features[3] = row.Label ? 1 : 0;
        using var source = Models.Create(_ml, "vae", training: Brief).Fit(_ml.Data.LoadFromEnumerable(rows));
        rows[5].Features[3] = 0.5f;
        Assert.Equal("slot 3 of column 'Features' is not 0 or 1 in every row, as it was in those that the model learnt from first. Train a new model.",
            FitError(source, _ml.Data.LoadFromEnumerable(rows)));
        foreach (var row in rows) row.Features[3] = 0;   // constant: still one of the two
        using var continued = _ml.Generative.ContinueTraining(source, new() { Training = Brief }).Fit(_ml.Data.LoadFromEnumerable(rows));

        using var proportions = _ml.Generative.TrainVae(new VaeOptions { FeatureColumnName = "Unit", Likelihood = Likelihood.Bernoulli, Training = Brief }).Fit(Unit(1));
        Assert.Equal("slot 0 of column 'Unit' is not from 0 to 1 in every row, as a Bernoulli likelihood needs. Use NormalizeMinMax, or another likelihood.",
            FitError(proportions, Unit(2)));
        IDataView Unit(float most) => _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new UnitRow { Unit = [most * (i % 4) / 3, 0.5f] }).ToList());
    }

    [Fact]
    public void ADisposedModel()
    {
        var source = Models.Fit(_ml, "vae", 60);
        var estimator = _ml.Generative.ContinueTraining(source);
        source.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ml.Generative.ContinueTraining(source));
        Assert.Throws<ObjectDisposedException>(() => estimator.Fit(Rows.View(_ml, 20)));
    }

    private sealed class UnitRow
    {
        [VectorType(2)]
        public float[] Unit { get; set; } = [];
    }
}
