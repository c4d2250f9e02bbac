using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Persistence.Onnx;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>A column of single values.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">Its annotations, such as the values behind its keys.</param>
/// <param name="Scalar">What its values are.</param>
/// <param name="Code">Their tokens.</param>
internal sealed record ScalarColumn<T, TCoded>(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations, ScalarType<T, TCoded> Scalar, TokenCode<TCoded> Code)
    : TableColumn(Name, Code.Width, Annotations) where TCoded : notnull
{
    public override DataViewType Type { get; } = Type;

    public override IReadOnlyList<TokenCode> Codes => [Code];

    public override string NameOf(int code) => Name;

    public override string NameOfToken(int code, int token) => Code.NameOf(token, AsText);

    public override string Describe(int index) => $"column '{Name}'";

    public override void Check(DataViewSchema schema)
    {
        TableColumnType.Require(schema, Name);
        var type = schema[Name].Type;
        if (type.RawType != Type.RawType || type is KeyDataViewType != Type is KeyDataViewType)
            throw new ArgumentException($"Column '{Name}' is {type}; the model was trained on {Type}. Convert it, or fit the pipeline again.");
        if (type is KeyDataViewType) KeyValues.CheckSame($"column '{Name}'", Annotations, schema[Name].Annotations);
    }

    public override IRowEncoder CreateEncoder(DataViewRow row, MissingCells missing) => new Encoder(this, row, missing);

    public override SampleColumn ToSampleColumn(int offset) => new Samples(this, offset);

    public override Type OnnxType => Scalar.OnnxType;

    public override OnnxValue Encode(OnnxValue values) => Scalar.Domain.Encode(Code, Scalar.ReadOnnx(values));

    protected override OnnxValue DecodeColumn(OnnxValue encoded) => Scalar.WriteOnnx(Scalar.Domain.Decode(Code, encoded));

    public override Delegate CreateFillingGetter(DataViewRow row, FloatReader filled)
    {
        var getter = row.GetGetter<T>(row.Schema[Name]);
        return (ValueGetter<T>)((ref T value) =>
        {
            getter(ref value);
            if (!Code.IsMadeUp && Scalar.Domain.IsMissing(Scalar.Read(value))) value = Decode(filled(), 0);
        });
    }

    public override Delegate CreateCompletingGetter(DataViewRow given, DataViewRow drawn)
    {
        var (getGiven, getDrawn) = (given.GetGetter<T>(given.Schema[Name]), drawn.GetGetter<T>(drawn.Schema[Name]));
        return (ValueGetter<T>)((ref T value) =>
        {
            getGiven(ref value);
            if (Scalar.Domain.IsMissing(Scalar.Read(value))) getDrawn(ref value);
        });
    }

    public override SampleColumn ToConstantColumn(object value, string option) =>
        new ConstantSampleColumn<T>(Name, Type, Scalar.Write(Restrictions(option).Known(value, option)), Annotations);

    public override TokenRestriction Restrict(int code, ColumnConstraint constraint) => Restrictions("SampleOptions.Constraints").Of(constraint);

    private ColumnRestrictions<TCoded> Restrictions(string option) => new($"column '{Name}' ({Type})", Code, Scalar.Domain, value => Scalar.Read(FromUser(value, option)), AsText);

    private T FromUser(object value, string option)
    {
        if (!UserValue.TryConvert(value, out T own) && !(value is string text && Type is KeyDataViewType && TryKey(text, out own)))
            throw new ArgumentException(FormattableString.Invariant($"{option}: column '{Name}' is {Type}; {value} ({value.GetType().Name}) can't be a value of it."));
        return Scalar.Domain.IsInfinite(Scalar.Read(own)) ? throw new ArgumentException(FormattableString.Invariant($"{option}: column '{Name}' can't be {value}; numbers must be finite.")) : own;
    }

    private bool TryKey(string text, out T key)
    {
        int at = KeyValues.Of(Annotations)?.Values.ToList().IndexOf(text) ?? -1;
        key = default!;
        return at >= 0 && UserValue.TryConvert(at + 1, out key);
    }

    // of a key the text behind it, if that is known
    private string AsText(TCoded value)
    {
        string text = FormattableString.Invariant($"{Scalar.Write(value)}");
        return Type is KeyDataViewType && KeyValues.Of(Annotations)?.Values is { } names && value is long key && key >= 1 && key <= names.Count ? names[(int)key - 1] : text;
    }

    private T Decode(ReadOnlySpan<float> floats, long row)
    {
        int token = (int)floats[0];
        return token == Code.Missing ? Scalar.Missing : Scalar.Write(Code.Decode(token, Code.HasPosition ? floats[1] : 0, row));
    }

    private sealed class Encoder(ScalarColumn<T, TCoded> column, DataViewRow row, MissingCells missing) : IRowEncoder
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(row.Schema[column.Name]);
        private T _value = default!;

        public void Encode(Span<float> destination)
        {
            _getter(ref _value);
            var value = column.Scalar.Read(_value);
            float token, position = 0;
            if (column.Scalar.Domain.IsMissing(value))
            {
                if (missing == MissingCells.Unknown)
                {
                    destination.Fill(float.NaN);
                    return;
                }
                token = column.Code.Missing ?? throw MissingValue($"column '{column.Name}'", row.Position);
            }
            else if (column.Scalar.Domain.IsInfinite(value)) throw NotFinite($"column '{column.Name}'", value, row.Position);
            else if (!column.Code.TryEncode(value, out token, out position)) throw column.Unknown(_value, row.Position);
            destination[0] = token;
            if (destination.Length > 1) destination[1] = position;
        }
    }

    private ArgumentException Unknown(T value, long row) => Code.Missing is not null && Code.Categories == 1
        ? OnlyMissing($"column '{Name}'", value, row)
        : new(FormattableString.Invariant($"Row {row} has {value} in column '{Name}', which no row had that the model learnt from. Filter the row out, or train on rows that have it."));

    private sealed class Samples(ScalarColumn<T, TCoded> column, int offset) : SampleColumn(column.Name, column.Type, column.Annotations)
    {
        public override Delegate CreateGetter(FloatReader row, Func<long> position)
        {
            bool isMadeUp = column.Code.IsMadeUp;
            return (ValueGetter<T>)((ref T value) => value = column.Decode(row()[offset..], isMadeUp ? position() : 0));
        }
    }
}
