using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Replaces NaN in columns of floating point numbers.</summary>
public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly IHost _host;
    private readonly (string Output, string Input)[] _pairs;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator(IHostEnvironment environment, (string Output, string Input)[] pairs, ReplacementMode mode, bool bySlot)
    {
        _host = Contracts.CheckValue(environment, nameof(environment)).Register(nameof(MissingValueReplacingEstimator));
        Contracts.CheckParam(Enum.IsDefined(mode), "replacementMode");
        _pairs = pairs;
        _mode = mode;
        _bySlot = bySlot;
    }

    /// <summary>What missing values become.</summary>
    public enum ReplacementMode : byte
    {
        /// <summary>Zero.</summary>
        DefaultValue = 0,

        /// <summary>The mean of the others.</summary>
        Mean = 1,

        /// <summary>The smallest of the others.</summary>
        Minimum = 2,

        /// <summary>The largest of the others.</summary>
        Maximum = 3,

        /// <summary>The most frequent of the others.</summary>
        Mode = 5,
    }

    /// <summary>Collects what the replacements are made from.</summary>
    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var columns = _pairs.Select(pair => input.Schema.GetColumnOrNull(pair.Input)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(input), "input", pair.Input)).ToArray();
        foreach (var column in columns) MissingValueReplacingTransformer.CheckType(column.Type.ItemType());
        return new(_host, _pairs, [.. columns.Select(column => (column.Type, Replacements(input, column)))]);
    }

    /// <summary>The input columns and those without missing values, of the same types.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var added = new List<SchemaShape.Column>();
        foreach (var (output, input) in _pairs)
        {
            if (!inputSchema.TryFindColumn(input, out var column)) throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "input", input);
            MissingValueReplacingTransformer.CheckType(column.ItemType);
            added.Add(new(output, column.Kind, column.ItemType, false,
                new SchemaShape(column.Keep(ColumnAnnotations.SlotNames, ColumnAnnotations.IsNormalized))));
        }
        return inputSchema.With([.. added]);
    }

    // one value for all slots, or one for each
    private double[] Replacements(IDataView input, DataViewSchema.Column column)
    {
        if (_mode == ReplacementMode.DefaultValue) return [0];
        int slots = _bySlot && column.Type is VectorDataViewType { IsKnownSize: true } vector ? vector.Size : 1;
        if (_bySlot && column.Type is VectorDataViewType { IsKnownSize: false })
            using (var channel = _host.Start("Computing Statistics"))
                channel.Warning(MessageSensitivity.None, "By-slot imputation can not be done on variable-length column");
        Statistic[] statistics = [.. Enumerable.Range(0, slots).Select(_ => new Statistic(_mode))];
        using var cursor = input.GetRowCursor([column]);
        if (column.Type.ItemType().Equals(NumberDataViewType.Single)) Collect<float>(cursor, column, statistics);
        else Collect<double>(cursor, column, statistics);
        return [.. statistics.Select(statistic => statistic.Value)];
    }

    private static void Collect<T>(DataViewRowCursor cursor, DataViewSchema.Column column, Statistic[] statistics) where T : struct, IFloatingPointIeee754<T>
    {
        if (column.Type is not VectorDataViewType)
        {
            var getter = cursor.GetGetter<T>(column);
            T value = default;
            while (cursor.MoveNext())
            {
                getter(ref value);
                statistics[0].Add(double.CreateTruncating(value));
            }
            return;
        }
        var getVector = cursor.GetGetter<VBuffer<T>>(column);
        var vector = default(VBuffer<T>);
        while (cursor.MoveNext())
        {
            getVector(ref vector);
            int slot = 0;
            foreach (var item in vector.DenseValues()) statistics[statistics.Length == 1 ? 0 : slot++].Add(double.CreateTruncating(item));
        }
    }

    private sealed class Statistic(ReplacementMode mode)
    {
        private readonly Dictionary<double, long> _frequencies = [];
        private double _sum, _smallest = double.PositiveInfinity, _largest = double.NegativeInfinity, _mostFrequent;
        private long _count;

        public double Value => _count == 0 ? 0 : mode switch
        {
            ReplacementMode.Mean => _sum / _count,
            ReplacementMode.Minimum => _smallest,
            ReplacementMode.Maximum => _largest,
            _ => _mostFrequent,
        };

        public void Add(double value)
        {
            if (double.IsNaN(value)) return;
            _count++;
            _sum += value;
            _smallest = Math.Min(_smallest, value);
            _largest = Math.Max(_largest, value);
            if (mode != ReplacementMode.Mode) return;
            long frequency = _frequencies[value] = _frequencies.GetValueOrDefault(value) + 1;
            if (frequency > _frequencies.GetValueOrDefault(_mostFrequent) || frequency == 1 && _count == 1) _mostFrequent = value;
        }
    }
}

/// <summary>Replaces NaN by what was learned.</summary>
[LoadableClass(LoaderSignature)]
public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "NAReplaceTransform";

    private static readonly VersionInfo Version = new("PFNAREPL", LoaderSignature);

    private readonly (DataViewType Type, double[] Values)[] _replacements;

    internal MissingValueReplacingTransformer(IHost host, (string Output, string Input)[] pairs, (DataViewType Type, double[] Values)[] replacements)
        : base(host, pairs) => _replacements = replacements;

    private MissingValueReplacingTransformer(IHost host, ModelLoadContext ctx) : base(host, ctx) =>
        _replacements = [.. ColumnPairs.Select(_ => (SchemaCodec.ReadType(ctx.Reader), ctx.Reader.ReadDoubles()))];

    internal static void CheckType(DataViewType itemType)
    {
        if (!itemType.Equals(NumberDataViewType.Single) && !itemType.Equals(NumberDataViewType.Double))
            throw Contracts.ExceptParam("inputSchema", $"Type '{itemType}' is not supported by {LoaderSignature} since it doesn't have an NA value");
    }

    private static MissingValueReplacingTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        return new(environment.Register(nameof(MissingValueReplacingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (var (type, values) in _replacements)
        {
            SchemaCodec.WriteType(ctx.Writer, type);
            ctx.Writer.WriteArray(values);
        }
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new ColumnwiseMapper(schema, ColumnPairs, Describe, (row, input, pair) =>
        input.Type.ItemType().Equals(NumberDataViewType.Single) ? MakeGetter<float>(row, input, pair) : MakeGetter<double>(row, input, pair));

    private DataViewSchema.DetachedColumn Describe(DataViewSchema.Column input, int pair)
    {
        CheckType(input.Type.ItemType());
        var (type, values) = _replacements[pair];
        if (!input.Type.ItemType().Equals(type.ItemType()) || values.Length > 1 && input.Type.ValueCount() != values.Length)
            throw Contracts.ExceptSchemaMismatch("inputSchema", "input", input.Name, type.ToString(), input.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind is ColumnAnnotations.SlotNames or ColumnAnnotations.IsNormalized);
        return new(ColumnPairs[pair].OutputColumnName, input.Type, annotations.ToAnnotations());
    }

    private Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column input, int pair) where T : struct, IFloatingPointIeee754<T>
    {
        T[] values = [.. _replacements[pair].Values.Select(T.CreateTruncating)];
        if (input.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<T>(input);
            return (ValueGetter<T>)((ref T value) =>
            {
                getter(ref value);
                if (T.IsNaN(value)) value = values[0];
            });
        }
        var getVector = row.GetGetter<VBuffer<T>>(input);
        var source = default(VBuffer<T>);
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
        {
            getVector(ref source);
            source.CopyTo(ref value);
            var editor = VBufferEditor.CreateFromBuffer(ref value);
            var indices = source.GetIndices();
            for (int i = 0; i < editor.Values.Length; i++)
                if (T.IsNaN(editor.Values[i]))
                    editor.Values[i] = values[values.Length == 1 ? 0 : source.IsDense ? i : indices[i]];
        });
    }
}
