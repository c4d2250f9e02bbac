namespace MLGenerative.Bench.Shapes;

/// <summary>How like a shape points are that were drawn by a model of it.</summary>
/// <param name="Covered">Parts of the support that got a quarter of their share of the points or more.</param>
/// <param name="OnSupport">Share of the points that lie on the support.</param>
/// <param name="Imbalance">Total variation between the parts' shares of the points on the support and equal shares, 0 to 1.</param>
internal sealed record ShapeFigures(int Covered, double OnSupport, double Imbalance)
{
    private const double LeastOfShare = 0.25;

    public static ShapeFigures Of(Shape shape, IReadOnlyList<(double X, double Y)> points)
    {
        var counts = new int[shape.Parts];
        foreach (var (x, y) in points)
            if (shape.PartOf(x, y) is { } part) counts[part]++;
        double share = 1.0 / shape.Parts, on = counts.Sum();
        return new ShapeFigures(
            counts.Count(count => count >= LeastOfShare * share * points.Count), on / points.Count,
            on == 0 ? 1 : counts.Sum(count => Math.Abs(count / on - share)) / 2);
    }
}
