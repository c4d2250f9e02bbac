using static Microsoft.ML.Generative.Persistence.Onnx.OnnxGraphWriter;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Persistence.Onnx;

/// <summary>A tensor that the graph computes. Shapes broadcast as NumPy's do; a negative axis counts from the last.</summary>
internal sealed class OnnxValue
{
    internal OnnxValue(OnnxGraphWriter graph, string name)
    {
        Graph = graph;
        Name = name;
    }

    public OnnxGraphWriter Graph { get; }

    public string Name { get; }

    public static OnnxValue operator +(OnnxValue a, OnnxValue b) => a.Apply("Add", b);
    public static OnnxValue operator +(OnnxValue a, float b) => a + a.Graph.Scalar(b);
    public static OnnxValue operator -(OnnxValue a, OnnxValue b) => a.Apply("Sub", b);
    public static OnnxValue operator -(OnnxValue a, float b) => a - a.Graph.Scalar(b);
    public static OnnxValue operator -(float a, OnnxValue b) => b.Graph.Scalar(a) - b;
    public static OnnxValue operator -(OnnxValue a) => a.Apply("Neg");
    public static OnnxValue operator *(OnnxValue a, OnnxValue b) => a.Apply("Mul", b);
    public static OnnxValue operator *(OnnxValue a, float b) => a * a.Graph.Scalar(b);
    public static OnnxValue operator /(OnnxValue a, OnnxValue b) => a.Apply("Div", b);
    public static OnnxValue operator /(OnnxValue a, float b) => a / a.Graph.Scalar(b);
    public static OnnxValue operator /(float a, OnnxValue b) => b.Graph.Scalar(a) / b;

    /// <summary>x·Wᵀ + b for x of (batch, inputs), W of (outputs, inputs) and b of (outputs,).</summary>
    public OnnxValue Linear(Tensor weight, Tensor? bias = null)
    {
        OnnxValue[] inputs = bias is null ? [this, Graph.Weights(weight)] : [this, Graph.Weights(weight), Graph.Weights(bias)];
        return Graph.Node("Gemm", inputs, Attribute("transB", 1));   // (batch, outputs)
    }

    /// <summary>The product of matrices in the last two axes.</summary>
    public OnnxValue MatMul(OnnxValue other) => Apply("MatMul", other);

    public OnnxValue Activate(Activation activation) => activation switch
    {
        Activation.Relu => Relu(),
        Activation.Silu => Silu(),
        Activation.Tanh => Tanh(),
        Activation.LeakyRelu => LeakyRelu(),
        Activation.Sigmoid => Sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "no such activation"),
    };

    public OnnxValue Relu() => Apply("Relu");
    public OnnxValue LeakyRelu(float slope = 0.01f) => Graph.Node("LeakyRelu", [this], Attribute("alpha", slope));
    public OnnxValue Silu() => this * Sigmoid();
    public OnnxValue Gelu() => this * NormalDistribution();
    /// <summary>Φ, the standard normal distribution function.</summary>
    public OnnxValue NormalDistribution() => ((this / MathF.Sqrt(2)).Apply("Erf") + 1f) * 0.5f;

    public OnnxValue Sigmoid() => Apply("Sigmoid");
    public OnnxValue Tanh() => Apply("Tanh");
    public OnnxValue Softplus() => Apply("Softplus");
    public OnnxValue Softmax(int axis = -1) => Graph.Node("Softmax", [this], Attribute("axis", axis));
    public OnnxValue LogSoftmax(int axis = -1) => Graph.Node("LogSoftmax", [this], Attribute("axis", axis));

    public OnnxValue Abs() => Apply("Abs");
    public OnnxValue Asinh() => Apply("Asinh");
    public OnnxValue Cos() => Apply("Cos");
    public OnnxValue Exp() => Apply("Exp");
    public OnnxValue Floor() => Apply("Floor");
    public OnnxValue Log() => Apply("Log");
    public OnnxValue Pow(float exponent) => Apply("Pow", Graph.Scalar(exponent));

    /// <summary>To whole numbers, halves to even ones.</summary>
    public OnnxValue Round() => Apply("Round");

    public OnnxValue Sin() => Apply("Sin");
    public OnnxValue Sinh() => Apply("Sinh");
    public OnnxValue Sqrt() => Apply("Sqrt");

    /// <summary>What is left of whole numbers after division, with the sign of the other.</summary>
    public OnnxValue Modulo(OnnxValue other) => Apply("Mod", other);

    public OnnxValue Minimum(OnnxValue other) => Apply("Min", other);
    public OnnxValue Maximum(OnnxValue other) => Apply("Max", other);

    /// <summary>No less than <paramref name="minimum"/> and no more than <paramref name="maximum"/>.</summary>
    public OnnxValue Clamp(float minimum, float maximum) => Apply("Clip", Graph.Scalar(minimum), Graph.Scalar(maximum));

    public OnnxValue Sum(int axis, bool keepDimension = false) =>
        Graph.Node("ReduceSum", [this, Graph.Integers(axis)], Attribute("keepdims", keepDimension ? 1 : 0));   // axes have been an input since 13

    /// <summary>Sums up to each place of an axis, itself included.</summary>
    public OnnxValue CumulativeSum(int axis) => Apply("CumSum", Graph.Integers(axis));

    public OnnxValue Mean(int axis, bool keepDimension = false) => Reduce("ReduceMean", axis, keepDimension);
    public OnnxValue Max(int axis, bool keepDimension = false) => Reduce("ReduceMax", axis, keepDimension);
    public OnnxValue LogSumExp(int axis, bool keepDimension = false) => Reduce("ReduceLogSumExp", axis, keepDimension);

    /// <summary>True where this is greater; for <see cref="Select"/>.</summary>
    public OnnxValue Greater(OnnxValue other) => Apply("Greater", other);

    /// <summary>True where this is the same; for <see cref="Select"/>.</summary>
    public OnnxValue Equal(OnnxValue other) => Apply("Equal", other);

    /// <summary>True where this is greater or the same; for <see cref="Select"/>.</summary>
    public OnnxValue GreaterOrEqual(OnnxValue other) => Apply("GreaterOrEqual", other);

    /// <summary>Where this is true, <paramref name="ifTrue"/>, else <paramref name="ifFalse"/>.</summary>
    public OnnxValue Select(OnnxValue ifTrue, OnnxValue ifFalse) => Apply("Where", ifTrue, ifFalse);

    /// <summary>1 where this is true, else 0.</summary>
    public OnnxValue ToFloat() => To(typeof(float));

    /// <summary>Whole numbers, for indices.</summary>
    public OnnxValue ToIntegers() => To(typeof(long));

    /// <summary>Numbers of another type.</summary>
    public OnnxValue To(Type type) => Graph.Node("Cast", [this], Attribute("to", (long)OnnxTypes.Of(type)));

    /// <summary>True where this is NaN; for <see cref="Select"/>.</summary>
    public OnnxValue IsNaN() => Apply("IsNaN");

    /// <summary>As many times a number as this has values, of any type.</summary>
    public OnnxValue Fill(float value) => Graph.Scalar(value).Apply("Expand", Apply("Shape"));

    /// <summary>Where among these texts each one stands, as a whole number; how many they are for one that is not among them.</summary>
    /// <param name="texts">At least one, all different.</param>
    public OnnxValue Find(params IReadOnlyCollection<string> texts) => Find(Attribute("keys_strings", texts), texts.Count);

    /// <summary>The same for whole numbers.</summary>
    public OnnxValue Find(params ReadOnlySpan<long> numbers) => Find(Attribute("keys_int64s", numbers), numbers.Length);

    private OnnxValue Find(Format.AttributeProto keys, int count)
    {
        var places = Attribute("values_int64s", [.. Enumerable.Range(0, count).Select(i => (long)i)]);
        return Graph.LearningNode("LabelEncoder", [this], keys, places, Attribute("default_int64", (long)count));
    }

    /// <summary>1 at the greatest number along the last axis (the first of equals), 0 elsewhere.</summary>
    /// <param name="width">Length of the last axis.</param>
    public OnnxValue OneHotMaximum(int width)
    {
        var index = Graph.Node("ArgMax", [this], Attribute("axis", -1), Attribute("keepdims", 0));
        return Graph.Node("OneHot", [index, Graph.Integers(width), Graph.Constant([0, 1], 2)], Attribute("axis", -1));
    }

    /// <summary><paramref name="length"/> places of an axis, from <paramref name="start"/>.</summary>
    public OnnxValue Narrow(int axis, long start, long length) =>
        Apply("Slice", Graph.Integers(start), Graph.Integers(start + length), Graph.Integers(axis));

    /// <summary>These places of an axis, in this order.</summary>
    public OnnxValue Gather(int axis, params ReadOnlySpan<long> indices) =>
        Graph.Node("Gather", [this, Graph.Integers(indices)], Attribute("axis", axis));

    /// <summary>One place of an axis, which goes.</summary>
    /// <param name="index">A whole number, such as the number of the time in <see cref="OnnxGraphWriter.Loop"/>.</param>
    public OnnxValue Gather(int axis, OnnxValue index) => Graph.Node("Gather", [this, index], Attribute("axis", axis));

    /// <summary>A row of this for every index.</summary>
    public OnnxValue GatherRows(OnnxValue indices) => Graph.Node("Gather", [this, indices], Attribute("axis", 0));

    /// <summary>For every index the number at that place of an axis, elsewhere where the index stands.</summary>
    /// <param name="indices">Of the same rank as this, from <see cref="ToIntegers"/>.</param>
    public OnnxValue GatherElements(int axis, OnnxValue indices) => Graph.Node("GatherElements", [this, indices], Attribute("axis", axis));

    /// <summary>This with one of its features taken from another value.</summary>
    /// <param name="feature">Which one.</param>
    /// <param name="features">How many there are, in the last axis.</param>
    /// <param name="other">Of the same shape, or of one feature.</param>
    public OnnxValue WithFeature(int feature, int features, OnnxValue other)
    {
        var isFeature = Graph.Constant(Enumerable.Range(0, features).Select(i => i == feature ? 1f : 0).ToArray(), features);
        return isFeature.Greater(Graph.Scalar(0.5f)).Select(other, this);
    }

    public OnnxValue Concatenate(int axis, params ReadOnlySpan<OnnxValue> others) => Graph.Node("Concat", [this, .. others], Attribute("axis", axis));

    /// <param name="shape">-1 at most once for what is left over, 0 for a length that stays (the batch axis, first).</param>
    public OnnxValue Reshape(params ReadOnlySpan<long> shape) => Apply("Reshape", Graph.Integers(shape));

    public OnnxValue Transpose(params ReadOnlySpan<long> order) => Graph.Node("Transpose", [this], Attribute("perm", order));

    public OnnxValue Unsqueeze(int axis) => Apply("Unsqueeze", Graph.Integers(axis));

    public OnnxValue Squeeze(int axis) => Apply("Squeeze", Graph.Integers(axis));

    /// <param name="shape">1 for a length that stays.</param>
    public OnnxValue Expand(params ReadOnlySpan<long> shape) => Apply("Expand", Graph.Integers(shape));

    private OnnxValue Reduce(string operation, int axis, bool keepDimension) =>
        Graph.Node(operation, [this], Attribute("axes", [(long)axis]), Attribute("keepdims", keepDimension ? 1 : 0));

    private OnnxValue Apply(string operation, params ReadOnlySpan<OnnxValue> others) => Graph.Node(operation, [this, .. others]);
}
