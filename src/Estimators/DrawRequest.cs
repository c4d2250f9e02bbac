using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What is asked of rows that a table's model draws: values and rows that are given, constraints, a temperature.</summary>
internal sealed class DrawRequest
{
    private const string Given = "SampleOptions.Given", Constraints = "SampleOptions.Constraints";

    private readonly FittedModel _model;
    private readonly ITableSampler _sampler;
    private readonly DrawTerms _terms;
    private readonly Dictionary<string, SampleColumn> _constants = [];
    private readonly float[]? _givenValues;   // an encoded row, NaN where nothing is given

    private DrawRequest(FittedModel model, ITableSampler sampler, SampleOptions options, IDataView? rows)
    {
        _model = model;
        _sampler = sampler;
        Rows = rows;
        if (rows is not null) GivenColumns = FindGivenColumns(rows.Schema);
        foreach (var (name, value) in options.Given ?? new Dictionary<string, object>())
            _constants[name] = Column(name).ToConstantColumn(value, Given);
        if (_constants.Count > 0) _givenValues = Encode(new SampleDataView(new NoSource(), [.. _constants.Values], 1));
        if (model.Encoding.Label is { Name: var label })
        {
            GivesLabel = rows?.Schema.GetColumnOrNull(label) is not null;
            if (GivesLabel && options.Label is not null) throw new ArgumentException($"The given rows have the label '{label}', and SampleOptions.Label gives it too. Give one of them.");
            if (!GivesLabel && options.Label is null && (rows is not null || options.Given is not null || options.Constraints is not null))
                throw new ArgumentException($"The model is conditioned on the label '{label}', so that it does not know how likely each label is given other columns. Give SampleOptions.Label, or learn the label as one of the columns.");
        }
        var tokens = model.Network.Input.TokenColumns;
        _terms = new DrawTerms
        {
            Restrictions = options.Constraints is { Count: > 0 } constraints ? Restrict(constraints) : null,
            IsPresent = rows is null ? null : IsGiven,
            Temperature = options.Temperature,
            Guidance = options.GuidanceWeight,
        };

        bool IsGiven(int column) => GivenColumns.Any(given => given.Codes.Select((_, code) => given.NameOf(code)).Contains(tokens[column].Name));
    }

    /// <summary>What the options and the rows ask for; null for nothing.</summary>
    /// <param name="rows">Rows to complete, or null.</param>
    /// <exception cref="NotSupportedException">The model can't do that.</exception>
    /// <exception cref="ArgumentException">A column is not there, or a value can't be one of it; the message names it, and what there is.</exception>
    public static DrawRequest? Of(FittedModel model, SampleOptions options, IDataView? rows)
    {
        string? asked = rows is not null ? "rows that are given" : options.Given is not null ? Given : options.Constraints is not null ? Constraints : null;
        if (model.Network is not ITableSampler sampler)
            return asked is null ? null : throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' can't draw by {asked}. Train the columns with TrainTable or TrainMarkovNetwork, which can.");
        if (rows is not null && options.Given is not null) throw new ArgumentException($"{Given} and given rows don't go together. Give the values as columns of the rows.");
        if (asked is not null && !model.Encoding.Columns.OfType<TableColumn>().Any())
            throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' draws by {asked} if it has learnt columns of a table. Name them in InputColumnNames instead of FeatureColumnName.");
        return asked is null && options.Temperature == 1 ? null : new DrawRequest(model, sampler, options, rows);
    }

    /// <summary>The rows to complete, over and over; null if there are none.</summary>
    public IDataView? Rows { get; }

    /// <summary>Columns that the rows have.</summary>
    public IReadOnlyList<TableColumn> GivenColumns { get; } = [];

    /// <summary>Whether the rows give the label that the model is conditioned on.</summary>
    public bool GivesLabel { get; }

    /// <summary>The columns of drawn rows: those with a given value have it.</summary>
    public IEnumerable<SampleColumn> Columns(IEnumerable<SampleColumn> drawn) => drawn.Select(column => _constants.GetValueOrDefault(column.Name) ?? column);

    /// <summary>Reads the rows to complete.</summary>
    public CyclicRows CreateReader() => new(
        Rows!,
        [.. GivenColumns.Select(column => Rows!.Schema[column.Name]), .. GivesLabel ? new[] { Rows!.Schema[_model.Encoding.Label!.Name] } : []],
        row => new GivenEncoder(_model.Encoding, row),
        _model.InputWidth);

    /// <param name="rows">How many rows.</param>
    /// <param name="encoded">(rows, width) the rows to complete, NaN where nothing is given; null if there are none.</param>
    public Tensor Draw(long rows, Tensor? encoded, Tensor? condition, Generator generator)
    {
        int features = _model.Encoding.Features;
        if (_givenValues is not null) encoded = TensorTransfer.ToTensor(_givenValues, 1, _givenValues.Length, _model.Device).expand(rows, -1);
        KnownValues? known = null;
        if (encoded is not null)
        {
            var x = encoded.narrow(1, 0, features);
            var isKnown = x.isnan().logical_not();
            known = new KnownValues(where(isKnown, x, zeros_like(x)), isKnown.to(float32));
        }
        return _sampler.SampleEvenly(rows, known, condition, _terms, generator);
    }

    /// <summary>Moves positions of drawn rows into what may be drawn.</summary>
    /// <param name="rows">Row after row, <paramref name="width"/> floats each.</param>
    public void Place(Span<float> rows, int width)
    {
        if (_terms.Restrictions is not { } restrictions) return;
        foreach (var (restriction, column) in restrictions.Zip(_model.Network.Input.TokenColumns))
            if (restriction is not null && column.Position is { } position)
                for (int start = 0; start < rows.Length; start += width)
                    rows[start + position] = restriction.Place((int)rows[start + column.Token], rows[start + position]);
    }

    private IEnumerable<TableColumn> TableColumns => _model.Encoding.Columns.OfType<TableColumn>();

    private List<TableColumn> FindGivenColumns(DataViewSchema schema)
    {
        var columns = TableColumns.Where(column => schema.GetColumnOrNull(column.Name) is not null).ToList();
        if (columns.Count == 0) throw new ArgumentException($"The given rows have none of the model's columns, which are {Names(TableColumns.Select(column => column.Name))}.");
        foreach (var column in columns) column.Check(schema);
        return columns;
    }

    private TableColumn Column(string name) => TableColumns.FirstOrDefault(column => column.Name == name) ?? throw NoColumn(Given, name, TableColumns.Select(column => column.Name));

    private TokenRestriction?[] Restrict(IReadOnlyDictionary<string, ColumnConstraint> constraints)
    {
        var codes = TableColumns.SelectMany(column => column.Codes.Select((_, code) => (Column: column, Code: code, Name: column.NameOf(code)))).ToList();
        foreach (string name in constraints.Keys)
        {
            var (column, _, _) = codes.FirstOrDefault(code => code.Name == name);
            if (column is null) throw NoColumn(Constraints, name, codes.Select(code => code.Name));
            if (_constants.ContainsKey(column.Name)) throw new ArgumentException($"{Constraints}: column '{column.Name}' has a value in {Given}. Leave one of them out.");
        }
        return [.. codes.Select(code => constraints.TryGetValue(code.Name, out var constraint) ? code.Column.Restrict(code.Code, constraint) : null)];
    }

    private ArgumentException NoColumn(string option, string name, IEnumerable<string> names) => new(
        name == _model.Encoding.Label?.Name
            ? $"{option}: the model is conditioned on '{name}'. Give it as SampleOptions.Label."
            : $"{option}: the model has no column '{name}'; it has {Names(names)}.");

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private float[] Encode(SampleDataView row)
    {
        var encoded = new float[_model.InputWidth];
        using var cursor = row.GetRowCursor(row.Schema);
        cursor.MoveNext();
        new GivenEncoder(_model.Encoding, cursor).Encode(encoded);
        return encoded;
    }

    /// <summary>A row with some of the columns: NaN for what is not there.</summary>
    private sealed class GivenEncoder(RowEncoding encoding, DataViewRow row) : IRowEncoder
    {
        private readonly IRowEncoder?[] _columns = [.. encoding.Columns.Select(column => row.Schema.GetColumnOrNull(column.Name) is null ? null : ((TableColumn)column).CreateEncoder(row, MissingCells.Unknown))];
        private readonly Func<int>? _label = encoding.Label is { } label && row.Schema.GetColumnOrNull(label.Name) is not null ? label.CreateReader(row, learn: false) : null;

        public void Encode(Span<float> destination)
        {
            destination.Fill(float.NaN);
            int start = 0;
            for (int i = 0; i < _columns.Length; start += encoding.Columns[i++].Width) _columns[i]?.Encode(destination.Slice(start, encoding.Columns[i].Width));
            if (_label is not null) destination[start] = _label();
        }
    }

    /// <summary>Of rows of constants, for which nothing is drawn.</summary>
    private sealed class NoSource : ISampleSource
    {
        public int Width => 0;

        public void Generate(long batch, int rows, float[] destination)
        {
        }
    }
}
