using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>How a column is to be normalised.</summary>
internal sealed record NormalizerOptions((string Output, string Input) Pair, long MaximumExampleCount, NormalizerMethod Method);

/// <summary>Makes the statistics that one way of normalising needs, for columns of either floating point type.</summary>
internal abstract record NormalizerMethod
{
    public abstract ColumnStatistics<T> Start<T>(int size) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Zero mean and unit variance; with <paramref name="FixZero"/> zero stays zero and the mean square becomes one.</summary>
internal sealed record MeanVarianceMethod(bool FixZero, bool UseCdf, bool UseLog) : NormalizerMethod
{
    public override ColumnStatistics<T> Start<T>(int size) => new MomentStatistics<T>(size, this);
}

/// <summary>From 0 to 1; with <paramref name="FixZero"/> zero stays zero and the largest magnitude becomes one.</summary>
internal sealed record MinMaxMethod(bool FixZero) : NormalizerMethod
{
    public override ColumnStatistics<T> Start<T>(int size) => new RangeStatistics<T>(size, FixZero);
}

/// <summary>The median becomes zero, and the range is divided by a share of itself.</summary>
internal sealed record RobustScalingMethod(bool CenterData, uint QuantileMin, uint QuantileMax) : NormalizerMethod
{
    public override ColumnStatistics<T> Start<T>(int size) => new MedianStatistics<T>(size, this);
}

/// <summary>What is gathered from the rows of a column.</summary>
internal abstract class ColumnStatistics<T>(int size) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected int Size { get; } = size;

    public abstract void Add(ReadOnlySpan<T> values);

    public abstract ColumnNormalizer<T> ToNormalizer();
}

/// <summary>Mean and variance of each slot by Welford's recurrence; what is not finite does not count.</summary>
internal sealed class MomentStatistics<T>(int size, MeanVarianceMethod method) : ColumnStatistics<T>(size) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _mean = new double[size];
    private readonly double[] _squares = new double[size];
    private readonly long[] _count = new long[size];

    public override void Add(ReadOnlySpan<T> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double value = double.CreateTruncating(method.UseLog ? T.Log(values[i]) : values[i]);
            if (!double.IsFinite(value)) continue;
            double delta = value - _mean[i];
            _mean[i] += delta / ++_count[i];
            _squares[i] += delta * (value - _mean[i]);
        }
    }

    public override ColumnNormalizer<T> ToNormalizer()
    {
        T[] first = new T[Size], second = new T[Size];
        for (int i = 0; i < Size; i++)
        {
            if (_squares[i] == 0) continue;   // constant: all zeros
            double variance = _squares[i] / _count[i];
            if (method.UseCdf) (first[i], second[i]) = (T.CreateTruncating(_mean[i]), T.CreateTruncating(Math.Sqrt(variance)));
            else if (method.FixZero && !method.UseLog) first[i] = T.One / T.CreateTruncating(Math.Sqrt(variance + _mean[i] * _mean[i]));
            else
            {
                first[i] = T.One / T.CreateTruncating(Math.Sqrt(variance));
                second[i] = first[i] == T.Zero ? T.Zero : T.CreateTruncating(_mean[i]);
            }
        }
        return method.UseCdf
            ? new CdfNormalizer<T>(first, second, method.UseLog)
            : new AffineNormalizer<T>(first, Array.TrueForAll(second, T.IsZero) ? null : second);
    }
}

/// <summary>Smallest and largest value of each slot; NaN does not count.</summary>
internal class RangeStatistics<T> : ColumnStatistics<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _fixZero;

    public RangeStatistics(int size, bool fixZero) : base(size)
    {
        _fixZero = fixZero;
        Minimum = new T[size];
        Maximum = new T[size];
        Array.Fill(Minimum, T.PositiveInfinity);
        Array.Fill(Maximum, T.NegativeInfinity);
    }

    protected T[] Minimum { get; }

    protected T[] Maximum { get; }

    public override void Add(ReadOnlySpan<T> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] < Minimum[i]) Minimum[i] = values[i];
            if (values[i] > Maximum[i]) Maximum[i] = values[i];
        }
    }

    public override ColumnNormalizer<T> ToNormalizer()
    {
        T[] scale = new T[Size], offset = new T[Size];
        for (int i = 0; i < Size; i++)
        {
            if (!(Maximum[i] > Minimum[i])) continue;   // constant, or no values: all zeros
            scale[i] = T.One / (_fixZero ? T.Max(T.Abs(Maximum[i]), T.Abs(Minimum[i])) : Maximum[i] - Minimum[i]);
            offset[i] = _fixZero || scale[i] == T.Zero ? T.Zero : Minimum[i];
        }
        return new AffineNormalizer<T>(scale, Array.TrueForAll(offset, T.IsZero) ? null : offset);
    }
}

/// <summary>Range and median of each slot.</summary>
internal sealed class MedianStatistics<T>(int size, RobustScalingMethod method) : RangeStatistics<T>(size, false) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<T>[] _values = [.. Enumerable.Range(0, size).Select(_ => new List<T>())];

    public override void Add(ReadOnlySpan<T> values)
    {
        base.Add(values);
        for (int i = 0; i < values.Length; i++) _values[i].Add(values[i]);
    }

    public override ColumnNormalizer<T> ToNormalizer()
    {
        T share = T.CreateTruncating((method.QuantileMax - method.QuantileMin) / 100f);
        T[] scale = [.. Minimum.Zip(Maximum, (low, high) => T.One / ((high - low) * share))];
        return new AffineNormalizer<T>(scale, method.CenterData ? [.. _values.Select(Median)] : null);
    }

    private static T Median(List<T> values)
    {
        if (values.Count == 0) return T.Zero;
        values.Sort();
        T upper = values[values.Count / 2];
        return values.Count % 2 == 1 ? upper : (values[values.Count / 2 - 1] + upper) / T.CreateTruncating(2);
    }
}

/// <summary>Reads the rows of one column while a cursor goes over them.</summary>
internal abstract class NormalizerFitting
{
    public abstract void Read(DataViewRow row, DataViewSchema.Column column);

    public abstract void AddRow();

    public abstract ColumnNormalizer Finish();

    public static NormalizerFitting Start(NormalizerOptions options, DataViewType type)
    {
        int size = type.ValueCount();
        if (type is VectorDataViewType { IsKnownSize: false } || !(type.ItemType().Equals(NumberDataViewType.Single) || type.ItemType().Equals(NumberDataViewType.Double)))
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", options.Pair.Input, "scalar or known-size vector of Single or Double", type.ToString());
        return type.ItemType().Equals(NumberDataViewType.Single)
            ? new Typed<float>(options.MaximumExampleCount, options.Method.Start<float>(size))
            : new Typed<double>(options.MaximumExampleCount, options.Method.Start<double>(size));
    }

    private sealed class Typed<T>(long remaining, ColumnStatistics<T> statistics) : NormalizerFitting where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private Action _add;

        public override void Read(DataViewRow row, DataViewSchema.Column column)
        {
            if (column.Type is VectorDataViewType vector)
            {
                var getter = row.GetGetter<VBuffer<T>>(column);
                var buffer = default(VBuffer<T>);
                var dense = new T[vector.Size];
                _add = () =>
                {
                    getter(ref buffer);
                    if (buffer.Length != dense.Length) throw Contracts.Except($"Normalizer expected {dense.Length} slots but got {buffer.Length}");
                    buffer.CopyTo(dense);
                    statistics.Add(dense);
                };
                return;
            }
            var scalar = row.GetGetter<T>(column);
            T value = default;
            _add = () =>
            {
                scalar(ref value);
                statistics.Add([value]);
            };
        }

        public override void AddRow()
        {
            if (remaining-- > 0) _add();
        }

        public override ColumnNormalizer Finish() => statistics.ToNormalizer();
    }
}
