using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Generative;

/// <summary>What <see cref="RbmLearning"/> does in a step, for binary units without a condition on the CPU, whose products add up what belongs to ones. The same noise gives the same draws as elsewhere.</summary>
internal sealed class BinaryRbmStep(RbmLayer layer, RbmLearningOptions options)
{
    // less is not worth another thread
    private const long WorkPerThread = 1 << 20;

    private readonly BinaryRows _bits = new(), _byUnit = new();   // of rows, or of states; of the same rows, a row for each visible unit
    private float[] _v = [], _h = [];                   // (rows of the data, then draws; visible), and (…, hidden) chances
    private float[] _states = [];                       // (draws, hidden) 0 or 1

    /// <summary>Whether it can be done so.</summary>
    public bool Suits(Tensor v, Tensor? condition) =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported && v.device_type == TorchSharp.DeviceType.CPU && v.is_contiguous() && condition is null
        && layer.IsReal is null && options.Gradient != RbmGradient.ParallelTempering;

    /// <summary>Writes the gradient of the negative log-likelihood into the parameters, as far as it can be estimated.</summary>
    /// <param name="v">(batch, visible)</param>
    /// <param name="chains">(chains, hidden) 0 or 1, moved on; not touched by contrastive divergence.</param>
    /// <returns>Mean free energy of the rows less that of the draws, and the mean chances of the hidden units given the rows, (hidden,).</returns>
    public (double Loss, float[] MeanHidden) Learn(Tensor v, Tensor chains, UnitNoise noise)
    {
        using var scope = NewDisposeScope();
        bool isPersistent = options.Gradient == RbmGradient.Persistent;
        int rows = (int)v.shape[0], draws = isPersistent ? (int)chains.shape[0] : rows, hidden = layer.Hidden, visible = layer.Visible;
        Reserve(rows, draws);
        var weight = layer.Weight.detach();
        ReadOnlySpan<float> visibleBias = Floats(layer.VisibleBias.detach());
        Span<float> drawn = _v.AsSpan(rows * visible, draws * visible), ofRows = _h.AsSpan(0, rows * hidden), ofDraws = _h.AsSpan(rows * hidden, draws * hidden), states = _states.AsSpan(0, draws * hidden);

        Floats(v).CopyTo(_v);
        bool isBinary = BinaryRows.CanHold(Floats(v));
        bool together = isBinary && isPersistent;   // rows that no draw begins from pass by the weights with the draws
        float[] meanVisible = Mean(_v, rows, visible), meanDrawn = [];
        double loss = 0;
        if (!isBinary) Floats(layer.HiddenBias.detach().addmm(v, weight)).CopyTo(ofRows);
        else if (!together) HiddenLogits(weight, 0, rows);
        if (isPersistent)
        {
            Floats(chains).CopyTo(states);
        }
        else
        {
            loss = FreeEnergy(meanVisible, visibleBias, ofRows, rows);
            noise.Draw(ofRows, states, keepChances: true);
        }
        for (int step = 1; step <= options.GibbsSteps; step++)
        {
            bool isLast = step == options.GibbsSteps;
            VisibleLogits(weight, rows, draws);
            noise.Draw(drawn, drawn, keepChances: false);
            if (isLast && together) HiddenLogits(weight, 0, rows + draws);
            else HiddenLogits(weight, rows, draws);
            if (isLast) loss -= FreeEnergy(meanDrawn = Mean(drawn, draws, visible), visibleBias, ofDraws, draws);
            noise.Draw(ofDraws, states, keepChances: isLast);
        }
        if (isPersistent)
        {
            loss += FreeEnergy(meanVisible, visibleBias, ofRows, rows);
            ActivationInPlace.Apply(Activation.Sigmoid, ofRows);
            states.CopyTo(Floats(chains));
        }
        var meanHidden = Mean(ofRows, rows, hidden);
        TensorPrimitives.Subtract(meanDrawn, meanVisible, meanDrawn);
        Write(rows, draws, isBinary ? null : v, meanDrawn, meanHidden);
        return (loss, meanHidden);
    }

    // chances: rows that are not all 0 or 1, if they are not.
    // Σ share·(v − μ)·(h − λ)ᵀ over rows and draws, whose shares add up to 0, is Σ v·(share·(h − λ))ᵀ − μ·(Σ share·h)ᵀ
    private void Write(int rows, int draws, Tensor? chances, float[] visibleSum, float[] meanHidden)
    {
        int hidden = layer.Hidden, visible = layer.Visible, count = rows + draws;
        float[] hiddenSum = Mean(_h.AsSpan(rows * hidden), draws, hidden);
        TensorPrimitives.Subtract(hiddenSum, meanHidden, hiddenSum);
        float[] visibleOffset = options.Centered ? layer.VisibleOffset.ToFloats() : new float[visible], hiddenOffset = options.Centered ? layer.HiddenOffset.ToFloats() : new float[hidden];
        float[] lessVisible = Negated(visibleOffset), lessHidden = Negated(hiddenOffset);
        float[] visibleGradient = [.. visibleSum], hiddenGradient = [.. hiddenSum];
        // less (gradient of W)·λ, and less that transposed times μ
        TensorPrimitives.MultiplyAdd(visibleOffset, TensorPrimitives.Dot(hiddenSum, hiddenOffset), visibleGradient, visibleGradient);
        TensorPrimitives.MultiplyAdd(hiddenSum, TensorPrimitives.SumOfSquares<float>(visibleOffset), hiddenGradient, hiddenGradient);
        for (int row = 0; row < count; row++)
        {
            Span<float> v = _v.AsSpan(row * visible, visible), h = _h.AsSpan(row * hidden, hidden);
            TensorPrimitives.AddMultiply(h, lessHidden, row < rows ? -1f / rows : 1f / draws, h);
            if (!options.Centered) continue;
            TensorPrimitives.MultiplyAdd(v, TensorPrimitives.Dot(h, lessHidden), visibleGradient, visibleGradient);
            TensorPrimitives.MultiplyAdd(h, TensorPrimitives.Dot(v, lessVisible), hiddenGradient, hiddenGradient);
        }
        if (options.SparsityTarget is { } target)
            for (int i = 0; i < hidden; i++) hiddenGradient[i] += (float)options.SparsityCost * (meanHidden[i] - (float)target);
        if (layer.VisibleBias.grad is { } visibleBias) visibleGradient.CopyTo(Floats(visibleBias));
        if (layer.HiddenBias.grad is { } hiddenBias) hiddenGradient.CopyTo(Floats(hiddenBias));
        if (layer.Weight.grad is not { } weight) return;
        int first = chances is null ? 0 : rows, bitRows = count - first;
        if (_bits.Rows < bitRows) _bits.Read(_v, bitRows, visible);   // else they have been read last
        _byUnit.Transpose(_bits);
        Multiply(_byUnit, hidden, (from, to) => RbmKernels.Product(_byUnit, _h.AsSpan(first * hidden), false, hiddenSum, lessVisible, Floats(weight), from, to));
        if (chances is not null) weight.addmm_(chances.t(), tensor(_h.AsSpan(0, rows * hidden).ToArray(), rows, hidden));
    }

    private static float[] Negated(float[] values)
    {
        var negated = new float[values.Length];
        TensorPrimitives.Negate(values, negated);
        return negated;
    }

    private static double FreeEnergy(ReadOnlySpan<float> meanVisible, ReadOnlySpan<float> visibleBias, ReadOnlySpan<float> logits, int rows) =>
        -RbmKernels.SoftplusSum(logits) / rows - TensorPrimitives.Dot(meanVisible, visibleBias);

    private void HiddenLogits(Tensor weight, int firstRow, int rows)
    {
        var bias = layer.HiddenBias.detach();
        _bits.Read(_v.AsSpan(firstRow * layer.Visible), rows, layer.Visible);
        Multiply(_bits, layer.Hidden, (from, to) => RbmKernels.Product(_bits, Floats(weight), false, Floats(bias), [], _h.AsSpan(firstRow * layer.Hidden), from, to));
    }

    private void VisibleLogits(Tensor weight, int firstRow, int draws)
    {
        var bias = layer.VisibleBias.detach();
        _bits.Read(_states, draws, layer.Hidden);
        Multiply(_bits, layer.Visible, (from, to) => RbmKernels.Product(_bits, Floats(weight), true, Floats(bias), [], _v.AsSpan(firstRow * layer.Visible), from, to));
    }

    // most units are 0
    private static void Multiply(BinaryRows left, int columns, Action<int, int> ofBlocks) =>
        ThreadShares.Run(RbmKernels.Blocks(columns), (long)columns * left.Rows * left.Units / 4 / WorkPerThread, ofBlocks);

    private void Reserve(int rows, int draws)
    {
        int all = rows + draws;
        if (_v.Length < all * layer.Visible) _v = new float[all * layer.Visible];
        if (_h.Length < all * layer.Hidden) _h = new float[all * layer.Hidden];
        if (_states.Length < draws * layer.Hidden) _states = new float[draws * layer.Hidden];
    }

    // (width,) of (rows, width)
    private static float[] Mean(ReadOnlySpan<float> matrix, int rows, int width)
    {
        var mean = new float[width];
        for (int row = 0; row < rows; row++) TensorPrimitives.Add(mean, matrix.Slice(row * width, width), mean);
        TensorPrimitives.Divide(mean, rows, mean);
        return mean;
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
