using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fitted model as one that fills what is missing of the features.</summary>
internal sealed class ImputingModel : IncompleteRowsModel
{
    private readonly FittedModel _model;
    private readonly IImputer _imputer;
    private readonly IMostLikelyImputer? _mostLikely;   // null for draws
    private readonly int _seed;

    /// <exception cref="NotSupportedException">The model can't impute, or not in that way.</exception>
    public ImputingModel(FittedModel model, int seed, ImputationMethod method) : base(model)
    {
        if (!Enum.IsDefined(method)) throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such method of imputation.");
        _imputer = model.Network as IImputer ?? throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' can't fill in missing values.");
        if (method == ImputationMethod.MostLikely)
            _mostLikely = _imputer as IMostLikelyImputer ?? throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' fills in missing values by draws only. Take ImputationMethod.Draw, or TrainTable or TrainMarkovNetwork.");
        _model = model;
        _seed = seed;
        int offset = 0;
        var outputs = new List<OutputColumn>();
        foreach (var column in model.Encoding.Columns)
        {
            outputs.Add(new OutputColumn(column.Name, column.Type, column.Width, column.ToSampleColumn(offset).Annotations)
            {
                Decode = column is TableColumn table ? table.CreateFillingGetter : null,
            });
            offset += column.Width;
        }
        Outputs = outputs;
    }

    public override IReadOnlyList<OutputColumn> Outputs { get; }

    // the draws are a function of the seed and of the rows themselves: reading again gives the same
    protected override Tensor Compute(Tensor x, Tensor known, Tensor? condition, ReadOnlySpan<float> encoded)
    {
        if (known.all().item<bool>()) return x;
        if (_mostLikely is not null) return where(known, x, _mostLikely.MostLikely(x, known.to(float32), condition));
        long stream = _seed;
        foreach (float value in encoded) stream = RandomSeeds.Of(stream, BitConverter.SingleToInt32Bits(value));
        using var generator = new Generator((ulong)stream, _model.Device);
        return where(known, x, _imputer.Impute(x, known.to(float32), condition, generator));
    }
}
