using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Rows of visible units that go from independent units to a restricted Boltzmann machine, for its log-partition.</summary>
internal sealed class AnnealedRows : IAnnealedPath, IDisposable
{
    private readonly RbmLayer _layer;
    private readonly RbmBiases _biases;
    private readonly AnnealedRbm _annealed;
    private readonly UnitNoise _noise;
    private Tensor[] _state = [];   // logits of the hidden units at the end, (chains, hidden), and energies of the visible ones at the start and at the end, (chains,)

    public AnnealedRows(RbmLayer layer, RbmBiases biases, int chains, UnitNoise noise)
    {
        _layer = layer;
        _biases = biases;
        _annealed = new AnnealedRbm(layer, biases);
        _noise = noise;
        Take(_annealed.DrawStart(chains, noise));
    }

    public double LogPartitionAtStart => _annealed.LogPartitionOfStart;

    public Tensor LogWeight(double at) => _annealed.LogDensity(_state[1], _state[2], _state[0], at);

    public void Step(double at)
    {
        using var scope = NewDisposeScope();
        Take(_annealed.DrawVisible(_noise.Draw(_annealed.HiddenLogits(_state[0], at)), at, _noise));
    }

    private void Take(Tensor v)
    {
        var (atStart, atEnd) = _annealed.Energies(v);
        Tensor[] state = [_layer.HiddenLogits(v, _biases), atStart, atEnd];
        foreach (var tensor in state) tensor.DetachFromDisposeScope();
        Dispose();
        _state = state;
    }

    public void Dispose()
    {
        foreach (var tensor in _state) tensor.Dispose();
        _state = [];
    }
}
