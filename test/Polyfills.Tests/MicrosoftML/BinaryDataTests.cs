using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class BinaryDataTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void RowsSurviveWithTheirTypes()
    {
        Save(100);
        var view = _ml.Data.LoadFromBinary(_path);
        Assert.Equal(100, view.GetRowCount());
        Assert.Equal(Enumerable.Range(0, 100), view.Ids());
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), view.Schema["Vector"].Type);
        Assert.Equal(Sample.Rows(100).Select(row => (row.Text, row.Number, row.Vector[1])),
            _ml.Data.CreateEnumerable<Sample>(view, false).Select(row => (row.Text, row.Number, row.Vector[1])));
        using var stream = File.OpenRead(_path);
        Assert.True(stream.CanRead); // the loader holds no file
    }

    [Fact]
    public void DamagedFilesAreErrors()
    {
        Save(10);
        var content = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, content[..(content.Length / 2)]);
        Assert.Contains("truncated", Assert.Throws<FormatException>(() => _ml.Data.LoadFromBinary(_path).Ids()).Message);
        File.WriteAllText(_path, "something else entirely");
        Assert.Throws<FormatException>(() => _ml.Data.LoadFromBinary(_path));
    }

    [Fact]
    public void PreviewShowsTheFirstRows()
    {
        var preview = _ml.Data.LoadFromEnumerable(Sample.Rows(10)).Preview(maxRows: 3);
        Assert.Equal((4, 3), (preview.ColumnView.Length, preview.RowView.Length));
        Assert.Equal([0, 1, 2], preview.ColumnView[0].Values);
        Assert.Equal(KeyValuePair.Create<string, object>("Id", 1), preview.RowView[1].Values[0]);
        Assert.Equal("4 columns, 3 rows", preview.ToString());
        Assert.Equal([1f, 1.5f], new AddConstant(1).Preview(_ml.Data.LoadFromEnumerable(Sample.Rows(10)), 2).ColumnView[4].Values);
    }

    private void Save(int count)
    {
        using var stream = File.Create(_path);
        _ml.Data.SaveAsBinary(_ml.Data.LoadFromEnumerable(Sample.Rows(count)), stream);
        Assert.True(stream.CanWrite); // it stays the caller's
    }
}
