using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A type of single values that a column of a table can have. The list is closed, so that no file names a type to be made.</summary>
/// <param name="type">The type; null for keys, which come in several counts.</param>
internal abstract class ScalarType(Type rawType, DataViewType? type)
{
    private static readonly NumberUnit<long> Days = new(TimeSpan.TicksPerDay, ticks => ticks);

    private static readonly ScalarType[] All =
    [
        new ScalarType<ReadOnlyMemory<char>, ReadOnlyMemory<char>>(TextDataViewType.Instance, text => text, text => text, new TextDomain()),
        new ScalarType<bool, long>(BooleanDataViewType.Instance, value => value ? 1 : 0, value => value != 0, new BooleanDomain()),
        Integer<sbyte>(NumberDataViewType.SByte),
        Integer<byte>(NumberDataViewType.Byte),
        Integer<short>(NumberDataViewType.Int16),
        Integer<ushort>(NumberDataViewType.UInt16),
        Integer<int>(NumberDataViewType.Int32),
        Integer<uint>(NumberDataViewType.UInt32),
        Integer<long>(NumberDataViewType.Int64),
        new ScalarType<ulong, long>(NumberDataViewType.UInt64, value => (long)(value ^ (1UL << 63)), value => (ulong)value ^ (1UL << 63),   // in their order
            new IntegerDomain(long.MinValue, long.MaxValue, new NumberUnit<long>(1, value => (ulong)value ^ (1UL << 63)), row => row ^ long.MinValue)),
        Time(DateTimeDataViewType.Instance, value => value.Ticks, ticks => new DateTime(ticks), DateTime.MaxValue.Ticks),
        Time(DateTimeOffsetDataViewType.Instance, value => value.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero), DateTime.MaxValue.Ticks),
        new ScalarType<TimeSpan, long>(TimeSpanDataViewType.Instance, value => value.Ticks, ticks => new TimeSpan(ticks), new IntegerDomain(long.MinValue, long.MaxValue, Days, null)),
        new ScalarType<float, float>(NumberDataViewType.Single, value => value, value => value, new RealDomain<float>()) { Missing = float.NaN },
        new ScalarType<double, double>(NumberDataViewType.Double, value => value, value => value, new RealDomain<double>()) { Missing = double.NaN },
    ];

    private static readonly ScalarType[] Keys =
    [
        new ScalarType<byte, long>(null, key => key, key => (byte)key, new KeyDomain()),
        new ScalarType<ushort, long>(null, key => key, key => (ushort)key, new KeyDomain()),
        new ScalarType<uint, long>(null, key => key, key => (uint)key, new KeyDomain()),
        new ScalarType<ulong, long>(null, key => (long)key, key => (ulong)key, new KeyDomain()),
    ];

    public DataViewType? Type { get; } = type;

    /// <summary>Name in a model file.</summary>
    public string Name => Type is TextDataViewType ? "Text" : rawType.Name;

    /// <summary>What the values of a column are; null if it can't be learnt.</summary>
    public static ScalarType? Of(DataViewType type) => type is KeyDataViewType
        ? Keys.FirstOrDefault(key => key.Name == type.RawType.Name)
        : All.FirstOrDefault(scalar => scalar.Type!.Equals(type));

    /// <summary>The type of a name in a model file; null if there is none.</summary>
    public static ScalarType? Named(string name, bool isKey) => (isKey ? Keys : All).FirstOrDefault(scalar => scalar.Name == name);

    /// <summary>Makes the learner of a column that is active in a row.</summary>
    public abstract ColumnLearner CreateLearner(DataViewRow row, DataViewSchema.Column column, int mostValues);

    /// <summary>Makes a column of what a model file says of its tokens.</summary>
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public abstract TableColumn ToColumn(string name, DataViewType type, DataViewSchema.Annotations? annotations, CodeDocument document);

    private static ScalarType<T, long> Integer<T>(DataViewType type) where T : IBinaryInteger<T>, IMinMaxValue<T> => new(
        type, value => long.CreateTruncating(value), T.CreateTruncating, new IntegerDomain(long.CreateTruncating(T.MinValue), long.CreateTruncating(T.MaxValue), new NumberUnit<long>(1, value => value), row => row));

    private static ScalarType<T, long> Time<T>(DataViewType type, Func<T, long> read, Func<long, T> write, long highest) =>
        new(type, read, write, new IntegerDomain(0, highest, Days, null));
}

/// <inheritdoc/>
/// <typeparam name="T">Type of the values in a data view.</typeparam>
/// <typeparam name="TCoded">Type that they are encoded as.</typeparam>
internal sealed class ScalarType<T, TCoded>(DataViewType? type, Func<T, TCoded> read, Func<TCoded, T> write, ValueDomain<TCoded> domain) : ScalarType(typeof(T), type)
    where TCoded : notnull
{
    public Func<T, TCoded> Read { get; } = read;

    public Func<TCoded, T> Write { get; } = write;

    public ValueDomain<TCoded> Domain { get; } = domain;

    /// <summary>What stands for a value that is missing, where there is such a thing.</summary>
    public T Missing { get; init; } = default!;

    /// <summary>Type of the values in an ONNX graph: texts, numbers, Booleans and keys are what they are, dates and spans of time are ticks.</summary>
    public Type OnnxType { get; } = typeof(T) == typeof(ReadOnlyMemory<char>) ? typeof(string) : typeof(T).IsPrimitive ? typeof(T) : typeof(long);

    // unsigned numbers of 64 bits are encoded in their order
    private bool IsShifted => typeof(T) == typeof(ulong) && Domain is IntegerDomain;

    /// <summary>As <see cref="Read"/>, in an ONNX graph.</summary>
    public OnnxValue ReadOnnx(OnnxValue values) => typeof(T) == typeof(TCoded) ? values : Shifted(values.ToIntegers());

    /// <summary>As <see cref="Write"/>, in an ONNX graph.</summary>
    public OnnxValue WriteOnnx(OnnxValue values) => typeof(T) == typeof(TCoded) ? values : Shifted(values).To(OnnxType);

    private OnnxValue Shifted(OnnxValue values) => IsShifted ? values + values.Graph.Integers(long.MinValue) : values;

    public override ColumnLearner CreateLearner(DataViewRow row, DataViewSchema.Column column, int mostValues) => new ScalarLearner<T, TCoded>(this, row, column, mostValues);

    public override TableColumn ToColumn(string name, DataViewType type, DataViewSchema.Annotations? annotations, CodeDocument document) =>
        new ScalarColumn<T, TCoded>(name, type, annotations, this, Domain.Load($"column '{name}'", type, document));
}
