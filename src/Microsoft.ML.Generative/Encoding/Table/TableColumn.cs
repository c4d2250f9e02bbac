using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Persistence.Onnx;
using Microsoft.ML.Generative.Scoring;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>What becomes of a missing value in the encoded row.</summary>
internal enum MissingCells
{
    /// <summary>The token of missing values; an error where there is none.</summary>
    Token,

    /// <summary>NaN: it is to be filled in.</summary>
    Unknown,
}

/// <summary>A column of a table: single values, or the slots of a vector, as tokens and positions.</summary>
/// <param name="Annotations">Annotations of the column, such as the values behind its keys or the names of its slots.</param>
internal abstract record TableColumn(string Name, int Width, DataViewSchema.Annotations? Annotations) : FeatureColumn(Name, Width)
{
    /// <summary>The tokens of the column, or of every slot of it.</summary>
    public abstract IReadOnlyList<TokenCode> Codes { get; }

    /// <summary>Name of one of them: of the column, or of the slot.</summary>
    public abstract string NameOf(int code);

    /// <summary>A token of one of them in words.</summary>
    public abstract string NameOfToken(int code, int token);

    /// <summary>Makes the reader of a row or cursor on which the column is active.</summary>
    /// <param name="missing">What becomes of missing values.</param>
    public abstract IRowEncoder CreateEncoder(DataViewRow row, MissingCells missing);

    public override IRowEncoder CreateEncoder(DataViewRow row) => CreateEncoder(row, MissingCells.Token);

    /// <summary>Makes the getter of the column with what is missing of it filled in. Identifiers are not learnt, and so stay missing.</summary>
    /// <param name="row">The row, on which the column is active.</param>
    /// <param name="filled">Gives the column's floats without a missing one.</param>
    public abstract Delegate CreateFillingGetter(DataViewRow row, FloatReader filled);

    /// <summary>Makes the getter of the column with what is missing of given rows as it is in drawn ones.</summary>
    /// <param name="given">A row with the column, active; any value may be missing.</param>
    /// <param name="drawn">A drawn row with the column, active.</param>
    public abstract Delegate CreateCompletingGetter(DataViewRow given, DataViewRow drawn);

    /// <summary>The column with the same value in every row.</summary>
    /// <param name="value">The value, as a user gives it.</param>
    /// <param name="option">The option that it is given by, for messages.</param>
    /// <exception cref="ArgumentException">It can't be a value of the column, or the model draws no such value.</exception>
    public abstract SampleColumn ToConstantColumn(object value, string option);

    /// <summary>What of the column, or of one of its slots, may be drawn.</summary>
    /// <exception cref="ArgumentException">That can't be asked of it; the message says why.</exception>
    public abstract TokenRestriction Restrict(int code, ColumnConstraint constraint);

    /// <summary>Spans of the column's floats, which begin at <paramref name="start"/>.</summary>
    public IEnumerable<FeatureSpan> Spans(int start)
    {
        foreach (var code in Codes)
        {
            yield return new FeatureSpan(Name, start++, 1, SpanKind.Token, code.Categories);
            if (code.HasPosition) yield return new FeatureSpan(Name, start++, 1, SpanKind.Position);
        }
    }

    /// <summary>What a network is told of the tokens whose floats begin at <paramref name="start"/>.</summary>
    public IEnumerable<TokenColumn> TokenColumns(int start)
    {
        for (int i = 0; i < Codes.Count; i++)
        {
            yield return Codes[i].Describe(NameOf(i), start);
            start += Codes[i].Width;
        }
    }

    public override int OnnxWidth => Codes.Count;

    public override OnnxValue Decode(OnnxValue encoded) => Codes.Any(code => code.IsMadeUp)
        ? throw new NotSupportedException($"Column '{Name}' holds identifiers, and an ONNX graph can't number the rows that it draws. Leave the column out, or use Sample.")
        : DecodeColumn(encoded);

    protected abstract OnnxValue DecodeColumn(OnnxValue encoded);

    /// <summary>Learns columns in one pass over the rows.</summary>
    /// <param name="log">Is told of columns that are not learnt.</param>
    /// <exception cref="ArgumentException">A column is missing, or can't be learnt; the message says which and why.</exception>
    public static IReadOnlyList<TableColumn> Learn(IDataView rows, IReadOnlyList<string> names, TableEncodingOptions options, ITrainingLog? log = null, CancellationToken cancellation = default)
    {
        foreach (string name in names) TableColumnType.Require(rows.Schema, name);
        var columns = names.Select(name => rows.Schema[name]).ToList();
        int codes = columns.Sum(column => (column.Type as VectorDataViewType)?.Size ?? 1);
        int mostValues = Math.Min(options.MostCounted, Math.Max(10_000, 30 * options.MostCounted / codes));
        List<TableColumn> learnt;
        using (var cursor = rows.GetRowCursor(columns))
        {
            var learners = columns.Select(column => ScalarType.Of(column.Type)?.CreateLearner(cursor, column, mostValues) ?? new SlotsLearner(cursor, column, mostValues)).ToList();
            while (cursor.MoveNext())
            {
                if ((cursor.Position & 1023) == 0) cancellation.ThrowIfCancellationRequested();
                foreach (var learner in learners) learner.Add();
            }
            learnt = [.. learners.Select(learner => learner.Learn(options))];
        }
        foreach (var column in learnt.Where(column => column.Codes.Any(code => code.IsMadeUp)))
            log?.Warning($"Column '{column.Name}' is one of identifiers (its values are nearly all different): it is not learnt, and drawn rows are numbered instead.");
        return learnt;
    }

    protected static ArgumentException OnlyMissing(string what, object? value, long row) =>
        new(FormattableString.Invariant($"Row {row} has {value} in {what}, which had no value in any row that the model learnt from. Leave it out of the columns."));

    protected static ArgumentException NotFinite(string what, object value, long row) =>
        new(FormattableString.Invariant($"Row {row} has {value} in {what}; numbers must be finite, or missing (NaN). Filter the row out."));

    protected static ArgumentException MissingValue(string what, long row) =>
        new($"Row {row} has no value in {what}, and no row that the model learnt from was without one. Use ReplaceMissingValues, or filter the row out.");
}
