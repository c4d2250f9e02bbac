using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>The best weights so far, and the moving average of the weights, if one is wanted.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    // a long average does not need every step, each of which would cost a pass over all weights: a few of its span will do, and of so many steps one costs little
    private const int FewestStepsOfSpan = 32, FarthestApart = 16;

    private readonly Tensor[] _current;    // the players' buffers, then the network's own buffers
    private readonly Tensor[] _best;
    private readonly Tensor[]? _average;
    private readonly Tensor? _towardsCurrent;
    private readonly long _every;          // steps between two that the average takes in

    public WeightSnapshot(GenerativeNetwork network, IReadOnlyList<ParameterBuffer> weights, double averaging)
    {
        _current = [.. weights.Select(w => w.Values), .. network.named_buffers().Select(b => b.Item2)];
        _best = Copies(_current);
        if (averaging == 0) return;
        _average = Copies(weights.Select(w => w.Values));
        _every = (long)Math.Clamp(1 / (1 - averaging) / FewestStepsOfSpan, 1, FarthestApart);
        _towardsCurrent = tensor((float)(1 - Math.Pow(averaging, _every)), device: _average[0].device).DetachFromDisposeScope();
    }

    public bool HasBest { get; set; }

    /// <summary>All that a checkpoint has to hold.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        Named("current", _current).Concat(Named("best", _best)).Concat(Named("average", _average ?? []));

    /// <summary>Lets the average start from the current weights.</summary>
    public void StartAverage()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (int i = 0; i < (_average?.Length ?? 0); i++) _average![i].copy_(_current[i]);
    }

    /// <summary>Lets the average follow the current weights, at the steps at which it does.</summary>
    /// <param name="step">Steps done, with this one.</param>
    public void Average(long step)
    {
        if (_average is null || step % _every != 0) return;
        using var noGradient = no_grad();
        for (int i = 0; i < _average.Length; i++) _average[i].lerp_(_current[i], _towardsCurrent!);
    }

    /// <summary>Puts the average in the place of the current weights until disposed; nothing without an average.</summary>
    public IDisposable? UseAverage()
    {
        if (_average is null) return null;
        Swap();
        return new Undo(Swap);
    }

    /// <summary>Keeps the current weights (their average, if there is one) as the best.</summary>
    public void Keep()
    {
        using var scope = NewDisposeScope();   // what writes into a tensor returns one more
        using var noGradient = no_grad();
        using var averaged = UseAverage();
        for (int i = 0; i < _best.Length; i++) _best[i].copy_(_current[i]);
        HasBest = true;
    }

    public void RestoreBest()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (int i = 0; i < _best.Length; i++) _current[i].copy_(_best[i]);
    }

    private void Swap()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (int i = 0; i < _average!.Length; i++)
        {
            var held = _current[i].clone();
            _current[i].copy_(_average[i]);
            _average[i].copy_(held);
        }
    }

    private static Tensor[] Copies(IEnumerable<Tensor> tensors)
    {
        using var noGradient = no_grad();
        return tensors.Select(t => t.clone().DetachFromDisposeScope()).ToArray();
    }

    private static IEnumerable<(string, Tensor)> Named(string name, Tensor[] tensors) => tensors.Select((t, i) => ($"{name}.{i}", t));

    public void Dispose()
    {
        foreach (var tensor in _best.Concat(_average ?? [])) tensor.Dispose();
        _towardsCurrent?.Dispose();
    }

    private sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
