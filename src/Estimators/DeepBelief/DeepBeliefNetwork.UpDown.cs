using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>All layers learn together, up and down in turns, the way up by weights of its own: the contrastive wake–sleep algorithm.</summary>
internal sealed partial class DeepBeliefNetwork
{
    public override TrainingStage? Afterwards => _options.FineTuning is not { } tuning ? null : new(
        [
            new Objective("free energy above draws, all layers", UpDown)
            {
                WritesGradients = true,
                Moves = name => name.StartsWith("layer", StringComparison.Ordinal) || name.StartsWith("recognition", StringComparison.Ordinal),
                Begin = _ => Untie(),
                LearningRateScale = tuning.LearningRate,
            },
        ],
        _options.DefaultTraining(Input) is var all ? all with { Steps = tuning.Steps ?? all.Steps / _layers.Length, MostMeasurements = all.MostMeasurements / _layers.Length, AveragedShare = all.AveragedShare * _layers.Length } : all);

    private bool IsUntied => _untied?.item<float>() > 0;

    private void Untie()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        for (int i = 0; i < _recognition.Length; i++) _recognition[i].StartFrom(_layers[i]);
        _untied!.fill_(1);
    }

    // logits of the hidden units of a layer below the top, on the way up
    private Tensor Up(int layer, Tensor v, Tensor? condition) =>
        IsUntied ? _recognition[layer].HiddenLogits(v, condition) : _layers[layer].HiddenLogits(v, _layers[layer].Biases(condition));

    private OnnxValue Up(int layer, OnnxValue v, OnnxValue? condition) => IsUntied ? _recognition[layer].HiddenLogits(v, condition) : _layers[layer].HiddenLogits(v, condition);

    private Tensor UpDown(Batch batch, TrainingStep step)
    {
        using var noGradient = no_grad();
        int top = _layers.Length - 1;
        if (step.Validating) return MeasuredBound(batch, top, step.Generator);
        _partitions.Changed();
        var noise = new UnitNoise(step.Generator);

        // up: what is drawn there is what the layers are to give back on the way down, and what the top is to be like
        var v = batch.X;
        for (int i = 0; i < top; i++)
        {
            var h = noise.Draw(Up(i, v, batch.Condition));
            _layers[i].WriteGradientOfVisible(v, h, batch.Condition);
            v = h;
        }
        var figure = _learnings[top].Learn(v, batch.Condition, noise);

        // down from draws of the top: the way up is to find what they came from
        var (states, condition) = _learnings[top].Draws(v, batch.Condition, noise);
        for (int i = top; i >= 0; i--)
        {
            var below = _layers[i].DrawVisible(_layers[i].VisibleInput(states, _layers[i].Biases(condition)), noise);
            if (i < top) _recognition[i].WriteGradient(below, states, condition);
            states = below;
        }
        return figure;
    }
}
