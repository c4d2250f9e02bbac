using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>Parameters of a network laid out in one buffer, their gradients in another, so that an optimizer step is a handful of calls however many
/// layers there are. The parameters become views of the buffer; matrices come first, since they alone decay.</summary>
internal sealed class ParameterBuffer : IDisposable
{
    private readonly IReadOnlyList<Parameter> _parameters;

    public ParameterBuffer(IEnumerable<Parameter> parameters, Device device)
    {
        _parameters = parameters.OrderBy(p => p.Dimensions >= 2 ? 0 : 1).ToList();
        long count = _parameters.Sum(p => p.numel());
        Values = zeros(count, device: device).DetachFromDisposeScope();
        Gradients = zeros(count, device: device).DetachFromDisposeScope();
        Matrices = Values.narrow(0, 0, _parameters.TakeWhile(p => p.Dimensions >= 2).Sum(p => p.numel())).DetachFromDisposeScope();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        long offset = 0;
        foreach (var parameter in _parameters)
        {
            var view = Values.narrow(0, offset, parameter.numel()).view(parameter.shape);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = Gradients.narrow(0, offset, parameter.numel()).view(parameter.shape);
            offset += parameter.numel();
        }
    }

    /// <summary>(parameters,)</summary>
    public Tensor Values { get; }

    /// <summary>(parameters,); a backward pass adds to it.</summary>
    public Tensor Gradients { get; }

    /// <summary>Those of the values that belong to matrices.</summary>
    public Tensor Matrices { get; }

    /// <summary>Gives the gradients' memory back; the parameters keep the values' alive as long as they need it.</summary>
    public void Dispose()
    {
        foreach (var parameter in _parameters) parameter.grad = null;
        Gradients.Dispose();
        Matrices.Dispose();
        Values.Dispose();
    }
}
