using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Tests.Scoring;

public class RowMapperTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void ARowGetsWhatTheBatchesGiveIt()
    {
        var view = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(300));
        var scored = new ScoringDataView(view, new SumModel(), 100);
        var mapper = new RowMapper(new SumModel(), view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var readScore = row.GetGetter<float>(mapper.OutputSchema["Score"]);
        var readTwice = row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Twice"]);
        var readName = row.GetGetter<ReadOnlyMemory<char>>(mapper.OutputSchema["Name"]);
        var scores = scored.GetColumn<float>("Score").ToArray();
        var twice = scored.GetColumn<float[]>("Twice").ToArray();
        float score = 0;
        VBuffer<float> vector = default;
        ReadOnlyMemory<char> name = default;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            readTwice(ref vector);
            readScore(ref score);
            readName(ref name);
            Assert.Equal(scores[i], score);
            Assert.Equal(twice[i], vector.DenseValues());
            Assert.Equal($"row {i}", name.ToString());
            Assert.Equal(i, row.Position);
        }
    }

    [Fact]
    public void ARowIsComputedOnceHoweverOftenItIsRead()
    {
        var model = new SumModel();
        var view = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(3));
        var mapper = new RowMapper(model, view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Score"], mapper.OutputSchema["Flag"]]);
        var readScore = row.GetGetter<float>(mapper.OutputSchema["Score"]);
        var readAgain = row.GetGetter<float>(mapper.OutputSchema["Score"]);
        var readFlag = row.GetGetter<bool>(mapper.OutputSchema["Flag"]);
        float score = 0;
        bool flag = false;
        while (cursor.MoveNext())
        {
            readScore(ref score);
            readFlag(ref flag);
            readAgain(ref score);
        }
        Assert.Equal([(1, "Score,Flag"), (1, "Score,Flag"), (1, "Score,Flag")], model.Calls);
    }

    [Fact]
    public void OfTheActiveColumnsThoseAreComputedThatHaveAReader()
    {
        var model = new SumModel();
        var view = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(3));
        var mapper = new RowMapper(model, view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var readScore = row.GetGetter<float>(mapper.OutputSchema["Score"]);
        float score = 0;
        cursor.MoveNext();
        cursor.MoveNext();
        readScore(ref score);
        VBuffer<float> twice = default;
        row.GetGetter<VBuffer<float>>(mapper.OutputSchema["Twice"])(ref twice);   // of a row that was computed without it
        Assert.Equal([2, -1, -4], twice.DenseValues());
        Assert.Equal(-1.5f, score);
        Assert.Equal([(1, "Score"), (1, "Score,Twice")], model.Calls);
    }

    [Fact]
    public void DependenciesAreWhatTheWantedColumnsTake()
    {
        var view = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(1));
        var mapper = new RowMapper(new SumModel(), view.Schema);
        Assert.Equal("Features", Dependencies("Score"));
        Assert.Equal("Name", Dependencies("Name"));
        Assert.Equal("Name,Features", Dependencies("Flag", "Name"));
        Assert.Equal("Features", Dependencies("Features", "Twice"));
        Assert.Equal("", Dependencies());

        string Dependencies(params string[] columns) =>
            string.Join(",", mapper.GetDependencies(columns.Select(name => mapper.OutputSchema[name])).Select(column => column.Name));
    }

    [Fact]
    public void AColumnThatIsNotAskedForIsNotActive()
    {
        var model = new SumModel();
        var view = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(1));
        var mapper = new RowMapper(model, view.Schema);
        using var cursor = view.GetRowCursor([view.Schema["Name"]]);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Name"]]);
        Assert.True(row.IsColumnActive(mapper.OutputSchema["Name"]));
        Assert.False(row.IsColumnActive(mapper.OutputSchema["Score"]));
        Assert.Throws<ArgumentException>(() => row.GetGetter<float>(mapper.OutputSchema["Score"]));
        Assert.Empty(model.Calls);
    }

    [Fact]
    public void ARowOfAnotherSchemaIsRefused()
    {
        var view = _ml.Data.LoadFromEnumerable(ScoredInput.Rows(1));
        var mapper = new RowMapper(new SumModel(), view.Schema);
        using var cursor = new ConstantRows(1).GetRowCursor([]);
        Assert.Equal("The row has another schema than the one that the mapper was made for.",
            Assert.Throws<ArgumentException>(() => mapper.GetRow(cursor, mapper.OutputSchema)).Message);
    }
}
