using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes each output column from one input column, by what the transformer says of that pair of columns.</summary>
internal sealed class ColumnwiseMapper : RowMapper
{
    private readonly DataViewSchema.Column[] _inputs;
    private readonly Func<DataViewSchema.Column, int, DataViewSchema.DetachedColumn> _describe;
    private readonly Func<DataViewRow, DataViewSchema.Column, int, Delegate> _makeGetter;

    /// <param name="inputSchema">The schema that is bound to.</param>
    /// <param name="pairs">The output columns and the input columns that they are made from.</param>
    /// <param name="describe">The output column, from the input column and the index of the pair; throws if the input won't do.</param>
    /// <param name="makeGetter">The getter, from a row, the input column in its schema, and the index of the pair.</param>
    public ColumnwiseMapper(DataViewSchema inputSchema, (string Output, string Input)[] pairs,
        Func<DataViewSchema.Column, int, DataViewSchema.DetachedColumn> describe,
        Func<DataViewRow, DataViewSchema.Column, int, Delegate> makeGetter)
        : base(inputSchema)
    {
        _inputs = [.. pairs.Select(pair => inputSchema.GetColumnOrNull(pair.Input)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", pair.Input))];
        _describe = describe;
        _makeGetter = makeGetter;
        _ = OutputColumns;   // faults come to light now, not when the first row is read
    }

    public override IEnumerable<int> InputsOf(int outputColumn) => [_inputs[outputColumn].Index];

    protected override DataViewSchema.DetachedColumn[] MakeOutputColumns() => [.. _inputs.Select(_describe)];

    protected override Delegate MakeGetter(DataViewRow input, int outputColumn) =>
        _makeGetter(input, input.Schema[_inputs[outputColumn].Index], outputColumn);
}

/// <summary>Pairs of an output column and the input column that it is made from.</summary>
internal static class ColumnPairs
{
    public static (string Output, string Input)[] Of(InputOutputColumnPair[] columns) =>
        [.. Contracts.CheckValue(columns, nameof(columns)).Select(pair => (pair.OutputColumnName, pair.InputColumnName ?? pair.OutputColumnName))];

    public static (string Output, string Input)[] Of(string output, string input) =>
        [(Contracts.CheckNonEmpty(output, "outputColumnName"), input ?? output)];
}
