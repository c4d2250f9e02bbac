using System.Globalization;
using System.Text;

namespace Microsoft.ML.Generative;

/// <summary>An edge of a trained Markov network.</summary>
/// <param name="First">Name of one variable: a column, or a slot of a vector as <c>column.slot</c>.</param>
/// <param name="Second">Name of the other.</param>
/// <param name="Strength">How much the edge matters: the root mean square of its weights, each less the means of its row and column, so that what single variables weigh is no part of
/// it. Nats, 0 or more.</param>
/// <param name="LogOddsRatio">Of two variables with two values each: log of how many times the odds of the one grow if the other has its second value instead of its first, all others
/// being the same. Null for others.</param>
public sealed record MarkovGraphEdge(string First, string Second, double Strength, double? LogOddsRatio);

/// <summary>What a trained Markov network says of which columns belong together. Two variables without an edge do not depend on each other, given all others.</summary>
public sealed class MarkovGraph
{
    internal MarkovGraph(IReadOnlyList<string> variables, IReadOnlyList<MarkovGraphEdge> edges, IReadOnlyList<double> logPartitions, IReadOnlyList<double> standardErrors, bool isExact)
    {
        Variables = variables;
        Edges = edges;
        LogPartitions = logPartitions;
        StandardErrors = standardErrors;
        IsExact = isExact;
    }

    /// <summary>Names of all variables.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>All edges, the strongest first.</summary>
    public IReadOnlyList<MarkovGraphEdge> Edges { get; }

    /// <summary>The log-partition, nats: one, or of a network with a label one for each label.</summary>
    public IReadOnlyList<double> LogPartitions { get; }

    /// <summary>Standard error of each; 0 where it is exact.</summary>
    public IReadOnlyList<double> StandardErrors { get; }

    /// <summary>Whether inference is exact; if not, the log-partition is an estimate by annealed importance sampling, and rows are drawn by Gibbs sampling.</summary>
    public bool IsExact { get; }

    /// <summary>The graph in the language of Graphviz: <c>neato -Tsvg graph.dot</c> draws it.</summary>
    public string ToDot()
    {
        var text = new StringBuilder("graph markov {\n  node [shape=ellipse];\n");
        foreach (string variable in Variables) text.Append(CultureInfo.InvariantCulture, $"  {Quoted(variable)};\n");
        foreach (var edge in Edges)
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(edge.First)} -- {Quoted(edge.Second)} [weight={edge.Strength:0.###}, label=\"{edge.LogOddsRatio ?? edge.Strength:0.##}\", penwidth={Width(edge):0.##}];\n");
        return text.Append("}\n").ToString();

        static string Quoted(string name) => $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>A picture of the graph: wider lines are stronger edges, blue ones go with a log odds ratio above 0, red ones below.</summary>
    /// <param name="size">Width and height, pixels, 100 to 10,000.</param>
    public string ToSvg(int size = 800)
    {
        if (size is < 100 or > 10_000) throw new ArgumentOutOfRangeException(nameof(size), size, "It must be from 100 to 10000.");
        var numbers = Variables.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i);
        var places = SpringLayout.Of(Variables.Count, [.. Edges.Select(edge => (numbers[edge.First], numbers[edge.Second]))]).Select(place => (X: (0.1 + 0.8 * place.X) * size, Y: (0.1 + 0.8 * place.Y) * size)).ToArray();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 {size} {size}\">\n");
        foreach (var edge in Edges.Reverse())
        {
            var (from, to) = (places[numbers[edge.First]], places[numbers[edge.Second]]);
            string colour = edge.LogOddsRatio switch { null => "#888", < 0 => "#c33", _ => "#36c" };
            text.Append(CultureInfo.InvariantCulture, $"<line x1=\"{from.X:0.#}\" y1=\"{from.Y:0.#}\" x2=\"{to.X:0.#}\" y2=\"{to.Y:0.#}\" stroke=\"{colour}\" stroke-width=\"{Width(edge):0.##}\" stroke-opacity=\"0.7\"/>\n");
        }
        foreach (var ((x, y), name) in places.Zip(Variables))
            text.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" fill=\"#333\"/><text x=\"{x + 6:0.#}\" y=\"{y + 4:0.#}\" font-family=\"sans-serif\" font-size=\"11\">{System.Security.SecurityElement.Escape(name)}</text>\n");
        return text.Append("</svg>\n").ToString();
    }

    private double Width(MarkovGraphEdge edge) => 0.5 + 4 * edge.Strength / Math.Max(1e-12, Edges[0].Strength);
}
