using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>A column of features in a model file.</summary>
/// <param name="Kind">What it is: <c>vector</c> for a vector of Single of fixed size that is numbers, <c>table</c> for a column of a table.</param>
/// <param name="Name">Name of the column.</param>
/// <param name="Width">How many floats it makes.</param>
/// <param name="SlotNames">Names of the slots, if they have any.</param>
internal sealed record ColumnDocument(string Kind, string Name, int Width, IReadOnlyList<string>? SlotNames)
{
    private const string Vector = "vector", Table = "table";

    /// <summary>The tokens of a column of a table.</summary>
    public TableColumnDocument? Tokens { get; init; }

    public static ColumnDocument Of(FeatureColumn column) => column switch
    {
        VectorColumn vector => new ColumnDocument(Vector, vector.Name, vector.Width, vector.SlotNames),
        TableColumn table => new ColumnDocument(Table, table.Name, table.Width, table is SlotsColumn slots ? Encoding.SlotNames.Of(slots.Annotations) : null) { Tokens = TableColumnDocument.Of(table) },
        _ => throw new NotSupportedException($"Column '{column.Name}' is of a kind that a model file cannot hold."),
    };

    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public FeatureColumn ToColumn()
    {
        if (Name.Length == 0) throw new InvalidDataException("a column has no name");
        if (Kind is not (Vector or Table)) throw new InvalidDataException($"column '{Name}' is of kind '{Kind}'; there are '{Vector}' and '{Table}'");
        if (Tokens is null != (Kind == Vector)) throw new InvalidDataException($"column '{Name}' of kind '{Kind}' has {(Tokens is null ? "no " : "")}tokens");
        if (Tokens is not null)
        {
            var column = Tokens.ToColumn(Name, SlotNames);
            return column.Width == Width ? column : throw new InvalidDataException($"column '{Name}' has a width of {Width}; its tokens need {column.Width}");
        }
        if (Width < 1) throw new InvalidDataException($"column '{Name}' has {Width} slots");
        if (SlotNames is not null && (SlotNames.Count != Width || SlotNames.Any(name => name is null)))
            throw new InvalidDataException($"column '{Name}' has {SlotNames.Count(name => name is not null)} names for {Width} slots");
        return new VectorColumn(Name, Width, SlotNames);
    }
}

/// <summary>The column of the context in a model file.</summary>
/// <param name="Column">The column.</param>
/// <param name="Mean">Mean of every slot.</param>
/// <param name="Scale">Standard deviation of every slot.</param>
internal sealed record ContextDocument(ColumnDocument Column, float[] Mean, float[] Scale)
{
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public ContextColumn ToColumn()
    {
        if (Column.ToColumn() is not VectorColumn column) throw new InvalidDataException($"context column '{Column.Name}' is no vector of numbers");
        if (Mean.Length != column.Width || Scale.Length != column.Width)
            throw new InvalidDataException($"context column '{column.Name}' has {column.Width} slots, of which there are {Mean.Length} means and {Scale.Length} scales");
        if (!Mean.All(float.IsFinite) || !Scale.All(scale => float.IsFinite(scale) && scale > 0))
            throw new InvalidDataException($"a mean of context column '{column.Name}' is not finite, or a scale not above 0");
        return new ContextColumn(column) { Mean = Mean, Scale = Scale };
    }
}

/// <summary>What a model file says of the rows that its model reads: nothing of any single row.</summary>
/// <param name="Columns">Columns of features, in the order of the encoded row.</param>
/// <param name="Label">Column of the label, for a model that is conditioned on one.</param>
/// <param name="Spans">Layout of the features.</param>
/// <param name="Mean">Mean of every feature.</param>
/// <param name="Scale">Standard deviation of every feature.</param>
/// <param name="Rows">How many rows there were to learn from.</param>
internal sealed record InputDocument(
    IReadOnlyList<ColumnDocument> Columns, LabelDocument? Label, IReadOnlyList<FeatureSpan> Spans, float[] Mean, float[] Scale, long Rows)
{
    /// <summary>Column of the context, for a model that is conditioned on one.</summary>
    public ContextDocument? Context { get; init; }

    public static InputDocument Of(RowEncoding encoding, NetworkInput input) => new(
        encoding.Columns.Select(ColumnDocument.Of).ToList(), encoding.Label is null ? null : LabelDocument.Of(encoding.Label), input.Spans, input.Mean, input.Scale, input.Rows)
    {
        Context = encoding.Context is { } context ? new ContextDocument(ColumnDocument.Of(context.Column), context.Mean, context.Scale) : null,
    };

    /// <exception cref="InvalidDataException">It says what cannot be, or what does not go together; the message names it.</exception>
    public RowEncoding ToEncoding()
    {
        if (Columns.Count == 0 || Columns.Any(column => column is null)) throw new InvalidDataException("it names no column of features");
        var columns = Columns.Select(column => column.ToColumn()).ToList();
        var label = Label?.ToColumn();
        var context = Context?.ToColumn();
        if (columns.Select(column => column.Name).Append(label?.Name).Append(context?.Column.Name).OfType<string>().GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidDataException($"column '{twice.Key}' is there twice");
        long features = columns.Sum(column => (long)column.Width);
        if (features != Mean.Length || features != Scale.Length)
            throw new InvalidDataException($"its columns have {features} features, of which there are {Mean.Length} means and {Scale.Length} scales");
        return new RowEncoding(columns, label, context);
    }

    /// <exception cref="InvalidDataException">It says what cannot be, or what does not go together; the message names it.</exception>
    public NetworkInput ToNetworkInput(RowEncoding encoding)
    {
        int mean = Array.FindIndex(Mean, value => !float.IsFinite(value)), scale = Array.FindIndex(Scale, value => !float.IsFinite(value) || value <= 0);
        if (mean >= 0) throw new InvalidDataException(FormattableString.Invariant($"the mean of {encoding.Describe(mean)} is {Mean[mean]}"));
        if (scale >= 0) throw new InvalidDataException(FormattableString.Invariant($"the scale of {encoding.Describe(scale)} is {Scale[scale]}; it must be above 0"));
        if (Rows < 2) throw new InvalidDataException($"it has learnt from {Rows} rows");
        CheckSpans(encoding);
        return new NetworkInput(Spans, Mean, Scale, encoding.Condition.Size, Rows) { TokenColumns = encoding.TokenColumns(), FeatureNames = encoding.FeatureNames };
    }

    // they follow each other without gaps, and none goes over the end of its column
    private void CheckSpans(RowEncoding encoding)
    {
        long start = 0, end = 0;
        int column = -1;
        foreach (FeatureSpan? span in Spans)
        {
            if (start == end && ++column < Columns.Count) end += Columns[column].Width;
            if (span is null || column >= Columns.Count) throw new InvalidDataException($"its spans go beyond its {Mean.Length} features");
            if (span.Column != Columns[column].Name || span.Start != start || span.Width < 1 || span.Width > end - start)
                throw new InvalidDataException($"a span of column '{span.Column}' starts at {span.Start} and has {span.Width} features; "
                                               + $"one of column '{Columns[column].Name}' from {start} to {end} at most was expected");
            if (encoding.Columns[column] is TableColumn table)
            {
                var expected = table.Spans((int)end - table.Width).First(own => own.Start + own.Width > start);
                if (span != expected) throw new InvalidDataException($"a span of column '{span.Column}' is {Describe(span)}; {Describe(expected)} was expected");
            }
            else if (span.Kind is not (SpanKind.Continuous or SpanKind.Binary or SpanKind.Proportion) || span.Categories != 0)
                throw new InvalidDataException($"a span of column '{span.Column}' is {Describe(span)}, which a vector cannot be");
            start += span.Width;
        }
        if (start != Mean.Length) throw new InvalidDataException($"its spans hold {start} of {Mean.Length} features");
    }

    private static string Describe(FeatureSpan span) => span.Categories == 0 ? $"{span.Kind}" : $"{span.Kind} of {span.Categories} categories";
}
