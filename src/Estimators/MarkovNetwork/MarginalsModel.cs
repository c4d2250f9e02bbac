using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fitted Markov network as a model that adds to each row how likely each value of each variable is given what is known of the row.</summary>
internal sealed class MarginalsModel : IBatchModel
{
    private readonly FittedModel _model;
    private readonly PairwiseNetwork _network;
    private readonly (int First, int Width)[] _parts;   // of each output, its place among all tokens

    public MarginalsModel(FittedModel model, PairwiseNetwork network)
    {
        _model = model;
        _network = network;
        var layout = network.Layout;
        var names = model.Encoding.Columns.OfType<TableColumn>()
            .SelectMany(column => column.Codes.Select((code, i) => (Name: column.NameOf(i), Tokens: Enumerable.Range(0, code.Categories).Select(token => column.NameOfToken(i, token)).ToList())))
            .ToList();
        if (names.Count == 0) names = [.. layout.Names.Select(name => (name, new List<string> { "0", "1" }))];
        Outputs = [.. names.Select(variable => new OutputColumn($"{variable.Name}.Probabilities", new VectorDataViewType(NumberDataViewType.Single, variable.Tokens.Count), variable.Tokens.Count, SlotNames.ToAnnotations(variable.Tokens)))];
        _parts = [.. layout.Sizes.Select((size, v) => (layout.Offsets[v], size))];
    }

    public IReadOnlyList<string> InputColumns => _model.InputColumns;

    public IReadOnlyList<OutputColumn> Outputs { get; }

    public int InputWidth => _model.InputWidth;

    public void Check(DataViewSchema schema) => _model.Check(schema);

    public IRowEncoder CreateEncoder(DataViewRow row) => _model.Encoding.CreateEncoder(row, missing: MissingCells.Unknown);

    public void Compute(float[] encoded, int rows, float[]?[] results)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var batch = _model.ToBatch(encoded, rows);
        var known = batch.X.isnan().logical_not();                                            // (rows, features)
        var marginals = _network.Marginals(where(known, batch.X, zeros_like(batch.X)), known.to(float32), batch.Condition);
        for (int i = 0; i < _parts.Length; i++)
            if (results[i] is { } values) marginals.narrow(1, _parts[i].First, _parts[i].Width).CopyTo(values);
    }
}
