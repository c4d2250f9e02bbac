using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class ModelFileTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private IDataView Rows => _ml.Data.LoadFromEnumerable(Sample.Rows(3));

    [Fact]
    public void ChainComesBackWithItsScopesAndNestedChains()
    {
        var copy = _ml.Transforms.CopyColumns("Copy", "Id").Fit(Rows);
        var inner = new TransformerChain<ITransformer>(copy, copy);
        var chain = new TransformerChain<ITransformer>([copy, inner], [TransformerScope.TrainTest, TransformerScope.Everything]);
        var loaded = Assert.IsType<TransformerChain<ITransformer>>(SaveAndLoad(chain, Rows.Schema, out _));
        Assert.Equal(2, loaded.Count());
        Assert.Single(loaded.GetModelFor(TransformerScope.Scoring));
        Assert.Equal(2, Assert.IsType<TransformerChain<ITransformer>>(loaded.LastTransformer).Count());
        Assert.Equal([0, 1, 2], loaded.Transform(Rows).GetColumn<int>("Copy"));
    }

    [Fact]
    public void EmptyChainComesBackAsIdentity()
    {
        var loaded = SaveAndLoad(new TransformerChain<ITransformer>(), Rows.Schema, out _);
        Assert.Empty(Assert.IsType<TransformerChain<ITransformer>>(loaded));
        Assert.Equal([0, 1, 2], loaded.Transform(Rows).Ids());
    }

    [Fact]
    public void OwnTransformerSavesAsTheStockOneThatItDelegatesTo()
    {
        var stock = _ml.Transforms.CopyColumns("Sum", "Number").Fit(Rows);
        var own = new AddConstant(1, ctx => ((ICanSaveModel)stock).Save(ctx));
        var loaded = SaveAndLoad(new TransformerChain<ITransformer>(own, new AddConstant(2, ctx => ((ICanSaveModel)new TransformerChain<ITransformer>()).Save(ctx))), Rows.Schema, out _);
        var links = Assert.IsType<TransformerChain<ITransformer>>(loaded).ToArray();
        Assert.Same(stock.GetType(), links[0].GetType());
        Assert.IsType<TransformerChain<ITransformer>>(links[1]);
        Assert.Equal([0f, 0.5f, 1], loaded.Transform(Rows).GetColumn<float>("Sum"));
    }

    [Fact]
    public void SchemaComesBackWithTypesAndAnnotations()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(2, ["a".AsMemory(), "ünï".AsMemory()]));
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        annotations.Add("Sparse", new VectorDataViewType(NumberDataViewType.Single, 5), (ref VBuffer<float> value) => value = new(5, 1, [2f], [3]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Vector", new VectorDataViewType(NumberDataViewType.Single, 2), annotations.ToAnnotations());
        builder.AddColumn("Hidden", NumberDataViewType.Int16);
        builder.AddColumn("Hidden", TextDataViewType.Instance);
        builder.AddColumn("Key", new KeyDataViewType(typeof(byte), 9));
        builder.AddColumn("Keys", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 0, 4));
        builder.AddColumn("Time", DateTimeOffsetDataViewType.Instance);
        builder.AddColumn("Row", RowIdDataViewType.Instance);
        SaveAndLoad(new TransformerChain<ITransformer>(), builder.ToSchema(), out var loaded);

        Assert.Equal(builder.ToSchema().Select(column => (column.Name, column.Type, column.IsHidden)), loaded.Select(column => (column.Name, column.Type, column.IsHidden)));
        var vector = loaded["Vector"].Annotations;
        VBuffer<ReadOnlyMemory<char>> names = default;
        vector.GetValue("SlotNames", ref names);
        Assert.Equal(["a", "ünï"], names.DenseValues().Select(name => name.ToString()));
        VBuffer<float> sparse = default;
        vector.GetValue("Sparse", ref sparse);
        Assert.Equal((5, 1, 2f), (sparse.Length, sparse.GetValues().Length, sparse.GetItemOrDefault(3)));
        bool isNormalized = false;
        vector.GetValue("IsNormalized", ref isNormalized);
        Assert.True(isNormalized);
    }

    [Fact]
    public void ModelMayBeSavedWithoutSchemaOrWithALoader()
    {
        var chain = new TransformerChain<ITransformer>();
        SaveAndLoad(chain, null, out var schema);
        Assert.Null(schema);

        var loader = _ml.Data.CreateTextLoader(new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            Columns = [new("Id", DataKind.Int32, 0), new("Vector", DataKind.Single, [new(1, 2), new(4)]), new("Key", DataKind.UInt32, [new(3)], new KeyCount(4))],
        }, new MultiFileSource(TextFile("id,a,b,c,d\n7,1,2,3,4")));
        using var file = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Id").Fit(loader.Load(_path)), loader, file);
        var model = _ml.Model.LoadWithDataLoader(Rewound(file), out var loadedLoader);
        var view = model.Transform(loadedLoader.Load(new MultiFileSource(_path)));
        Assert.Equal(["Id", "Vector", "Key", "Copy"], view.Schema.Select(column => column.Name));
        Assert.Equal([[1f, 2, 4]], view.GetColumn<float[]>("Vector"));
        Assert.Equal([4u], view.GetColumn<uint>("Key"));
        Assert.True(view.Schema["Vector"].HasSlotNames());
        _ml.Model.Load(Rewound(file), out var inputSchema);
        Assert.Equal(3, inputSchema.Count);
    }

    [Fact]
    public void LoadWithDataLoaderNeedsALoader()
    {
        using var file = Save(new TransformerChain<ITransformer>(), Rows.Schema);
        Assert.Contains("does not contain an IDataLoader", Assert.Throws<InvalidOperationException>(() => _ml.Model.LoadWithDataLoader(file, out _)).Message);
    }

    [Fact]
    public void ZipHasOneFolderPerLink()
    {
        var copy = _ml.Transforms.CopyColumns("Copy", "Id").Fit(Rows);
        using var file = Save(new TransformerChain<ITransformer>(copy, copy), Rows.Schema);
        using var zip = new ZipArchive(file);
        var names = zip.Entries.Select(entry => entry.FullName.Replace('\\', '/')).ToArray();
        string[] expected =
        [
            "Schema", "TrainingInfo/Version.txt", "TransformerChain/Model.key", "TransformerChain/Transform_000/Model.key", "TransformerChain/Transform_001/Model.key",
        ];
        Assert.Equal(expected, names.Order(StringComparer.Ordinal));
        using var content = zip.GetEntry(zip.Entries.First(entry => entry.FullName.Contains("Transform_001")).FullName)!.Open();
        var header = new byte[256];
        content.ReadExactly(header);
        Assert.Equal("ML\0MODEL", System.Text.Encoding.ASCII.GetString(header, 0, 8));
    }

    [Fact]
    public void UnknownEntriesAreIgnored()
    {
        using var file = Save(new TransformerChain<ITransformer>(), Rows.Schema);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        using (var writer = new StreamWriter(zip.CreateEntry("extra/state.json").Open()))
            writer.Write("{}");
        Assert.Empty(Assert.IsType<TransformerChain<ITransformer>>(_ml.Model.Load(Rewound(file), out _)));
    }

    [Fact]
    public void SavingNothingIsAnError()
    {
        Assert.Contains("ModelSignature not specified", Assert.Throws<InvalidOperationException>(() => Save(new AddConstant(1), null)).Message);
        Assert.Throws<TimeoutException>(() => Save(new TransformerChain<ITransformer>(new AddConstant(1, _ => throw new TimeoutException())), null));
    }

    [Fact]
    public void FileThatIsNoZipIsAnError()
        => Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream([1, 2, 3, 4]), out _));

    [Fact]
    public void ForeignZipIsAnError()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry("readme.txt");
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Load(Rewound(file), out _));
    }

    [Theory]
    [InlineData("TransformerChain/Model.key")]
    [InlineData("TransformerChain/Transform_001/Model.key")]
    public void MissingEntryIsNamed(string entry)
    {
        using var file = SaveCopies();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
            zip.GetEntry(entry)!.Delete();
        Assert.Contains(entry, FaultOf(Rewound(file))?.Message);
    }

    [Fact]
    public void TruncatedFilesAreErrorsWhereverTheyEnd()
    {
        using var file = SaveCopies();
        for (int length = 0; length < file.Length; length += 97)
            Assert.NotNull(FaultOf(new MemoryStream(file.ToArray(), 0, length)));
    }

    [Theory]
    [InlineData("Schema")]
    [InlineData("TransformerChain/Model.key")]
    [InlineData("TransformerChain/Transform_000/Model.key")]
    public void TruncatedEntriesAreErrorsThatNameThem(string entry)
    {
        int size = ContentOf(entry).Length;
        for (int keep = 0; keep < size; keep += 23)
            Assert.Contains(entry, FaultOf(SaveWith(entry, content => content[..keep]))?.Message);
    }

    [Theory]
    [InlineData("Schema")]
    [InlineData("TransformerChain/Model.key")]
    [InlineData("TransformerChain/Transform_000/Model.key")]
    public void DamagedEntriesLoadOrSayThatTheyAreDamaged(string entry)
    {
        int size = ContentOf(entry).Length, faults = 0;
        for (int at = 0; at < size; at += 7)
            foreach (byte flip in new byte[] { 0x01, 0x80, 0xFF })
                faults += FaultOf(SaveWith(entry, content =>
                {
                    content[at] ^= flip;
                    return content;
                })) == null ? 0 : 1;
        Assert.NotEqual(0, faults);
    }

    // whatever is wrong with a file, it has to come out as one of these two
    private Exception? FaultOf(Stream file)
    {
        try
        {
            _ml.Model.Load(file, out _);
            return null;
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            return fault;
        }
        finally
        {
            file.Dispose();
        }
    }

    private byte[] ContentOf(string entry)
    {
        using var zip = new ZipArchive(SaveCopies());
        using var content = zip.GetEntry(entry)!.Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private MemoryStream SaveWith(string entry, Func<byte[], byte[]> change)
    {
        var changed = change(ContentOf(entry));
        var file = SaveCopies();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(entry)!.Delete();
            using var content = zip.CreateEntry(entry).Open();
            content.Write(changed);
        }
        return Rewound(file);
    }

    private MemoryStream SaveCopies()
    {
        var copy = _ml.Transforms.CopyColumns("Copy", "Id").Fit(Rows);
        return Save(new TransformerChain<ITransformer>(copy, copy), Rows.Schema);
    }

    private ITransformer SaveAndLoad(ITransformer model, DataViewSchema? schema, out DataViewSchema loadedSchema)
    {
        _ml.Model.Save(model, schema, _path);
        return _ml.Model.Load(_path, out loadedSchema);
    }

    private MemoryStream Save(ITransformer model, DataViewSchema? schema)
    {
        var file = new MemoryStream();
        _ml.Model.Save(model, schema, file);
        return Rewound(file);
    }

    private string TextFile(string text)
    {
        File.WriteAllText(_path, text);
        return _path;
    }

    private static MemoryStream Rewound(MemoryStream stream)
    {
        stream.Position = 0;
        return stream;
    }
}
