using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>How a row of a data view becomes a row of floats: the features of each column in turn, then the number of the label, if there is one,
/// then the context, if there is one.</summary>
internal sealed class RowEncoding
{
    public RowEncoding(IReadOnlyList<FeatureColumn> columns, LabelColumn? label, ContextColumn? context = null)
    {
        Columns = columns;
        Label = label;
        Context = context;
        Features = columns.Sum(c => c.Width);
        InputColumns = [.. columns.Select(c => c.Name), .. label is null ? Array.Empty<string>() : [label.Name], .. context is null ? Array.Empty<string>() : [context.Column.Name]];
    }

    /// <summary>The encoding of the columns that the options name, as they are in the rows to learn from. Those are read once if they are a table.</summary>
    /// <param name="log">Is told of columns that are not learnt.</param>
    /// <exception cref="ArgumentException">A column is missing or of a wrong type; the message says which and why.</exception>
    public static RowEncoding Find(IDataView rows, GenerativeOptions options, ITrainingLog? log = null) =>
        new(options.InputColumnNames is { } names
                ? TableColumn.Learn(rows, names, options.TableEncoding, log, options.Training.CancellationToken)
                : [FeaturesOf(rows.Schema, options)],
            options.LabelColumnName is null ? null : LabelColumn.Create(rows.Schema, options.LabelColumnName),
            options.ContextColumnName is null ? null : new ContextColumn(VectorColumn.Find(rows.Schema, options.ContextColumnName)));

    private static VectorColumn FeaturesOf(DataViewSchema schema, GenerativeOptions options)
    {
        var column = VectorColumn.Find(schema, options.FeatureColumnName);
        options.ImageOfFeatures?.Check(column.Name, column.Width);
        return column;
    }

    public IReadOnlyList<FeatureColumn> Columns { get; }

    public LabelColumn? Label { get; }

    public ContextColumn? Context { get; }

    /// <summary>Names of all columns read.</summary>
    public IReadOnlyList<string> InputColumns { get; }

    /// <summary>Floats that are features.</summary>
    public int Features { get; }

    /// <summary>Floats in an encoded row.</summary>
    public int Width => Features + (Label is null ? 0 : 1) + ContextWidth;

    public int ContextWidth => Context?.Column.Width ?? 0;

    /// <summary>What the label and the context become.</summary>
    public ConditionLayout Condition => new(Label?.Count ?? 0, Context?.Mean ?? [], Context?.Scale ?? []);

    public void Check(DataViewSchema schema)
    {
        foreach (var column in Columns) column.Check(schema);
        Label?.Check(schema);
        Context?.Column.Check(schema);
    }

    /// <param name="learnLabels">Whether labels not seen before are learnt rather than refused.</param>
    /// <param name="missing">What becomes of missing values of a table. Other columns have NaN where they are missing.</param>
    public IRowEncoder CreateEncoder(DataViewRow row, bool learnLabels = false, MissingCells missing = MissingCells.Token) => new Encoder(this, row, learnLabels, missing);

    /// <summary>The columns again, made of the floats of a drawn row.</summary>
    public IEnumerable<SampleColumn> SampleColumns()
    {
        int offset = 0;
        foreach (var column in Columns)
        {
            yield return column.ToSampleColumn(offset);
            offset += column.Width;
        }
        if (Label is not null) yield return Label.ToSampleColumn(offset);
        if (Context is not null) yield return Context.Column.ToSampleColumn(Width - ContextWidth);
    }

    /// <summary>Which feature a float of an encoded row is, for messages.</summary>
    public string Describe(int feature)
    {
        int start = 0;
        foreach (var column in Columns)
        {
            if (feature < start + column.Width) return column.Describe(feature - start);
            start += column.Width;
        }
        return Context is not null && feature >= Width - ContextWidth ? Context.Column.Describe(feature - Width + ContextWidth) : $"feature {feature}";
    }

    /// <summary>Describes the rows to a network: neighbouring features of one column and kind make a span; continuous ones are standardised.
    /// Columns of a table make spans of tokens and positions.</summary>
    /// <param name="asProportions">Take features that are not binary as numbers from 0 to 1 rather than as continuous ones.</param>
    /// <param name="image">The image that the features are: all pixels of a channel are of one kind, with one mean and scale; null if they are none.</param>
    /// <exception cref="ArgumentException">One of them is not from 0 to 1.</exception>
    public NetworkInput Describe(FeatureStatistics statistics, bool asProportions, ImageShape? image = null)
    {
        var spans = new List<FeatureSpan>();
        int start = 0;
        foreach (var column in Columns)
        {
            if (column is TableColumn table) spans.AddRange(table.Spans(start));
            else spans.AddRange(Merged(column.Name, start, Kinds(statistics, start, column.Width, asProportions, image is not null)));
            start += column.Width;
        }
        var kinds = spans.SelectMany(span => Enumerable.Repeat(span.Kind, span.Width)).ToArray();
        var means = kinds.Select((kind, i) => kind == SpanKind.Continuous ? statistics.Mean(i) : 0).ToArray();
        var scales = kinds.Select((kind, i) => kind == SpanKind.Continuous ? statistics.Scale(i) : 1).ToArray();
        if (image is not null && kinds[0] == SpanKind.Continuous) (means, scales) = OfChannels(statistics, image);
        return new NetworkInput(spans, means, scales, Condition.Size, statistics.Rows)
        {
            Average = kinds.Select((_, i) => statistics.Mean(i)).ToArray(),
            WholeNumbers = kinds.Select((_, i) => statistics.WholeNumbers(i)).ToArray(),
            TokenColumns = TokenColumns(),
            FeatureNames = FeatureNames,
        };
    }

    /// <summary>Names of the features: <c>column.slot</c>, with the name of the slot, or its number.</summary>
    public IReadOnlyList<string> FeatureNames => [.. Columns.SelectMany(column => Enumerable.Range(0, column.Width).Select(i =>
        $"{column.Name}.{(column is VectorColumn { SlotNames: { } names } && names[i].Length > 0 ? names[i] : i)}"))];

    /// <summary>What a network is told of the columns of a table.</summary>
    public IReadOnlyList<TokenColumn> TokenColumns()
    {
        var tokens = new List<TokenColumn>();
        int start = 0;
        foreach (var column in Columns)
        {
            if (column is TableColumn table) tokens.AddRange(table.TokenColumns(start));
            start += column.Width;
        }
        return tokens;
    }

    private static (float[] Means, float[] Scales) OfChannels(FeatureStatistics statistics, ImageShape image)
    {
        var channels = Enumerable.Range(0, image.Features).GroupBy(image.ChannelOf).OrderBy(channel => channel.Key).Select(pixels =>
        {
            double mean = pixels.Average(i => statistics.Mean(i)), variance = pixels.Average(i => statistics.Variance(i) + Math.Pow(statistics.Mean(i) - mean, 2));
            return ((float)mean, variance > 0 ? (float)Math.Sqrt(variance) : 1);
        }).ToArray();
        return ([.. Enumerable.Range(0, image.Features).Select(i => channels[image.ChannelOf(i)].Item1)], [.. Enumerable.Range(0, image.Features).Select(i => channels[image.ChannelOf(i)].Item2)]);
    }

    private static List<FeatureSpan> Merged(string column, int start, IEnumerable<SpanKind> kinds)
    {
        var spans = new List<FeatureSpan>();
        foreach (var kind in kinds)
        {
            if (spans.Count > 0 && spans[^1].Kind == kind) spans[^1] = spans[^1] with { Width = spans[^1].Width + 1 };
            else spans.Add(new FeatureSpan(column, start, 1, kind));
            start++;
        }
        return spans;
    }

    /// <summary>Checks that rows to go on learning from are of the kinds that a network was made for.</summary>
    /// <exception cref="ArgumentException">They are not; the message names the feature.</exception>
    public void Check(FeatureStatistics statistics, IEnumerable<FeatureSpan> spans)
    {
        foreach (var span in spans)
            for (int feature = span.Start; feature < span.Start + span.Width; feature++)
                if (span.Kind == SpanKind.Binary && !statistics.IsZeroOrOne(feature))
                    throw new ArgumentException($"{Describe(feature)} is not 0 or 1 in every row, as it was in those that the model learnt from first. Train a new model.");
                else if (span.Kind == SpanKind.Proportion && !statistics.IsProportion(feature))
                    throw NoProportion(feature);
    }

    private ArgumentException NoProportion(int feature) =>
        new($"{Describe(feature)} is not from 0 to 1 in every row, as a Bernoulli likelihood needs. Use NormalizeMinMax, or another likelihood.");

    // what is 0, or 1, throughout is binary among binary features
    private IEnumerable<SpanKind> Kinds(FeatureStatistics statistics, int start, int width, bool asProportions, bool ofImage)
    {
        var features = Enumerable.Range(start, width);
        return features.All(statistics.IsZeroOrOne) && features.Any(statistics.IsBinary)
            ? Enumerable.Repeat(SpanKind.Binary, width)
            : features.Select(i => ofImage && !asProportions ? SpanKind.Continuous : Kind(statistics, i, asProportions, ofImage));
    }

    private SpanKind Kind(FeatureStatistics statistics, int feature, bool asProportions, bool ofImage)
    {
        if (!ofImage && statistics.IsBinary(feature)) return SpanKind.Binary;
        if (!asProportions) return SpanKind.Continuous;
        return statistics.IsProportion(feature) ? SpanKind.Proportion : throw NoProportion(feature);
    }

    private sealed class Encoder(RowEncoding encoding, DataViewRow row, bool learnLabels, MissingCells missing) : IRowEncoder
    {
        private readonly IRowEncoder[] _columns = encoding.Columns.Select(c => c is TableColumn table ? table.CreateEncoder(row, missing) : c.CreateEncoder(row)).ToArray();
        private readonly Func<int>? _label = encoding.Label?.CreateReader(row, learnLabels);
        private readonly IRowEncoder? _context = encoding.Context?.Column.CreateEncoder(row);

        public void Encode(Span<float> destination)
        {
            int start = 0;
            for (int i = 0; i < _columns.Length; i++)
            {
                _columns[i].Encode(destination.Slice(start, encoding.Columns[i].Width));
                start += encoding.Columns[i].Width;
            }
            if (_label is not null) destination[start] = _label();
            _context?.Encode(destination[^encoding.ContextWidth..]);
        }
    }
}
