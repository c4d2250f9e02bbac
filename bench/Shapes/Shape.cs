namespace MLGenerative.Bench.Shapes;

/// <summary>A distribution of points in the plane with a support that is known, in parts of equal probability.</summary>
internal abstract class Shape
{
    /// <summary>Every shape that there is, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Shape> All = new SortedDictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["checkerboard"] = new Checkerboard(),
        ["gaussians25"] = new GaussianGrid(),
        ["moons"] = new Moons(),
        ["ring"] = new Ring(),
        ["spirals"] = new Spirals(),
    };

    /// <summary>How many parts the support has.</summary>
    public abstract int Parts { get; }

    /// <summary>A point of it.</summary>
    public abstract (double X, double Y) Draw(Random random);

    /// <summary>The part of the support that a point lies on; null for none.</summary>
    public abstract int? PartOf(double x, double y);

    /// <summary>Two numbers from a standard normal distribution.</summary>
    protected static (double, double) Normal(Random random)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())), angle = 2 * Math.PI * random.NextDouble();
        return (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }
}

/// <summary>25 Gaussians of deviation 0.05 on a grid of spacing 2. A point belongs to the nearest within 4 deviations, as in Azadi et al. (2019) and Turner et al. (2019).</summary>
internal sealed class GaussianGrid : Shape
{
    private const int Side = 5;
    private const double Spacing = 2, Deviation = 0.05, FarthestDeviations = 4;

    public override int Parts => Side * Side;

    public override (double X, double Y) Draw(Random random)
    {
        var (x, y) = Normal(random);
        return (Centre(random.Next(Side)) + Deviation * x, Centre(random.Next(Side)) + Deviation * y);
    }

    public override int? PartOf(double x, double y)
    {
        int column = Nearest(x), row = Nearest(y);
        return Math.Sqrt(Math.Pow(x - Centre(column), 2) + Math.Pow(y - Centre(row), 2)) <= FarthestDeviations * Deviation ? row * Side + column : null;
    }

    private static double Centre(int index) => (index - Side / 2) * Spacing;

    private static int Nearest(double value) => (int)Math.Clamp(Math.Round(value / Spacing) + Side / 2, 0, Side - 1);
}

/// <summary>Two interlocked half-circles of radius 1 with normal noise of deviation 0.05. A point belongs to the nearer arc within 4 deviations; each arc is parted in ten.</summary>
internal sealed class Moons : Shape
{
    private const int PartsOfArc = 10;
    private const double Deviation = 0.05, FarthestDeviations = 4;

    public override int Parts => 2 * PartsOfArc;

    public override (double X, double Y) Draw(Random random)
    {
        var (x, y) = Normal(random);
        double angle = Math.PI * random.NextDouble();
        var (ofArcX, ofArcY) = (Math.Cos(angle), Math.Sin(angle));
        var (onX, onY) = random.Next(2) == 0 ? (ofArcX, ofArcY) : OtherArc(ofArcX, ofArcY);
        return (onX + Deviation * x, onY + Deviation * y);
    }

    public override int? PartOf(double x, double y)
    {
        var (first, second) = (OnArc(x, y), OnArc(OtherArc(x, y)));
        var (distance, angle) = first.Distance <= second.Distance ? first : second;
        int part = (int)Math.Clamp(angle / Math.PI * PartsOfArc, 0, PartsOfArc - 1);
        return distance <= FarthestDeviations * Deviation ? (first.Distance <= second.Distance ? part : PartsOfArc + part) : null;
    }

    // takes either arc to the other
    private static (double X, double Y) OtherArc(double x, double y) => (1 - x, 0.5 - y);

    private static (double Distance, double Angle) OnArc((double X, double Y) point) => OnArc(point.X, point.Y);

    // the upper half of the unit circle: below it, its nearest point is an end
    private static (double Distance, double Angle) OnArc(double x, double y)
    {
        if (y >= 0) return (Math.Abs(Math.Sqrt(x * x + y * y) - 1), Math.Atan2(y, x));
        return (Math.Sqrt(Math.Pow(Math.Abs(x) - 1, 2) + y * y), x >= 0 ? 0 : Math.PI);
    }
}

/// <summary>The black squares of a board of 4 × 4, each of side 2, evenly filled.</summary>
internal sealed class Checkerboard : Shape
{
    private const int Side = 4;
    private const double Square = 2;

    public override int Parts => Side * Side / 2;

    public override (double X, double Y) Draw(Random random)
    {
        int part = random.Next(Parts), row = part / (Side / 2), column = 2 * (part % (Side / 2)) + row % 2;
        return (Edge(column) + Square * random.NextDouble(), Edge(row) + Square * random.NextDouble());
    }

    public override int? PartOf(double x, double y)
    {
        int column = (int)Math.Floor(x / Square) + Side / 2, row = (int)Math.Floor(y / Square) + Side / 2;
        bool onBoard = column is >= 0 and < Side && row is >= 0 and < Side;
        return onBoard && (row + column) % 2 == 0 ? row * (Side / 2) + column / 2 : null;
    }

    private static double Edge(int index) => (index - Side / 2) * Square;
}

/// <summary>Eight Gaussians of deviation 0.02 on a circle of radius 2 (Metz et al., 2017). A point belongs to the nearest within 4 deviations.</summary>
internal sealed class Ring : Shape
{
    private const double Radius = 2, Deviation = 0.02, FarthestDeviations = 4;

    public override int Parts => 8;

    public override (double X, double Y) Draw(Random random)
    {
        var (x, y) = Normal(random);
        var (centreX, centreY) = Centre(random.Next(Parts));
        return (centreX + Deviation * x, centreY + Deviation * y);
    }

    public override int? PartOf(double x, double y)
    {
        int part = ((int)Math.Round(Math.Atan2(y, x) / Math.Tau * Parts) + Parts) % Parts;
        var (centreX, centreY) = Centre(part);
        return Math.Sqrt(Math.Pow(x - centreX, 2) + Math.Pow(y - centreY, 2)) <= FarthestDeviations * Deviation ? part : null;
    }

    private (double X, double Y) Centre(int part) => (Radius * Math.Cos(Math.Tau * part / Parts), Radius * Math.Sin(Math.Tau * part / Parts));
}

/// <summary>Two arms of a spiral, a turn and a half each, r = 0.2 + θ/π from 0.2 to 3.2, evenly filled along the angle, with normal noise of deviation 0.05. A point belongs to an arm within 4 deviations of its
/// radius; each arm is parted in ten.</summary>
internal sealed class Spirals : Shape
{
    private const int PartsOfArm = 10;
    private const double Start = 0.2, Turns = 1.5, Deviation = 0.05, FarthestDeviations = 4;

    public override int Parts => 2 * PartsOfArm;

    public override (double X, double Y) Draw(Random random)
    {
        var (x, y) = Normal(random);
        double angle = Math.Tau * Turns * random.NextDouble(), radius = Start + angle / Math.PI;
        if (random.Next(2) == 0) angle += Math.PI;
        return (radius * Math.Cos(angle) + Deviation * x, radius * Math.Sin(angle) + Deviation * y);
    }

    public override int? PartOf(double x, double y)
    {
        var (best, part) = (double.PositiveInfinity, 0);
        for (int arm = 0; arm < 2; arm++)
        {
            // the windings of an arm that pass at this angle, and its two ends
            double angle = Math.Atan2(y, x) - arm * Math.PI;
            for (int winding = 0; winding < 4; winding++)
            {
                double along = Math.Clamp(angle + Math.Tau * winding, 0, Math.Tau * Turns);
                double radius = Start + along / Math.PI, turned = along + arm * Math.PI;
                double distance = Math.Sqrt(Math.Pow(x - radius * Math.Cos(turned), 2) + Math.Pow(y - radius * Math.Sin(turned), 2));
                if (distance < best) (best, part) = (distance, arm * PartsOfArm + (int)Math.Min(along / (Math.Tau * Turns) * PartsOfArm, PartsOfArm - 1));
            }
        }
        return best <= FarthestDeviations * Deviation ? part : null;
    }
}
