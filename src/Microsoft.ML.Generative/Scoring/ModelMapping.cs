using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Scoring;

/// <summary>A model bound to a schema: what comes out, and which columns it takes to make it.</summary>
/// <remarks>
/// As everywhere in ML.NET an added column hides one of the same name and stands right after it; other added columns come last.
/// </remarks>
internal sealed class ModelMapping
{
    // per column of the output schema: number of an input column, or the complement of the number of an added one
    private readonly int[] _origin;
    private readonly int[] _modelInputs;

    /// <exception cref="ArgumentException">The schema is not one that the model can read.</exception>
    public ModelMapping(IBatchModel model, DataViewSchema inputSchema)
    {
        model.Check(inputSchema);
        Model = model;
        InputSchema = inputSchema;
        _modelInputs = [.. model.InputColumns.Select(name => inputSchema[name].Index)];

        var names = inputSchema.Select(column => column.Name).ToList();
        var origin = Enumerable.Range(0, inputSchema.Count).ToList();
        for (int i = 0; i < model.Outputs.Count; i++)
        {
            int hidden = names.LastIndexOf(model.Outputs[i].Name);
            int at = hidden < 0 ? names.Count : hidden + 1;
            names.Insert(at, model.Outputs[i].Name);
            origin.Insert(at, ~i);
        }
        _origin = [.. origin];

        var builder = new DataViewSchema.Builder();
        foreach (int from in _origin)
        {
            if (from >= 0) builder.AddColumn(inputSchema[from].Name, inputSchema[from].Type, inputSchema[from].Annotations);
            else AddOutput(builder, model.Outputs[~from], inputSchema);
        }
        OutputSchema = builder.ToSchema();
    }

    // a decoded column is that of the input with some other values: it stays what it is, unless the model knows more keys
    private static void AddOutput(DataViewSchema.Builder builder, OutputColumn output, DataViewSchema inputSchema)
    {
        if (output.Decode is not null && inputSchema[output.Name] is var own && !(own.Type is KeyDataViewType ownKey && output.Type is KeyDataViewType key && ownKey.Count < key.Count))
            builder.AddColumn(own.Name, own.Type, own.Annotations);
        else
            builder.AddColumn(output.Name, output.Type, output.Annotations);
    }

    public IBatchModel Model { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    /// <summary>Which column of the input an output column passes on; null for one that the model adds.</summary>
    public DataViewSchema.Column? PassedOn(int outputIndex) => _origin[outputIndex] >= 0 ? InputSchema[_origin[outputIndex]] : null;

    /// <summary>Number among the model's outputs of a column that it adds.</summary>
    public int Added(int outputIndex) => ~_origin[outputIndex];

    /// <summary>Input columns that are passed on, as they are or as a part of a column that the model adds.</summary>
    public IEnumerable<DataViewSchema.Column> PassedOn(ActiveColumns active) =>
        active.Columns.Select(column => PassedOn(column.Index) ?? Decoded(column.Index)).OfType<DataViewSchema.Column>().DistinctBy(column => column.Index);

    private DataViewSchema.Column? Decoded(int outputIndex) => Model.Outputs[Added(outputIndex)] is { Decode: not null, Name: var name } ? InputSchema[name] : null;

    /// <summary>Whether a column that the model adds is wanted.</summary>
    public bool NeedsModel(ActiveColumns active) => active.Columns.Any(column => _origin[column.Index] < 0);

    /// <summary>Input columns that the model reads.</summary>
    public IEnumerable<DataViewSchema.Column> ModelInputs => _modelInputs.Select(index => InputSchema[index]);

    /// <summary>Input columns that it takes to make some output columns.</summary>
    public IEnumerable<DataViewSchema.Column> Dependencies(IEnumerable<DataViewSchema.Column> outputColumns)
    {
        var active = new ActiveColumns(OutputSchema, outputColumns);
        var needed = PassedOn(active).Concat(NeedsModel(active) ? ModelInputs : []).Select(column => column.Index).ToHashSet();
        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    /// <summary>Arrays for the outputs that are wanted, null for the others.</summary>
    public float[]?[] CreateResults(ActiveColumns active, int rows)
    {
        var results = new float[Model.Outputs.Count][];
        foreach (var column in active.Columns)
        {
            if (_origin[column.Index] < 0) results[Added(column.Index)] = new float[rows * Model.Outputs[Added(column.Index)].Width];
        }
        return results;
    }
}
