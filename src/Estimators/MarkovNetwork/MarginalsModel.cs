using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fitted Markov network as a model that adds to each row how likely each value of each variable is given what is known of the row.</summary>
internal sealed class MarginalsModel : IncompleteRowsModel
{
    private readonly PairwiseNetwork _network;

    public MarginalsModel(FittedModel model, PairwiseNetwork network) : base(model)
    {
        _network = network;
        var variables = model.Encoding.Columns.OfType<TableColumn>()
            .SelectMany(column => column.Codes.Select((code, i) => (Name: column.NameOf(i), Tokens: Enumerable.Range(0, code.Categories).Select(token => column.NameOfToken(i, token)).ToList())))
            .ToList();
        if (variables.Count == 0) variables = [.. network.Layout.Names.Select(name => (name, new List<string> { "0", "1" }))];
        Outputs = [.. variables.Select(variable =>
            new OutputColumn($"{variable.Name}.Probabilities", new VectorDataViewType(NumberDataViewType.Single, variable.Tokens.Count), variable.Tokens.Count, SlotNames.ToAnnotations(variable.Tokens)))];
    }

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    protected override Tensor Compute(Tensor x, Tensor known, Tensor? condition, ReadOnlySpan<float> encoded) => _network.Marginals(x, known.to(float32), condition);
}
