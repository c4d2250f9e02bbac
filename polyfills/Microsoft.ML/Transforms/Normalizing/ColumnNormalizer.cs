using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>What a normaliser learned about a column; the type of its numbers is known to the derived classes.</summary>
internal abstract class ColumnNormalizer
{
    public abstract Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input);

    public abstract NormalizingTransformer.NormalizerModelParametersBase GetParameters(bool vector);

    public abstract void Save(BinaryWriter writer);

    public static ColumnNormalizer Load(BinaryReader reader)
    {
        bool single = reader.ReadBoolean();
        return single ? Load<float>(reader) : Load<double>(reader);
    }

    private static ColumnNormalizer Load<T>(BinaryReader reader) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte kind = reader.ReadByte();
        T[] first = Read(), second = Read();
        Contracts.CheckDecode(first != null && (second == null || second.Length == first.Length));
        switch (kind)
        {
            case AffineNormalizer<T>.Kind:
                return new AffineNormalizer<T>(first, second);
            case CdfNormalizer<T>.Kind:
                Contracts.CheckDecode(second != null);
                return new CdfNormalizer<T>(first, second, reader.ReadBoolean());
            default:
                throw Contracts.ExceptDecode();
        }

        T[] Read() => reader.ReadBoolean() ? [.. reader.ReadDoubles().Select(T.CreateTruncating)] : null;
    }
}

/// <summary>Maps each slot of a column by itself.</summary>
internal abstract class ColumnNormalizer<T>(int size) : ColumnNormalizer where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether slots that a sparse vector leaves out stay zero.</summary>
    protected abstract bool LeavesZeros { get; }

    protected abstract T Map(T value, int slot);

    protected abstract void MapAll(ReadOnlySpan<T> values, Span<T> result);

    public override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input)
    {
        if (input.Type is VectorDataViewType) return VectorGetter(row.GetGetter<VBuffer<T>>(input), input.Name);
        var getter = row.GetGetter<T>(input);
        return (ValueGetter<T>)((ref T value) =>
        {
            getter(ref value);
            value = Map(value, 0);
        });
    }

    private ValueGetter<VBuffer<T>> VectorGetter(ValueGetter<VBuffer<T>> getter, string name)
    {
        var source = default(VBuffer<T>);
        var dense = new T[size];
        return (ref VBuffer<T> value) =>
        {
            getter(ref source);
            if (source.Length != size) throw Contracts.Except($"Column '{name}': expected {size} slots, but got {source.Length}");
            if (source.IsDense || !LeavesZeros)
            {
                var editor = VBufferEditor.Create(ref value, size);
                if (source.IsDense) MapAll(source.GetValues(), editor.Values);
                else
                {
                    source.CopyTo(dense);
                    MapAll(dense, editor.Values);
                }
                value = editor.Commit();
                return;
            }
            var values = source.GetValues();
            var indices = source.GetIndices();
            var sparse = VBufferEditor.Create(ref value, size, values.Length);
            indices.CopyTo(sparse.Indices);
            for (int i = 0; i < values.Length; i++) sparse.Values[i] = Map(values[i], indices[i]);
            value = sparse.Commit();
        };
    }

    protected static void Save(BinaryWriter writer, byte kind, T[] first, T[] second)
    {
        writer.Write(typeof(T) == typeof(float));
        writer.Write(kind);
        foreach (T[] values in (T[][])[first, second])
        {
            writer.Write(values != null);
            if (values != null) writer.WriteArray([.. values.Select(double.CreateTruncating)]);
        }
    }
}

/// <summary>(x − offset) · scale; no offsets means that all are zero.</summary>
internal sealed class AffineNormalizer<T>(T[] scale, T[] offset) : ColumnNormalizer<T>(scale.Length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal const byte Kind = 0;

    protected override bool LeavesZeros => offset == null;

    protected override T Map(T value, int slot) => (offset == null ? value : value - offset[slot]) * scale[slot];

    protected override void MapAll(ReadOnlySpan<T> values, Span<T> result)
    {
        int i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var part = new Vector<T>(values[i..]);
            if (offset != null) part -= new Vector<T>(offset, i);
            (part * new Vector<T>(scale, i)).CopyTo(result[i..]);
        }
        for (; i < values.Length; i++) result[i] = Map(values[i], i);
    }

    public override NormalizingTransformer.NormalizerModelParametersBase GetParameters(bool vector) => vector
        ? new NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<T>>([.. scale], offset == null ? [] : [.. offset])
        : new NormalizingTransformer.AffineNormalizerModelParameters<T>(scale[0], offset == null ? T.Zero : offset[0]);

    public override void Save(BinaryWriter writer) => Save(writer, Kind, scale, offset);
}

/// <summary>The share of a normal distribution below x or below log x, by Winitzki's approximation of the error function.</summary>
internal sealed class CdfNormalizer<T>(T[] mean, T[] standardDeviation, bool useLog)
    : ColumnNormalizer<T>(mean.Length) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal const byte Kind = 1;

    private static readonly T A = T.CreateTruncating(0.147);

    protected override bool LeavesZeros => true;

    protected override T Map(T value, int slot)
    {
        if (standardDeviation[slot] <= T.Epsilon) return T.Zero;
        T x = useLog ? T.Log(value) : value;
        if (!T.IsFinite(x)) return T.Zero;
        x = (x - mean[slot]) / standardDeviation[slot];
        T half = x * x / T.CreateTruncating(2);
        double exponent = double.CreateTruncating(-half) * (4 / Math.PI + double.CreateTruncating(A * half)) / (1 + double.CreateTruncating(A * half));
        return T.CreateTruncating(0.5 + 0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(exponent)));
    }

    protected override void MapAll(ReadOnlySpan<T> values, Span<T> result)
    {
        for (int i = 0; i < values.Length; i++) result[i] = Map(values[i], i);
    }

    public override NormalizingTransformer.NormalizerModelParametersBase GetParameters(bool vector) => vector
        ? new NormalizingTransformer.CdfNormalizerModelParameters<ImmutableArray<T>>([.. mean], [.. standardDeviation], useLog)
        : new NormalizingTransformer.CdfNormalizerModelParameters<T>(mean[0], standardDeviation[0], useLog);

    public override void Save(BinaryWriter writer)
    {
        Save(writer, Kind, mean, standardDeviation);
        writer.Write(useLog);
    }
}
