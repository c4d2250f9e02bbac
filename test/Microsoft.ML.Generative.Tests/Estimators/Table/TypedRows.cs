using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Generative.Tests.Estimators.Table;

/// <summary>A row with a column of every type that a table can have, and some that are rare: nearly all of one value, identifiers, entirely missing.</summary>
public sealed class TypedRow
{
    public string Text { get; set; } = "";

    public string City { get; set; } = "";

    [KeyType(6)]
    public byte Key8 { get; set; }

    [KeyType(70_000)]
    public ulong Key64 { get; set; }

    public bool Flag { get; set; }

    public sbyte Int8 { get; set; }

    public byte UInt8 { get; set; }

    public short Int16 { get; set; }

    public ushort UInt16 { get; set; }

    public int Int32 { get; set; }

    public uint UInt32 { get; set; }

    public long Int64 { get; set; }

    public ulong UInt64 { get; set; }

    public float Single { get; set; }

    public double Double { get; set; }

    public double Decimal { get; set; }

    public DateTime Date { get; set; }

    public DateTimeOffset Moment { get; set; }

    public TimeSpan Duration { get; set; }

    [VectorType(2)]
    public float[] Slots { get; set; } = [];

    public string Id { get; set; } = "";

    public int Number { get; set; }

    public int Constant { get; set; }

    public float NoNumber { get; set; }

    public string NoText { get; set; } = "";

    public string Label { get; set; } = "";

    [VectorType(1)]
    public float[] Context { get; set; } = [];
}

/// <summary>Made-up rows of every type.</summary>
internal static class TypedRows
{
    private static readonly (string Name, Func<IReadOnlyList<TypedRow>, string, NamedOnnxValue> ToOnnx)[] All =
    [
        Column(nameof(TypedRow.Text), row => row.Text),
        Column(nameof(TypedRow.City), row => row.City.Length == 0 ? 0 : (uint)(row.City[^1] - '0') + 1),   // a key by then
        Column(nameof(TypedRow.Key8), row => (byte)(row.Key8 + 1)),                                         // which lists count from 0
        Column(nameof(TypedRow.Key64), row => row.Key64 + 1),
        Column(nameof(TypedRow.Flag), row => row.Flag),
        Column(nameof(TypedRow.Int8), row => row.Int8),
        Column(nameof(TypedRow.UInt8), row => row.UInt8),
        Column(nameof(TypedRow.Int16), row => row.Int16),
        Column(nameof(TypedRow.UInt16), row => row.UInt16),
        Column(nameof(TypedRow.Int32), row => row.Int32),
        Column(nameof(TypedRow.UInt32), row => row.UInt32),
        Column(nameof(TypedRow.Int64), row => row.Int64),
        Column(nameof(TypedRow.UInt64), row => row.UInt64),
        Column(nameof(TypedRow.Single), row => row.Single),
        Column(nameof(TypedRow.Double), row => row.Double),
        Column(nameof(TypedRow.Decimal), row => row.Decimal),
        Column(nameof(TypedRow.Date), row => row.Date.Ticks),
        Column(nameof(TypedRow.Moment), row => row.Moment.UtcTicks),
        Column(nameof(TypedRow.Duration), row => row.Duration.Ticks),
        (nameof(TypedRow.Slots), (rows, name) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(rows.SelectMany(row => row.Slots).ToArray(), [rows.Count, 2]))),
        Column(nameof(TypedRow.Constant), row => row.Constant),
        Column(nameof(TypedRow.NoNumber), row => row.NoNumber),
        Column(nameof(TypedRow.NoText), row => row.NoText),
        Column(nameof(TypedRow.Id), row => row.Id),
        Column(nameof(TypedRow.Number), row => row.Number),
    ];

    /// <summary>All columns but label and context.</summary>
    public static IEnumerable<string> Columns => All.Select(column => column.Name);

    /// <summary>Those that are no identifiers.</summary>
    public static IEnumerable<string> Learnt => Columns.Except([nameof(TypedRow.Id), nameof(TypedRow.Number)]);

    /// <param name="count">How many rows.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="others">Whether some have categories that no others have, and numbers beyond the others'.</param>
    public static List<TypedRow> Make(int count, int seed, bool others = false)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double level = random.NextDouble(), far = others && random.Next(5) == 0 ? 20 * (random.NextDouble() - 0.5) : level;
            bool IsMissing() => random.Next(10) == 0;
            return new TypedRow
            {
                Text = IsMissing() ? "" : random.Next(20) == 0 ? $"{(others ? "other" : "rare")} {random.Next(40)}" : level < 0.3 ? "low" : level < 0.8 ? "middle" : "högh",
                City = IsMissing() ? "" : $"city {Math.Min(9, (int)(level * 9) + random.Next(2))}",
                Key8 = IsMissing() ? byte.MaxValue : (byte)random.Next(6),   // in a list, what is no key is missing
                Key64 = IsMissing() ? ulong.MaxValue : (ulong)(random.Next(50) == 0 ? random.Next(70_000) : (int)(level * 8)),
                Flag = level > 0.6,
                Int8 = (sbyte)(far * 100 - 50),
                UInt8 = (byte)(random.Next(4) == 0 ? 0 : (int)(level * 250)),
                Int16 = (short)(far * 1000),
                UInt16 = (ushort)(level * 6000 * 10),
                Int32 = random.Next(4) == 0 ? 0 : (int)(level * 5000) * 5 + (others ? random.Next(5) : 0),
                UInt32 = 3_000_000_000 + (uint)(level * 1000) * 1000,
                Int64 = (1L << 60) + (long)(far * 1e6),
                UInt64 = (1UL << 63) + (ulong)(long)((far - 0.5) * 1e6),
                Single = IsMissing() ? float.NaN : (float)Math.Tan(far),
                Double = IsMissing() ? double.NaN : Math.Exp(3 * Math.Abs(far) % 5),
                Decimal = Math.Round(far * random.NextDouble() * 1000, others ? 4 : 2),
                Date = new DateTime(2024, 1, 1).AddDays((int)(far * 365)).AddHours(others ? random.Next(24) : 0),
                Moment = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(random.Next(-3, 3))).AddSeconds(far * 1e6),
                Duration = TimeSpan.FromSeconds((int)((far - 0.5) * 1000)),
                Slots = [IsMissing() ? float.NaN : (float)Math.Round(far, 1), (float)(level + random.NextDouble())],
                Id = $"{seed}/{i}",
                Number = 1 + i,
                Constant = 7,
                NoNumber = float.NaN,
                Label = level > 0.4 ? "yes" : "no",
                Context = [(float)(level * level)],
            };
        })];
    }

    /// <summary>As a view in which the city is a key.</summary>
    public static IDataView View(MLContext ml, IEnumerable<TypedRow> rows)
    {
        var view = ml.Data.LoadFromEnumerable(rows);
        var names = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => new { Name = $"city {i}" }));
        return ml.Transforms.Conversion.MapValueToKey("City", keyData: names).Fit(view).Transform(view);
    }

    /// <summary>Columns as ONNX has them.</summary>
    public static List<NamedOnnxValue> ToOnnx(IReadOnlyList<TypedRow> rows, IEnumerable<string> columns) =>
        [.. All.Where(column => columns.Contains(column.Name)).Select(column => column.ToOnnx(rows, column.Name))];

    private static (string Name, Func<IReadOnlyList<TypedRow>, string, NamedOnnxValue> ToOnnx) Column<T>(string name, Func<TypedRow, T> value) =>
        (name, (rows, as_) => NamedOnnxValue.CreateFromTensor(as_, new DenseTensor<T>(rows.Select(value).ToArray(), [rows.Count, 1])));
}
