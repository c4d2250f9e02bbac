using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Tests.Generation;

public class SmoteEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView View(params int[] rowsOfClasses) => _ml.Data.LoadFromEnumerable(LabelledRow.Of(rowsOfClasses));

    private static IDataView Augmented(IEstimator<ITransformer> estimator, IDataView view) => estimator.Fit(view).Transform(view);

    [Fact]
    public void TheNextStepSeesRealRowsThenSyntheticOnes()
    {
        var view = View(6, 2);
        IDataView? seen = null;
        var model = new SmoteEstimator(_ml, new SmoteOptions()).Append(new ProbeEstimator(rows => seen = rows)).Fit(view);
        Assert.Equal([false, false, false, false, false, false, true, true, true, true, true, true], seen!.GetColumn<bool>("Label"));
        Assert.Same(view, model.Transform(view));
        Assert.Same(view.Schema, seen!.Schema);
        Assert.Equal([40, 40, 40, 40, 40, 40, 40, 40, float.NaN, float.NaN, float.NaN, float.NaN], seen.GetColumn<float>("Age"));
    }

    [Fact]
    public void EveryClassReachesItsShareOfTheLargest()
    {
        var options = new SmoteOptions { LabelColumnName = "Class", Ratio = 0.5, RatioByLabel = new Dictionary<string, double> { ["class 2"] = 0.3 } };
        Assert.Equal(new() { ["class 0"] = 100, ["class 1"] = 50, ["class 2"] = 30 },
            Augmented(new SmoteEstimator(_ml, options), View(100, 7, 20)).GetColumn<string>("Class").CountBy(name => name).ToDictionary());
    }

    [Fact]
    public void TheSeedDecides()
    {
        var view = View(2000, 30);
        Assert.Equal(Drawn(5), Drawn(5));
        Assert.NotEqual(Drawn(5), Drawn(6));

        float[] Drawn(int seed) => [.. Augmented(new SmoteEstimator(_ml, new SmoteOptions { Seed = seed }), view).GetColumn<float[]>("Features").Select(row => row[0])];
    }

    [Fact]
    public void ReadingAgainGivesTheSameRows()
    {
        var augmented = Augmented(new SmoteEstimator(_ml, new SmoteOptions()), View(3000, 20));
        Assert.Equal(augmented.GetColumn<float[]>("Features").ToArray(), augmented.GetColumn<float[]>("Features"));
    }

    [Fact]
    public void TheSavedStepIsAnIdentity()
    {
        var view = View(6, 2);
        using var zip = new MemoryStream();
        _ml.Model.Save(new SmoteEstimator(_ml, new SmoteOptions()).Fit(view), view.Schema, zip);
        zip.Position = 0;
        Assert.Same(view, _ml.Model.Load(zip, out _).Transform(view));
    }

    /// <summary>Chawla et al. (2002), section 4.2: every synthetic row lies between a row of its class and one of the k nearest to it.</summary>
    [Fact]
    public void SyntheticRowsLieBetweenNeighbours() => Prop.ForAll(Classes().ToArbitrary(), AllLieBetweenNeighbours).QuickCheckThrowOnFailure();

    private static Gen<(float[][] Rows, int Neighbours)> Classes() =>
        from columns in Gen.Choose(1, 19)
        from rows in Gen.Choose(2, 25)
        from neighbours in Gen.Choose(1, 7)
        from values in Gen.ArrayOf(Gen.ArrayOf(Gen.Choose(-1000, 1000).Select(x => x / 8f), columns), rows)
        select (values, neighbours);

    private static bool AllLieBetweenNeighbours((float[][] Rows, int Neighbours) rare)
    {
        var source = new SmoteSource(Matrix(rare.Rows), rare.Neighbours, seed: 3);
        var drawn = new float[60 * source.Width];
        source.Generate(0, 60, drawn);
        return drawn.Chunk(source.Width).All(row => Enumerable.Range(0, rare.Rows.Length).Any(start =>
            NearestByDefinition(rare.Rows, start, rare.Neighbours).Any(end => LiesBetween(row, rare.Rows[start], rare.Rows[end]))));
    }

    /// <summary>All rows that are among the k nearest in some order of equally distant ones.</summary>
    private static IEnumerable<int> NearestByDefinition(float[][] rows, int start, int neighbours)
    {
        var others = Enumerable.Range(0, rows.Length).Where(i => i != start).OrderBy(i => SquaredDistance(rows[i], rows[start])).ToList();
        double last = SquaredDistance(rows[others[Math.Min(neighbours, others.Count) - 1]], rows[start]);
        return others.Where(i => SquaredDistance(rows[i], rows[start]) <= last);
    }

    private static double SquaredDistance(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Pow((double)x - y, 2)).Sum();

    private static bool LiesBetween(float[] row, float[] a, float[] b)
    {
        int longest = Enumerable.Range(0, a.Length).MaxBy(i => Math.Abs(b[i] - a[i]));
        float length = b[longest] - a[longest];
        float along = length == 0 ? 0 : (row[longest] - a[longest]) / length;
        return along is >= 0 and <= 1 && row.Select((x, i) => Math.Abs(x - (a[i] + along * (b[i] - a[i])))).Max() < 1e-3f;
    }

    private static FeatureMatrix Matrix(float[][] rows)
    {
        var matrix = new FeatureMatrix(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++) rows[i].CopyTo(matrix[i]);
        return matrix;
    }

    [Fact]
    public void NeighboursAreTheNearestRowsInOrder()
    {
        var random = new Random(4);
        foreach (int columns in new[] { 1, 3, 8, 33 })
        {
            // more rows than a block holds, and distances that are exact, so that ties are ties
            var rows = Enumerable.Range(0, 1500).Select(_ => Enumerable.Range(0, columns).Select(_ => (float)random.Next(-20, 20)).ToArray()).ToArray();
            int[] nearest = Matrix(rows).NearestNeighbours(6);
            for (int i = 0; i < rows.Length; i += 37)
            {
                Assert.Equal(
                    Enumerable.Range(0, rows.Length).Where(j => j != i).OrderBy(j => SquaredDistance(rows[i], rows[j])).ThenBy(j => j).Take(6),
                    nearest.Skip(6 * i).Take(6));
            }
        }
    }

    [Fact]
    public void PlacesOnALineAreUniform()
    {
        var drawn = Draw(Matrix([[0], [1]]), neighbours: 5, rows: 20_480);
        // every other row starts at the same end; Kolmogorov's bound at the level 1e-6 is 2.69 / √n
        foreach (int turn in new[] { 0, 1 })
        {
            float[] sorted = [.. drawn.Where((_, i) => i % 2 == turn).Order()];
            Assert.True(sorted.Select((x, i) => Math.Abs(x - (i + 0.5) / sorted.Length)).Max() < 2.69 / Math.Sqrt(sorted.Length));
        }
    }

    [Fact]
    public void EveryNeighbourIsDrawnTowards()
    {
        var drawn = Draw(Matrix([[0, 0], [4, 0], [0, 4]]), neighbours: 2, rows: 3000).Chunk(2).ToList();
        int along = drawn.Count(row => row[1] == 0), up = drawn.Count(row => row[0] == 0), across = drawn.Count(row => row[0] > 0 && row[1] > 0);
        // a third each, 1000 ± 26; five deviations
        Assert.All([along, up, across], count => Assert.InRange(count, 870, 1130));
    }

    private static float[] Draw(FeatureMatrix matrix, int neighbours, int rows)
    {
        ISampleSource source = new SmoteSource(matrix, neighbours, seed: 2);
        var view = new SampleDataView(source, [new FloatSampleColumn("Features", new VectorDataViewType(NumberDataViewType.Single, source.Width), 0, source.Width)], rows);
        return [.. view.GetColumn<float[]>("Features").SelectMany(row => row)];
    }

    [Fact]
    public void RowsTakeTurns()
    {
        // pairs of rows far from all others, so that a draw says which pair it started in
        var drawn = Draw(Matrix([.. Enumerable.Range(0, 30).Select(i => new float[] { 1000 * (i / 2) + i % 2 })]), neighbours: 1, rows: 300);
        Assert.All(drawn.CountBy(x => (int)(x / 1000)), pair => Assert.Equal(20, pair.Value));
    }

    [Fact]
    public void TwoEqualRowsGiveTheirLike() =>
        Assert.All(Draw(Matrix([[3, 4], [3, 4]]), neighbours: 5, rows: 10).Chunk(2), row => Assert.Equal([3, 4], row));
}
