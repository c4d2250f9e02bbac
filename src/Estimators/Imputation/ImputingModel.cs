using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Scoring;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fitted model as one that fills what is missing of the features.</summary>
internal sealed class ImputingModel : IBatchModel
{
    private readonly FittedModel _model;
    private readonly IImputer _imputer;
    private readonly IMostLikelyImputer? _mostLikely;   // null for draws
    private readonly int _seed;

    /// <exception cref="NotSupportedException">The model can't impute, or not in that way.</exception>
    public ImputingModel(FittedModel model, int seed, ImputationMethod method)
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
        var filled = known.all().item<bool>() ? batch.X : Fill(batch, known, encoded.AsSpan(0, rows * InputWidth));
        int offset = 0;
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (results[i] is { } values) filled.narrow(1, offset, Outputs[i].Width).CopyTo(values);
            offset += Outputs[i].Width;
        }
    }

    // the draws are a function of the seed and of the rows themselves: reading again gives the same
    private Tensor Fill(Batch batch, Tensor known, ReadOnlySpan<float> encoded)
    {
        var x = where(known, batch.X, zeros_like(batch.X));
        if (_mostLikely is not null) return where(known, x, _mostLikely.MostLikely(x, known.to(float32), batch.Condition));
        long stream = _seed;
        foreach (float value in encoded) stream = RandomSeeds.Of(stream, BitConverter.SingleToInt32Bits(value));
        using var generator = new Generator((ulong)stream, _model.Device);
        return where(known, x, _imputer.Impute(x, known.to(float32), batch.Condition, generator));
    }
}
