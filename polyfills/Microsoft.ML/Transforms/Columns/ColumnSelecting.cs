using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the columns that are named, or drops them.</summary>
public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(IHostEnvironment environment, string[] names, bool keep, bool keepHidden)
        : base(Contracts.CheckValue(environment, nameof(environment)).Register(nameof(ColumnSelectingEstimator)),
            new ColumnSelectingTransformer(names, keep, keepHidden))
    {
    }

    /// <summary>The columns that are left.</summary>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        Transformer.CheckNames(inputSchema.Select(column => column.Name));
        return new(inputSchema.Where(column => Transformer.Keeps(column.Name)));
    }
}

/// <summary>Keeps the columns that are named, or drops them.</summary>
[LoadableClass(LoaderSignature)]
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";

    private static readonly VersionInfo Version = new("SELCOLST", LoaderSignature);

    private readonly string[] _names;
    private readonly bool _keep;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(string[] names, bool keep, bool keepHidden)
    {
        Contracts.Check(names is { Length: > 0 }, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        _names = names;
        _keep = keep;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>The columns that are left, those that are kept in the order of the names.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Select(inputSchema).OutputSchema;

    /// <summary>The view with the columns that are left.</summary>
    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new SelectedView(input, Select(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Select(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_keep);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(false);   // missing columns are not ignored
        ctx.Writer.Write(_names.Length);
        foreach (string name in _names) ctx.SaveNonEmptyString(name);
    }

    internal bool Keeps(string name) => _names.Contains(name) == _keep;

    internal void CheckNames(IEnumerable<string> present)
    {
        string[] missing = [.. _names.Except(present)];
        if (missing.Length > 0) throw Contracts.ExceptSchemaMismatch("inputSchema", "input", string.Join(",", missing));
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        bool keep = ctx.Reader.ReadBoolean(), keepHidden = ctx.Reader.ReadBoolean();
        Contracts.CheckDecode(!ctx.Reader.ReadBoolean(), "Steps that ignore missing columns can't be read.");
        return new([.. Enumerable.Range(0, ctx.Reader.ReadCount()).Select(_ => ctx.LoadNonEmptyString())], keep, keepHidden);
    }

    private SelectedColumns Select(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        CheckNames(inputSchema.Select(column => column.Name));
        var visible = inputSchema.Where(column => !_keep || _keepHidden || !column.IsHidden);   // columns that are not named are not dropped, hidden or not
        var left = _keep
            ? _names.Distinct().SelectMany(name => visible.Where(column => column.Name == name))
            : visible.Where(column => Keeps(column.Name));
        return new(inputSchema, [.. left.Select(column => column.Index)]);
    }
}

/// <summary>Some of the columns of an input schema, in another order.</summary>
internal sealed class SelectedColumns : IRowToRowMapper
{
    private readonly int[] _sources;

    public SelectedColumns(DataViewSchema inputSchema, int[] sources)
    {
        _sources = sources;
        InputSchema = inputSchema;
        var builder = new DataViewSchema.Builder();
        foreach (int source in sources) builder.AddColumn(inputSchema[source].Name, inputSchema[source].Type, inputSchema[source].Annotations);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column Source(DataViewSchema.Column column) => InputSchema[_sources[column.Index]];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) => [.. dependingColumns.Select(Source)];

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new SelectedRow(input, this);

    private sealed class SelectedRow(DataViewRow input, SelectedColumns columns) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => columns.OutputSchema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(columns.Source(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(columns.Source(column));

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A view of some of the columns.</summary>
internal sealed class SelectedView(IDataView input, SelectedColumns columns) : IDataView
{
    public bool CanShuffle => input.CanShuffle;

    public DataViewSchema Schema => columns.OutputSchema;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(input.GetRowCursor(columns.GetDependencies(columnsNeeded), rand), columns);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [.. input.GetRowCursorSet(columns.GetDependencies(columnsNeeded), n, rand).Select(cursor => new Cursor(cursor, columns))];

    private sealed class Cursor(DataViewRowCursor input, SelectedColumns columns) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => columns.OutputSchema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(columns.Source(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(columns.Source(column));

        protected override void Dispose(bool disposing)
        {
            if (disposing) input.Dispose();
            base.Dispose(disposing);
        }
    }
}
