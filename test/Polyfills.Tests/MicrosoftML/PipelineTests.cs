using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class PipelineTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Rows(int count = 4) => _ml.Data.LoadFromEnumerable(Sample.Rows(count));

    [Fact]
    public void ChainAsksForSchemasThenFitsAndTransformsStepByStep()
    {
        var (first, second) = (new Probe(new AddConstant(1)), new Probe(new AddConstant(10)));
        var data = Rows();
        var model = new EstimatorChain<ITransformer>().Append(first).Append(second).Fit(data);
        Assert.Equal(["GetOutputSchema", "Fit"], first.Calls);
        Assert.Equal(["GetOutputSchema", "Fit"], second.Calls);
        Assert.Equal(data.Schema.Select(column => column.Name), first.Shape!.Select(column => column.Name));
        Assert.Same(data, first.Input);
        Assert.NotNull(second.Input!.Schema.GetColumnOrNull("Sum")); // what the first one made
        Assert.Equal(2, model.Count());
        Assert.Equal([10f, 10.5f, 11, 11.5f], model.Transform(data).GetColumn<float>("Sum"));
    }

    [Fact]
    public void SchemaFaultIsFoundBeforeAnythingIsFitted()
    {
        var probe = new Probe(new AddConstant(1));
        var chain = probe.Append(_ml.Transforms.CopyColumns("Copy", "Nowhere"));
        Assert.Contains("Nowhere", Assert.Throws<ArgumentOutOfRangeException>(() => chain.Fit(Rows())).Message);
        Assert.Equal(["GetOutputSchema"], probe.Calls);
    }

    [Fact]
    public void ShapeOfNewColumnsComesFromALoader()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Score", new VectorDataViewType(NumberDataViewType.Single, 3));
        var probe = new Probe(new AddConstant(1));
        var shape = Tables.ShapeOf(builder.ToSchema());
        Assert.Equal(("Score", SchemaShape.Column.VectorKind.Vector), (shape[0].Name, shape[0].Kind));

        // and from a chain, whose Fit only needs a schema
        new EstimatorChain<ITransformer>().Append(probe).Fit(Rows());
        Assert.Equal("Vector", probe.Shape![3].Name);
    }

    [Fact]
    public void EmptyChainChangesNothing()
    {
        var chain = new EstimatorChain<ITransformer>();
        Assert.Null(chain.LastEstimator);
        var model = chain.Fit(Rows());
        Assert.Null(model.LastTransformer);
        Assert.Empty(model);
        Assert.Equal([0, 1, 2, 3], model.Transform(Rows()).Ids());
        Assert.True(((ITransformer)model).IsRowToRowMapper);
    }

    [Fact]
    public void LastTransformerKeepsItsType()
    {
        var chain = new Probe(new AddConstant(1)).Append(_ml.Transforms.CopyColumns("Copy", "Id"));
        Assert.IsType<Microsoft.ML.Transforms.ColumnCopyingEstimator>(chain.LastEstimator);
        Assert.IsType<Microsoft.ML.Transforms.ColumnCopyingTransformer>(chain.Fit(Rows()).LastTransformer);
    }

    [Fact]
    public void ScopesChooseLinks()
    {
        var chain = new TransformerChain<ITransformer>(
            [new AddConstant(1), new AddConstant(2)], [TransformerScope.TrainTest, TransformerScope.Everything]);
        Assert.Equal(2, chain.GetModelFor(TransformerScope.Training).Count());
        Assert.Single(chain.GetModelFor(TransformerScope.Scoring));
        Assert.Equal(5, chain.Transform(Rows()).Schema.Count); // for scoring, unless something else is asked for
        Assert.Equal(6, chain.Transform(Rows(), TransformerScope.Everything).Schema.Count);
        Assert.Equal(5, chain.GetOutputSchema(Rows().Schema).Count);
        Assert.Throws<InvalidOperationException>(() => new TransformerChain<ITransformer>([new AddConstant(1)], []));
    }

    [Fact]
    public void ScopesDoNotMatterToTheRowMapper()
    {
        ITransformer chain = new TransformerChain<ITransformer>([new AddConstant(1)], [TransformerScope.Training]);
        Assert.Equal(5, chain.GetRowToRowMapper(Rows().Schema).OutputSchema.Count);
    }

    [Fact]
    public void RowMappersOfAChainFollowEachOther()
    {
        var schema = Rows().Schema;
        ITransformer chain = new TransformerChain<ITransformer>(new AddConstant(1), _ml.Transforms.CopyColumns("Copy", "Sum").Fit(new AddConstant(0).Transform(Rows())));
        var mapper = chain.GetRowToRowMapper(schema);
        Assert.Equal(["Number"], mapper.GetDependencies([mapper.OutputSchema["Copy"]]).Select(column => column.Name));
        using var cursor = Rows().GetRowCursor(mapper.GetDependencies([mapper.OutputSchema["Copy"]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => mapper.GetRow(cursor, [mapper.OutputSchema["Copy"]])); // another schema object
    }

    [Fact]
    public void ChainWithAStepThatIsNoMapperHasNoRowMapper()
    {
        ITransformer chain = new TransformerChain<ITransformer>(new AddConstant(1), new AddConstant(1, isMapper: false));
        Assert.False(chain.IsRowToRowMapper);
        Assert.Throws<InvalidOperationException>(() => chain.GetRowToRowMapper(Rows().Schema));
    }

    [Fact]
    public void CacheCheckpointKeepsLaterStepsFromReadingAgain()
    {
        var rows = new CountedRows<Sample>(Sample.Rows(4));
        var reader = new Reader();
        var chain = new Probe(new AddConstant(1)).AppendCacheCheckpoint(_ml).Append(reader).Append(reader);
        chain.Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(1, rows.Enumerations);
        Assert.Equal([0, 1, 2, 3], reader.Ids);
        new Probe(new AddConstant(1)).Append(reader).Append(reader).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal(3, rows.Enumerations);
        Assert.Throws<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [Fact]
    public void OnFitShowsTheTransformer()
    {
        ITransformer? seen = null;
        var model = new Probe(new AddConstant(1)).WithOnFitDelegate(transformer => seen = transformer).Fit(Rows());
        Assert.Same(model, seen);
    }

    [Fact]
    public void DisposingAChainDisposesItsLinksOnce()
    {
        var link = new AddConstant(1);
        var chain = new TransformerChain<ITransformer>(link, new TransformerChain<ITransformer>(link));
        chain.Dispose();
        chain.Dispose();
        Assert.Equal(2, link.Disposals);
    }

    [Fact]
    public void OnlyWhatIsAskedForIsComputed()
    {
        var transformer = new AddConstant(1);
        var view = transformer.Transform(Rows());
        _ = view.Ids();
        Assert.Equal(0, transformer.ValuesRead);
        _ = view.GetColumn<float>("Sum").Count();
        Assert.Equal(4, transformer.ValuesRead);
    }

    [Fact]
    public void LoaderFollowedByTransformersIsALoader()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "1\n2");
            var loader = _ml.Data.CreateTextLoader([new TextLoader.Column("Number", DataKind.Single, 0)]).Append(new AddConstant(5));
            Assert.Equal([6f, 7], loader.Load(new MultiFileSource(path)).GetColumn<float>("Sum"));
            Assert.NotNull(loader.GetOutputSchema().GetColumnOrNull("Sum"));
            Assert.Equal(["Number", "Copy"], loader.Loader.Append(_ml.Transforms.CopyColumns("Copy", "Number")).GetOutputSchema().Select(column => column.Name));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Reader : IEstimator<ITransformer>
    {
        public int[] Ids { get; private set; } = [];

        public ITransformer Fit(IDataView input)
        {
            Ids = input.Ids();
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
