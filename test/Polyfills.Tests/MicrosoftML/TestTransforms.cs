using Microsoft.ML;
using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

/// <summary>Adds the column Sum = Number + a constant, through nothing but public interfaces; counts what is asked of it.</summary>
public sealed class AddConstant(float constant, Action<ModelSaveContext>? save = null, bool isMapper = true) : ITransformer, IDisposable
{
    public int Disposals { get; private set; }

    public int ValuesRead { get; private set; }

    bool ITransformer.IsRowToRowMapper => isMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumn("Sum", NumberDataViewType.Single);
        return builder.ToSchema();
    }

    public IDataView Transform(IDataView input) => new View(input, this);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, this);

    void ICanSaveModel.Save(ModelSaveContext ctx) => save?.Invoke(ctx);

    public void Dispose() => Disposals++;

    private sealed class View(IDataView input, AddConstant owner) : IDataView
    {
        private readonly Mapper _mapper = new(input.Schema, owner);

        public bool CanShuffle => false;

        public DataViewSchema Schema => _mapper.OutputSchema;

        public long? GetRowCount() => input.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            var needed = columnsNeeded.ToArray();
            var cursor = input.GetRowCursor(_mapper.GetDependencies(needed));
            return new Cursor(cursor, _mapper.GetRow(cursor, needed));
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Mapper(DataViewSchema inputSchema, AddConstant owner) : IRowToRowMapper
    {
        public DataViewSchema InputSchema => inputSchema;

        public DataViewSchema OutputSchema { get; } = owner.GetOutputSchema(inputSchema);

        public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        {
            var wanted = dependingColumns.Select(column => column.Index).ToHashSet();
            return inputSchema.Where(column => wanted.Contains(column.Index) || (wanted.Contains(inputSchema.Count) && column.Name == "Number"));
        }

        public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
            => new Row(input, OutputSchema, [.. activeColumns.Select(column => column.Index)], owner, owner.Constant);
    }

    private float Constant => constant;

    private sealed class Row(DataViewRow input, DataViewSchema schema, HashSet<int> active, AddConstant owner, float constant) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index < input.Schema.Count)
                return input.GetGetter<TValue>(input.Schema[column.Index]);
            var number = input.GetGetter<float>(input.Schema["Number"]);
            ValueGetter<float> sum = (ref float value) =>
            {
                owner.ValuesRead++;
                number(ref value);
                value += constant;
            };
            return (ValueGetter<TValue>)(object)sum;
        }
    }

    private sealed class Cursor(DataViewRowCursor input, DataViewRow row) : DataViewRowCursor
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => row.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => row.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing) => input.Dispose();
    }
}

/// <summary>Gives a transformer, and remembers what it was asked.</summary>
public sealed class Probe(ITransformer transformer) : IEstimator<ITransformer>
{
    public List<string> Calls { get; } = [];

    public SchemaShape? Shape { get; private set; }

    public IDataView? Input { get; private set; }

    public ITransformer Fit(IDataView input)
    {
        Calls.Add("Fit");
        Input = input;
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Calls.Add("GetOutputSchema");
        Shape = inputSchema;
        return inputSchema;
    }
}
