using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>A fixed reordering of the features, z_i = x_p(i): what one layer leaves alone, the next one changes.</summary>
internal sealed class Permutation : Bijection
{
    private readonly Tensor _order;   // (features,): as floats, since that is what a model file holds

    /// <param name="order">p: every feature once.</param>
    public Permutation(IReadOnlyList<int> order, Initializer initializer) : base(nameof(Permutation)) =>
        _order = this.Own("order", initializer.Fixed(order.Select(feature => (float)feature).ToArray()));

    public static Permutation Reverse(int features, Initializer initializer) => new(Enumerable.Range(0, features).Reverse().ToList(), initializer);

    /// <param name="number">Which of many orders: the same number gives the same one.</param>
    public static Permutation Shuffle(int features, int number, Initializer initializer) =>
        new(Enumerable.Range(0, features).OrderBy(feature => RandomSeeds.Of(number, features, feature)).ToList(), initializer);

    private Tensor Order => _order.to(int64);

    public override (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step) => (x.index_select(1, Order), null);

    public override Tensor Inverse(Tensor z, Tensor? condition) => z.index_select(1, Order.argsort());

    public override (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition) => (x.Gather(1, Indices(Order)), null);

    public override OnnxValue Inverse(OnnxValue z, OnnxValue? condition) => z.Gather(1, Indices(Order.argsort()));

    private static long[] Indices(Tensor order) => order.cpu().data<long>().ToArray();
}
