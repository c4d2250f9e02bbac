using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Persistence.Onnx;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A vector of Single of fixed size: every slot is as a column of its own.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Annotations">Its annotations, such as the names of its slots.</param>
/// <param name="Slots">The tokens of each slot.</param>
internal sealed record SlotsColumn(string Name, DataViewSchema.Annotations? Annotations, IReadOnlyList<TokenCode<float>> Slots)
    : TableColumn(Name, Slots.Sum(slot => slot.Width), Annotations)
{
    private static readonly RealDomain<float> Domain = new();

    private readonly IReadOnlyList<string>? _slotNames = SlotNames.Of(Annotations);

    public override DataViewType Type => new VectorDataViewType(NumberDataViewType.Single, Slots.Count);

    public override IReadOnlyList<TokenCode> Codes => Slots;

    public override string NameOf(int code) => _slotNames is { } names && names[code].Length > 0 ? $"{Name}.{names[code]}" : $"{Name}.{code}";

    public override string NameOfToken(int code, int token) => Slots[code].NameOf(token, value => value.ToString(CultureInfo.InvariantCulture));

    public override string Describe(int index)
    {
        int slot = 0;
        while ((index -= Slots[slot].Width) >= 0) slot++;
        return DescribeSlot(slot);
    }

    public override void Check(DataViewSchema schema)
    {
        SchemaShapes.Require(SchemaShapes.Of(schema), Name, ColumnRequirement.Features);
        int size = ((VectorDataViewType)schema[Name].Type).Size;
        if (size != Slots.Count) throw VectorColumn.OtherSize(Name, size, Slots.Count);
    }

    public override IRowEncoder CreateEncoder(DataViewRow row, MissingCells missing) => new Encoder(this, row, missing);

    public override SampleColumn ToSampleColumn(int offset) => new Samples(this, offset);

    public override OnnxValue Encode(OnnxValue values)
    {
        var encoded = Slots.Select((slot, i) => Domain.Encode(slot, values.Narrow(1, i, 1))).ToArray();
        return encoded[0].Concatenate(1, encoded.AsSpan(1));
    }

    protected override OnnxValue DecodeColumn(OnnxValue encoded)
    {
        var values = new OnnxValue[Slots.Count];
        for (int i = 0, start = 0; i < values.Length; start += Slots[i++].Width) values[i] = Domain.Decode(Slots[i], encoded.Narrow(1, start, Slots[i].Width));
        return values[0].Concatenate(1, values.AsSpan(1));
    }

    public override Delegate CreateFillingGetter(DataViewRow row, FloatReader filled)
    {
        var getter = row.GetGetter<VBuffer<float>>(row.Schema[Name]);
        VBuffer<float> values = default;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            getter(ref values);
            var editor = VBufferEditor.Create(ref value, Slots.Count);
            values.CopyTo(editor.Values);
            Fill(editor.Values, filled());
            value = editor.Commit();
        });
    }

    public override Delegate CreateCompletingGetter(DataViewRow given, DataViewRow drawn)
    {
        var (getGiven, getDrawn) = (given.GetGetter<VBuffer<float>>(given.Schema[Name]), drawn.GetGetter<VBuffer<float>>(drawn.Schema[Name]));
        VBuffer<float> known = default, filling = default;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            getGiven(ref known);
            getDrawn(ref filling);
            var editor = VBufferEditor.Create(ref value, Slots.Count);
            known.CopyTo(editor.Values);
            foreach (var (slot, drawnValue) in filling.Items(all: true))
                if (float.IsNaN(editor.Values[slot])) editor.Values[slot] = drawnValue;
            value = editor.Commit();
        });
    }

    public override SampleColumn ToConstantColumn(object value, string option)
    {
        float[]? values = value as float[] ?? (value as VBuffer<float>?)?.DenseValues().ToArray();
        if (values is null || values.Length != Slots.Count)
            throw new ArgumentException($"{option}: column '{Name}' is {Type}; it takes an array of {Slots.Count} Single, not {value} ({value.GetType().Name}).");
        for (int slot = 0; slot < values.Length; slot++) Restrictions(slot, option).Known(values[slot], option);
        return new ConstantVectorColumn(Name, Type, [.. values], Annotations);
    }

    public override TokenRestriction Restrict(int code, ColumnConstraint constraint) => Restrictions(code, "SampleOptions.Constraints").Of(constraint);

    private ColumnRestrictions<float> Restrictions(int slot, string option)
    {
        string what = DescribeSlot(slot);
        return new(what, Slots[slot], new RealDomain<float>(), value => UserValue.TryConvert(value, out float own) && !float.IsInfinity(own) ? own
            : throw new ArgumentException(FormattableString.Invariant($"{option}: {what} is Single; {value} ({value.GetType().Name}) can't be a value of it.")), value => value.ToString(CultureInfo.InvariantCulture));
    }

    // what is missing of the values comes from the floats
    private void Fill(Span<float> values, ReadOnlySpan<float> floats)
    {
        for (int slot = 0, start = 0; slot < Slots.Count; start += Slots[slot++].Width)
        {
            if (!float.IsNaN(values[slot])) continue;
            var code = Slots[slot];
            int token = (int)floats[start];
            if (token != code.Missing) values[slot] = code.Decode(token, code.HasPosition ? floats[start + 1] : 0, row: 0);
        }
    }

    private string DescribeSlot(int slot) => $"slot {slot} of column '{Name}'";

    private sealed class Encoder(SlotsColumn column, DataViewRow row, MissingCells missing) : IRowEncoder
    {
        private readonly ValueGetter<VBuffer<float>> _getter = row.GetGetter<VBuffer<float>>(row.Schema[column.Name]);
        private readonly float[] _dense = new float[column.Slots.Count];
        private VBuffer<float> _values;

        public void Encode(Span<float> destination)
        {
            _getter(ref _values);
            if (_values.Length != _dense.Length) throw VectorColumn.OtherLength(column.Name, _values.Length, _dense.Length);
            _values.CopyTo(_dense);
            for (int slot = 0, start = 0; slot < _dense.Length; slot++)
            {
                var code = column.Slots[slot];
                var span = destination.Slice(start, code.Width);
                start += code.Width;
                float token, position = 0;
                if (!float.IsNaN(_dense[slot]))
                {
                    if (float.IsInfinity(_dense[slot])) throw NotFinite(column.DescribeSlot(slot), _dense[slot], row.Position);
                    if (!code.TryEncode(_dense[slot], out token, out position)) throw column.OnlyMissing(slot, _dense[slot], row.Position);
                }
                else if (missing == MissingCells.Token) token = code.Missing ?? throw MissingValue(column.DescribeSlot(slot), row.Position);
                else
                {
                    span.Fill(float.NaN);
                    continue;
                }
                span[0] = token;
                if (span.Length > 1) span[1] = position;
            }
        }
    }

    private ArgumentException OnlyMissing(int slot, float value, long row) => OnlyMissing(DescribeSlot(slot), value, row);

    private sealed class Samples(SlotsColumn column, int offset) : SampleColumn(column.Name, column.Type, column.Annotations)
    {
        public override Delegate CreateGetter(FloatReader row, Func<long> position) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            var editor = VBufferEditor.Create(ref value, column.Slots.Count);
            editor.Values.Fill(float.NaN);
            column.Fill(editor.Values, row()[offset..]);
            value = editor.Commit();
        });
    }
}
