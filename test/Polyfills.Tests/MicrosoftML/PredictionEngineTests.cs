using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void EnginePredictsOneObjectAtATime()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Sample, Output>(new TransformerChain<ITransformer>(new AddConstant(1), new TransformerChain<ITransformer>()));
        Assert.Equal(["Id", "Number", "Text", "Vector", "Sum"], engine.OutputSchema.Select(column => column.Name));
        Assert.Equal((3f, "t4"), (engine.Predict(Sample.Of(4)).Sum, engine.Predict(Sample.Of(4)).Text));
        var output = new Output();
        engine.Predict(Sample.Of(6), ref output);
        Assert.Equal(4f, output.Sum);
        Assert.Throws<ArgumentNullException>(() => engine.Predict(null!));
    }

    [Fact]
    public void NothingIsComputedThatTheOutputLacks()
    {
        var transformer = new AddConstant(1);
        using var engine = _ml.Model.CreatePredictionEngine<Sample, TextOnly>(transformer);
        Assert.Equal("t1", engine.Predict(Sample.Of(1)).Text);
        Assert.Equal(0, transformer.ValuesRead);
    }

    [Fact]
    public void TransformerHasToBeARowMapper()
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Sample, Output>(
            new TransformerChain<ITransformer>(new AddConstant(1), new AddConstant(1, isMapper: false))));
        Assert.Contains("Must be a row to row mapper", exception.Message);
    }

    [Fact]
    public void DisposingTheEngineDisposesTheTransformerThatItOwns()
    {
        var owned = new AddConstant(1);
        var engine = _ml.Model.CreatePredictionEngine<Sample, Output>(new TransformerChain<ITransformer>(owned));
        engine.Dispose();
        engine.Dispose();
        Assert.Equal(1, owned.Disposals);

        var lent = new AddConstant(1);
        _ml.Model.CreatePredictionEngine<Sample, Output>(lent, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.Equal(0, lent.Disposals);
    }

    [Fact]
    public void OutputMayLackColumnsUnlessThatIsForbidden()
    {
        var identity = new TransformerChain<ITransformer>();
        using (var engine = _ml.Model.CreatePredictionEngine<Sample, Output>(identity))
            Assert.Equal(0, engine.Predict(Sample.Of(1)).Sum);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.CreatePredictionEngine<Sample, Output>(identity, ignoreMissingColumns: false));
    }

    [Fact]
    public void KeysCountFromZeroInAndFromOneOut()
    {
        using var engine = _ml.Model.CreatePredictionEngine<KeyIn, KeyOut>(new TransformerChain<ITransformer>());
        Assert.Equal((1u, 2u, 0u), (engine.Predict(new() { Key = 0 }).Key, engine.Predict(new() { Key = 1 }).Key, engine.Predict(new() { Key = 7 }).Key));
    }

    [Fact]
    public void InputMayTakeItsTypesFromASchema()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Values", new VectorDataViewType(NumberDataViewType.Single, 3));
        using var engine = _ml.Model.CreatePredictionEngine<AnyVector, AnyVector>(new TransformerChain<ITransformer>(), builder.ToSchema());
        Assert.Equal(3, ((VectorDataViewType)engine.OutputSchema["Values"].Type).Size);
        Assert.Equal([1f, 2, 3], engine.Predict(new() { Values = [1, 2, 3] }).Values);
    }

    [Fact]
    public void ReusedOutputKeepsItsArrayWhereTheLengthStays()
    {
        using var engine = _ml.Model.CreatePredictionEngine<AnyVector, AnyVector>(new TransformerChain<ITransformer>());
        var output = new AnyVector { Values = new float[2] };
        var array = output.Values;
        engine.Predict(new() { Values = [1, 2] }, ref output);
        Assert.Same(array, output.Values);
        engine.Predict(new() { Values = [1, 2, 3] }, ref output);
        Assert.Equal([1f, 2, 3], output.Values);
    }

    private sealed class Output
    {
        public float Sum { get; set; }

        public string Text { get; set; } = "";
    }

    private sealed class TextOnly
    {
        public string Text { get; set; } = "";
    }

    private sealed class KeyIn
    {
        [KeyType(3)]
        public uint Key { get; set; }
    }

    private sealed class KeyOut
    {
        public uint Key { get; set; }
    }

    private sealed class AnyVector
    {
        public float[] Values { get; set; } = [];
    }
}
