using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer that adds columns made from those of the same row.</summary>
public abstract class RowToRowTransformerBase : ITransformer
{
    private protected RowToRowTransformerBase(IHost host) => Host = host;

    bool ITransformer.IsRowToRowMapper => true;

    private protected IHost Host { get; }

    /// <summary>The input columns, followed by those that are added.</summary>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
        => MakeRowMapper(Contracts.CheckValue(inputSchema, nameof(inputSchema))).OutputSchema;

    /// <summary>The view with the added columns.</summary>
    public IDataView Transform(IDataView input)
        => new MappedDataView(Contracts.CheckValue(input, nameof(input)), MakeRowMapper(input.Schema));

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => new MappedDataView(new EmptyDataView(Contracts.CheckValue(inputSchema, nameof(inputSchema))), MakeRowMapper(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    /// <summary>What it does to rows of that schema; throws where the schema doesn't fit.</summary>
    private protected abstract RowMapper MakeRowMapper(DataViewSchema schema);

    private protected abstract void SaveModel(ModelSaveContext ctx);
}

/// <summary>A transformer that makes each of its columns from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host, params (string OutputColumnName, string InputColumnName)[] columns)
        : base(host)
    {
        Contracts.CheckValue(columns, nameof(columns));
        foreach (var (output, input) in columns)
        {
            Contracts.CheckNonEmpty(input, nameof(columns));
            Contracts.CheckNonEmpty(output, nameof(columns));
        }
        var twice = columns.GroupBy(pair => pair.OutputColumnName).FirstOrDefault(group => group.Count() > 1);
        Contracts.CheckParam(twice == null, nameof(columns), $"Name of the result column '{twice?.Key}' specified multiple times");
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : this(host, LoadColumns(ctx))
    {
    }

    internal (string OutputColumnName, string InputColumnName)[] ColumnPairs { get; }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach (var (output, input) in ColumnPairs)
        {
            ctx.SaveNonEmptyString(output);
            ctx.SaveNonEmptyString(input);
        }
    }

    /// <summary>Throws where the column of the input doesn't fit.</summary>
    /// <param name="inputColumn">The column.</param>
    /// <param name="pair">The index in <see cref="ColumnPairs"/>.</param>
    private protected virtual void CheckInputColumn(DataViewSchema.Column inputColumn, int pair)
    {
    }

    private static (string, string)[] LoadColumns(ModelLoadContext ctx)
    {
        int count = ctx.Reader.ReadInt32();
        Contracts.CheckDecode(count >= 0, "the number of columns is negative");
        var pairs = new List<(string, string)>();
        for (int i = 0; i < count; i++)
            pairs.Add((ctx.LoadNonEmptyString(), ctx.LoadNonEmptyString()));
        return [.. pairs];
    }

    /// <summary>The mapper of such a transformer: one output column per pair.</summary>
    private protected abstract class OneToOneMapper : RowMapper
    {
        protected OneToOneMapper(OneToOneTransformerBase parent, DataViewSchema inputSchema)
            : base(inputSchema)
        {
            Inputs = [.. parent.ColumnPairs.Select(pair => inputSchema.GetColumnOrNull(pair.InputColumnName)
                ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.InputColumnName))];
            for (int i = 0; i < Inputs.Length; i++)
                parent.CheckInputColumn(Inputs[i], i);
        }

        /// <summary>The input column of each pair.</summary>
        protected DataViewSchema.Column[] Inputs { get; }

        public sealed override IEnumerable<int> InputsOf(int outputColumn) => [Inputs[outputColumn].Index];
    }
}
