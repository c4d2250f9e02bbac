using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Generative;

/// <summary>What <see cref="RbmLearning"/> does in a step, for binary units without a condition on the CPU, where units that are 0 are left out of the products. The same noise gives the same draws.</summary>
internal sealed class SparseRbmStep(RbmLayer layer, RbmLearningOptions options)
{
    // less is not worth another thread
    private const long WorkPerThread = 1 << 20;

    // rows by which the means of the units are taken off
    private const int MeanRows = 2;

    private readonly ActiveUnits _active = new();
    private float[] _v = [], _h = [];                   // (rows of the data, then draws, then of means; visible), and (…, hidden) chances
    private float[] _states = [], _byUnit = [];         // (draws, hidden) 0 or 1; (visible, all rows)

    /// <summary>Whether it can be done so.</summary>
    public bool Suits(Tensor v, Tensor? condition) =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported && v.device_type == TorchSharp.DeviceType.CPU && v.is_contiguous() && condition is null && layer.IsReal is null
        && options.Gradient != RbmGradient.ParallelTempering && layer.Hidden >= RbmKernels.FewestHidden && layer.Visible >= RbmKernels.FewestVisible;

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
        HiddenLogits(weight, 0, rows);
        float[] meanVisible = Mean(_v, rows, visible), meanDrawn = [];
        double loss = FreeEnergy(meanVisible, visibleBias, ofRows, rows);
        if (isPersistent)
        {
            ActivationInPlace.Apply(Activation.Sigmoid, ofRows);
            Floats(chains).CopyTo(states);
        }
        else
        {
            noise.Draw(ofRows, states, keepChances: true);
        }
        for (int step = 1; step <= options.GibbsSteps; step++)
        {
            VisibleLogits(weight, rows, draws);
            noise.Draw(drawn, drawn, keepChances: false);
            HiddenLogits(weight, rows, draws);
            if (step == options.GibbsSteps)
            {
                meanDrawn = Mean(drawn, draws, visible);
                loss -= FreeEnergy(meanDrawn, visibleBias, ofDraws, draws);
            }
            noise.Draw(ofDraws, states, keepChances: step == options.GibbsSteps);
        }
        if (isPersistent) states.CopyTo(Floats(chains));
        var meanHidden = Mean(ofRows, rows, hidden);
        TensorPrimitives.Subtract(meanDrawn, meanVisible, meanDrawn);
        Write(rows, draws, meanDrawn, meanHidden);
        return (loss, meanHidden);
    }

    // Σ share·(v − μ)·(h − λ)ᵀ over rows and draws, whose shares add up to 0, is Σ share·v·hᵀ − μ·(Σ share·h)ᵀ − (Σ share·v)·λᵀ
    private void Write(int rows, int draws, float[] visibleSum, float[] meanHidden)
    {
        int hidden = layer.Hidden, visible = layer.Visible, count = rows + draws;
        Span<float> ofRows = _h.AsSpan(0, rows * hidden), ofDraws = _h.AsSpan(rows * hidden, draws * hidden);
        float[] hiddenSum = Mean(ofDraws, draws, hidden);
        TensorPrimitives.Subtract(hiddenSum, meanHidden, hiddenSum);
        TensorPrimitives.Multiply(ofRows, -1f / rows, ofRows);
        TensorPrimitives.Multiply(ofDraws, 1f / draws, ofDraws);
        float[] visibleGradient = [.. visibleSum], hiddenGradient = [.. hiddenSum];
        if (options.Centered)
        {
            float[] visibleOffset = layer.VisibleOffset.ToFloats(), hiddenOffset = layer.HiddenOffset.ToFloats();
            Append(_v, count, visibleOffset, visibleSum, -1);
            Append(_h, count, hiddenSum, hiddenOffset, 1);
            count += MeanRows;
            // less (gradient of W)·λ, and less that transposed times μ
            for (int row = 0; row < count; row++)
            {
                Span<float> v = _v.AsSpan(row * visible, visible), h = _h.AsSpan(row * hidden, hidden);
                float alongHidden = TensorPrimitives.Dot(h, hiddenOffset), alongVisible = TensorPrimitives.Dot(v, visibleOffset);
                TensorPrimitives.MultiplyAdd(v, -alongHidden, visibleGradient, visibleGradient);
                TensorPrimitives.MultiplyAdd(h, -alongVisible, hiddenGradient, hiddenGradient);
            }
        }
        if (options.SparsityTarget is { } target)
            for (int i = 0; i < hidden; i++) hiddenGradient[i] += (float)options.SparsityCost * (meanHidden[i] - (float)target);
        if (layer.VisibleBias.grad is { } visibleBias) visibleGradient.CopyTo(Floats(visibleBias));
        if (layer.HiddenBias.grad is { } hiddenBias) hiddenGradient.CopyTo(Floats(hiddenBias));
        if (layer.Weight.grad is not { } weight) return;
        Transposition.Apply(_v, count, visible, _byUnit);
        _active.Collect(_byUnit, visible, count);
        var zeros = new float[hidden];
        InParts(RbmKernels.Blocks(hidden), (long)hidden * Math.Max(visible, _active.Count), (from, to) => RbmKernels.Product(_active, _h, zeros, Floats(weight), from, to));
    }

    private static void Append(float[] matrix, int rows, ReadOnlySpan<float> first, ReadOnlySpan<float> second, float factor)
    {
        TensorPrimitives.Multiply(first, factor, matrix.AsSpan(rows * first.Length));
        TensorPrimitives.Multiply(second, factor, matrix.AsSpan((rows + 1) * second.Length));
    }

    private static double FreeEnergy(ReadOnlySpan<float> meanVisible, ReadOnlySpan<float> visibleBias, ReadOnlySpan<float> logits, int rows) =>
        -RbmKernels.SoftplusSum(logits) / rows - TensorPrimitives.Dot(meanVisible, visibleBias);

    private void HiddenLogits(Tensor weight, int firstRow, int rows)
    {
        int hidden = layer.Hidden, visible = layer.Visible;
        var bias = layer.HiddenBias.detach();
        _active.Collect(_v.AsSpan(firstRow * visible), rows, visible);
        InParts(RbmKernels.Blocks(hidden), (long)_active.Count * hidden, (from, to) => RbmKernels.Product(_active, Floats(weight), Floats(bias), _h.AsSpan(firstRow * hidden), from, to));
    }

    private void VisibleLogits(Tensor weight, int firstRow, int draws)
    {
        int visible = layer.Visible;
        var bias = layer.VisibleBias.detach();
        InParts(visible, (long)draws * visible * layer.Hidden,
            (from, to) => RbmKernels.VisibleLogits(_states, Floats(weight), Floats(bias), _v.AsSpan(firstRow * visible), draws, from, to));
    }

    private void Reserve(int rows, int draws)
    {
        int all = rows + draws + MeanRows;
        if (_v.Length < all * layer.Visible) (_v, _byUnit) = (new float[all * layer.Visible], new float[all * layer.Visible]);
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

    private static void InParts(int count, long work, Action<int, int> action) => ThreadShares.Run(count, work / WorkPerThread, action);

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
