using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>What <see cref="RbmLearning"/> does in a step, for binary units without a condition on the CPU, where units that are 0 are left out of the products. The same noise gives the same draws.</summary>
internal sealed class SparseRbmStep(RbmLayer layer, RbmLearningOptions options)
{
    // less is not worth another thread
    private const long WorkPerThread = 1 << 20;

    private readonly ActiveUnits _data = new(), _drawn = new();
    private readonly WeightedRows _both = new();
    private float[] _h = [], _states = [], _v = [];     // (rows of the data, then draws; hidden) chances; (draws, hidden) and (draws, visible) 0 or 1

    /// <summary>Whether it can be done so.</summary>
    public bool Suits(Tensor v, Tensor? condition) =>
        Vector512.IsHardwareAccelerated && v.device_type == TorchSharp.DeviceType.CPU && v.is_contiguous() && condition is null && layer.IsReal is null
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
        ReadOnlySpan<float> visibleBias = Floats(layer.VisibleBias.detach()), hiddenBias = Floats(layer.HiddenBias.detach());
        Span<float> ofRows = _h.AsSpan(0, rows * hidden), ofDraws = _h.AsSpan(rows * hidden, draws * hidden), states = _states.AsSpan(0, draws * hidden);

        _data.Collect(Floats(v), rows, visible);
        HiddenLogits(_data, weight, 0);
        double loss = FreeEnergy(_data, visibleBias, ofRows);
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
            VisibleLogits(weight, draws);
            noise.Draw(_v.AsSpan(0, draws * visible), _v, keepChances: false);
            _drawn.Collect(_v, draws, visible);
            HiddenLogits(_drawn, weight, rows);
            if (step == options.GibbsSteps) loss -= FreeEnergy(_drawn, visibleBias, ofDraws);
            noise.Draw(ofDraws, states, keepChances: step == options.GibbsSteps);
        }
        if (isPersistent) states.CopyTo(Floats(chains));
        return (loss, Write(rows, draws));
    }

    // Σ of share·(v − μ)·(h − λ)ᵀ over rows and draws, μ and λ being what is taken off, and from the same sums what the biases get
    private float[] Write(int rows, int draws)
    {
        int hidden = layer.Hidden, visible = layer.Visible;
        float ofRow = -1f / rows, ofDraw = 1f / draws;
        _both.Collect(visible, (_data, ofRow), (_drawn, ofDraw));
        float[] visibleOffset = options.Centered ? layer.VisibleOffset.ToFloats() : new float[visible], hiddenOffset = options.Centered ? layer.HiddenOffset.ToFloats() : new float[hidden];
        float[] visibleSum = new float[visible], visibleProduct = new float[visible];                     // Σ share·v, Σ share·v·(h·λ)
        float[] hiddenSum = new float[hidden], hiddenProduct = new float[hidden], meanHidden = new float[hidden];   // Σ share·h, Σ share·(v·μ)·h
        var products = new float[rows + draws];                                                          // h·λ
        for (int row = 0; row < rows + draws; row++)
        {
            var h = _h.AsSpan(row * hidden, hidden);
            float share = row < rows ? ofRow : ofDraw, along = row < rows ? _data.Dot(row, visibleOffset) : _drawn.Dot(row - rows, visibleOffset);
            products[row] = Dot(h, hiddenOffset);
            AddScaled(hiddenSum, h, share);
            if (options.Centered) AddScaled(hiddenProduct, h, share * along);
            if (row == rows - 1) AddScaled(meanHidden, hiddenSum, -1);
        }
        for (int unit = 0; unit < visible; unit++)
        {
            ReadOnlySpan<int> of = _both.RowsOf(unit);
            ReadOnlySpan<float> shares = _both.SharesOf(unit);
            for (int i = 0; i < of.Length; i++)
            {
                visibleSum[unit] += shares[i];
                visibleProduct[unit] += shares[i] * products[of[i]];
            }
        }
        if (layer.Weight.grad is { } weightGradient)
            InParts(visible, (long)hidden * Math.Max(visible, _data.Count + _drawn.Count),
                (from, to) => RbmKernels.Gradient(_both, _h, visibleSum, hiddenSum, visibleOffset, hiddenOffset, Floats(weightGradient), from, to));
        // less (gradient of W)·λ, and less that transposed times μ
        float visibleLength = Dot(visibleOffset, visibleOffset), hiddenLength = Dot(hiddenOffset, hiddenOffset), sumAlongHidden = Dot(hiddenSum, hiddenOffset), sumAlongVisible = Dot(visibleSum, visibleOffset);
        if (layer.VisibleBias.grad is { } visibleGradient)
        {
            var to = Floats(visibleGradient);
            for (int i = 0; i < visible; i++) to[i] = visibleSum[i] * (1 + hiddenLength) - visibleProduct[i] + visibleOffset[i] * sumAlongHidden;
        }
        if (layer.HiddenBias.grad is { } hiddenGradient)
        {
            var to = Floats(hiddenGradient);
            for (int i = 0; i < hidden; i++) to[i] = hiddenSum[i] * (1 + visibleLength) - hiddenProduct[i] + hiddenOffset[i] * sumAlongVisible;
            if (options.SparsityTarget is { } target)
                for (int i = 0; i < hidden; i++) to[i] += (float)options.SparsityCost * (meanHidden[i] - (float)target);
        }
        return meanHidden;
    }

    private double FreeEnergy(ActiveUnits v, ReadOnlySpan<float> visibleBias, ReadOnlySpan<float> logits)
    {
        double total = RbmKernels.SoftplusSum(logits);
        for (int row = 0; row < v.Rows; row++) total += v.Dot(row, visibleBias);
        return -total / v.Rows;
    }

    private void HiddenLogits(ActiveUnits v, Tensor weight, int firstRow)
    {
        int hidden = layer.Hidden;
        var bias = layer.HiddenBias.detach();
        InParts(v.Rows, (long)v.Count * hidden, (from, to) => RbmKernels.HiddenLogits(v, Floats(weight), Floats(bias), _h.AsSpan(firstRow * hidden), from, to));
    }

    private void VisibleLogits(Tensor weight, int draws)
    {
        var bias = layer.VisibleBias.detach();
        InParts(layer.Visible, (long)draws * layer.Visible * layer.Hidden, (from, to) => RbmKernels.VisibleLogits(_states, Floats(weight), Floats(bias), _v, draws, from, to));
    }

    private void Reserve(int rows, int draws)
    {
        if (_h.Length < (rows + draws) * layer.Hidden) _h = new float[(rows + draws) * layer.Hidden];
        if (_states.Length < draws * layer.Hidden) _states = new float[draws * layer.Hidden];
        if (_v.Length < draws * layer.Visible) _v = new float[draws * layer.Visible];
    }

    private static void InParts(int count, long work, Action<int, int> action) => ThreadShares.Run(count, work / WorkPerThread, action);

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> first = MemoryMarshal.Cast<float, Vector<float>>(a), second = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (int i = 0; i < first.Length; i++) sums += first[i] * second[i];
        float sum = Vector.Sum(sums);
        for (int i = first.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static void AddScaled(Span<float> to, ReadOnlySpan<float> values, float factor)
    {
        Span<Vector<float>> sums = MemoryMarshal.Cast<float, Vector<float>>(to);
        ReadOnlySpan<Vector<float>> more = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < sums.Length; i++) sums[i] += more[i] * factor;
        for (int i = sums.Length * Vector<float>.Count; i < to.Length; i++) to[i] += values[i] * factor;
    }
}
