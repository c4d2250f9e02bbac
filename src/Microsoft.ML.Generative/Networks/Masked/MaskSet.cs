using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>What the layers of a <see cref="MaskedStack"/> may see under some orders of the variables.</summary>
/// <param name="First">(orders, units of the first layer, inputs)</param>
/// <param name="Output">(orders, parameters, units of the last layer)</param>
/// <param name="Direct">(orders, parameters, inputs), or (orders, parameters, conditions) without direct connections; null where there is neither.</param>
internal sealed record MaskSet(Tensor First, Tensor Output, Tensor? Direct);
