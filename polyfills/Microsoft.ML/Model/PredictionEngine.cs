using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Predicts for one object at a time. Not for several threads.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable
    where TSrc : class
    where TDst : class, new()
{
    private readonly InputRow _input;
    private readonly Action<TDst>[] _setters;
    private readonly bool _ownsTransformer;
    private bool _disposed;

    private protected PredictionEngineBase(ITransformer transformer, PredictionEngineOptions options)
    {
        Transformer = Contracts.CheckValue(transformer, nameof(transformer));
        Contracts.CheckParam(transformer.IsRowToRowMapper, nameof(transformer), "Must be a row to row mapper");
        _ownsTransformer = options.OwnsTransformer;
        _input = new(new(options.InputSchemaDefinition));
        var mapper = transformer.GetRowToRowMapper(_input.Schema);
        var output = new TypedRows<TDst>(mapper.OutputSchema, options.IgnoreMissingColumns, options.OutputSchemaDefinition);
        _setters = output.MakeSetters(mapper.GetRow(_input, mapper.OutputSchema));
        OutputSchema = transformer.GetOutputSchema(_input.Schema);
    }

    /// <summary>The columns of the output.</summary>
    public DataViewSchema OutputSchema { get; }

    private protected ITransformer Transformer { get; }

    /// <summary>Predicts.</summary>
    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>Predicts into an object that is used again.</summary>
    public abstract void Predict(TSrc example, ref TDst prediction);

    /// <summary>Disposes of the transformer, if the engine owns it.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _input.Dispose();
        if (_ownsTransformer)
            (Transformer as IDisposable)?.Dispose();
    }

    private protected void Read(TSrc example) => _input.Set(Contracts.CheckValue(example, nameof(example)));

    private protected void Fill(TDst prediction)
    {
        foreach (var set in _setters)
            set(prediction);
    }

    /// <summary>The object that is predicted for, as a row; each gets a position of its own.</summary>
    private sealed class InputRow : DataViewRow
    {
        private readonly RowHolder<TSrc> _holder = new();
        private readonly Delegate[] _getters;
        private long _position = -1;

        public InputRow(RowClass<TSrc> rows)
        {
            Schema = rows.Schema;
            _getters = rows.MakeGetters(_holder, [.. Schema.Select(_ => true)]);
        }

        public override long Position => _position;

        public override long Batch => 0;

        public override DataViewSchema Schema { get; }

        public void Set(TSrc example)
        {
            _holder.Row = example;
            _position++;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => ActiveColumns.As<TValue>(_getters[column.Index], column);
    }
}

/// <summary>Predicts for one object at a time. Not for several threads.</summary>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst>
    where TSrc : class
    where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, PredictionEngineOptions options)
        : base(transformer, options)
    {
    }

    /// <summary>Predicts into an object that is used again; null makes a new one.</summary>
    public override void Predict(TSrc example, ref TDst prediction)
    {
        Read(example);
        Fill(prediction ??= new());
    }
}

/// <summary>How to make a prediction engine.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Whether members of the output may lack a column.</summary>
    public bool IgnoreMissingColumns = true;

    /// <summary>How members of the input get columns; null for what their attributes say.</summary>
    public SchemaDefinition InputSchemaDefinition;

    /// <summary>How members of the output get columns; null for what their attributes say.</summary>
    public SchemaDefinition OutputSchemaDefinition;

    /// <summary>Whether disposing of the engine disposes of the transformer.</summary>
    public bool OwnsTransformer = true;

    /// <summary>The defaults.</summary>
    public PredictionEngineOptions()
    {
    }
}
