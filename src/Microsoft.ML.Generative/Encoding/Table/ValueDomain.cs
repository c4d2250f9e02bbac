using System.Globalization;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Values as they are encoded: which of them are missing, and how tokens are learnt of them, or read from a model file.</summary>
internal abstract class ValueDomain<T> where T : notnull
{
    public virtual IEqualityComparer<T>? Comparer => null;

    public abstract bool CanBeMissing { get; }

    public abstract bool IsMissing(T value);

    public virtual bool IsInfinite(T value) => false;

    /// <summary>A copy of a value whose memory may be used again.</summary>
    public virtual T Own(T value) => value;

    public abstract TokenCode<T> Learn(ValueCounts<T> counts, DataViewType type, TableEncodingOptions options);

    /// <summary>Tokens and positions in an ONNX graph, missing ones included.</summary>
    /// <param name="values">(batch, 1) texts, Int64, Single or Double</param>
    /// <returns>(batch, width), NaN for what cannot be encoded</returns>
    public OnnxValue Encode(TokenCode<T> code, OnnxValue values)
    {
        var encoded = Checked(code.Encode(values), values);
        if (IsMissing(values) is not { } isMissing) return encoded;
        float token = code.Missing ?? float.NaN;
        float[] missing = code.HasPosition ? [token, 0] : [token];
        return isMissing.Select(values.Graph.Row<float>(missing), encoded);
    }

    /// <summary>The values again.</summary>
    /// <param name="encoded">(batch, width)</param>
    /// <exception cref="NotSupportedException">A graph cannot make them up.</exception>
    public OnnxValue Decode(TokenCode<T> code, OnnxValue encoded)
    {
        var values = code.Decode(encoded);
        return code.Missing is not { } missing ? values : encoded.Narrow(1, 0, 1).Equal(encoded.Graph.Scalar(missing)).Select(Missing(encoded.Graph), values);
    }

    // (batch, 1) true where values are missing; null if none can be
    protected virtual OnnxValue? IsMissing(OnnxValue values) => null;

    // a value that stands for a missing one
    protected virtual OnnxValue Missing(OnnxGraphWriter graph) => throw new InvalidOperationException($"{GetType().Name} has no missing values.");

    // NaN where values are infinite
    protected virtual OnnxValue Checked(OnnxValue encoded, OnnxValue values) => encoded;

    /// <param name="what">What has these tokens, for messages.</param>
    /// <exception cref="InvalidDataException">It says what cannot be; the message names it.</exception>
    public TokenCode<T> Load(string what, DataViewType type, CodeDocument document)
    {
        document.Check(what, CanBeMissing);
        return Read(what, type, document) ?? throw new InvalidDataException($"{what} has tokens of a kind that {type} can't have");
    }

    // null if such values have no tokens of that kind
    protected abstract TokenCode<T>? Read(string what, DataViewType type, CodeDocument document);
}

internal sealed class TextDomain : ValueDomain<ReadOnlyMemory<char>>
{
    public override IEqualityComparer<ReadOnlyMemory<char>> Comparer => TextComparer.Instance;

    public override bool CanBeMissing => true;

    public override bool IsMissing(ReadOnlyMemory<char> value) => value.IsEmpty;

    public override ReadOnlyMemory<char> Own(ReadOnlyMemory<char> value) => value.ToString().AsMemory();

    protected override OnnxValue? IsMissing(OnnxValue values) => values.Find("").Equal(values.Graph.Integers(0));

    protected override OnnxValue Missing(OnnxGraphWriter graph) => graph.Texts("");

    public override TokenCode<ReadOnlyMemory<char>> Learn(ValueCounts<ReadOnlyMemory<char>> counts, DataViewType type, TableEncodingOptions options) => CodeLearner.Texts(counts, options);

    protected override TokenCode<ReadOnlyMemory<char>>? Read(string what, DataViewType type, CodeDocument document) =>
        document.Identifiers is { } rows ? new MadeUpCode<ReadOnlyMemory<char>>(document.Missing, rows, CodeLearner.MadeUpText)
        : document.Categories?.ToCode(what, document.Missing, text => (text.AsMemory(), text.Length > 0), Comparer);
}

internal sealed class BooleanDomain : ValueDomain<long>
{
    public override bool CanBeMissing => false;

    public override bool IsMissing(long value) => false;

    public override TokenCode<long> Learn(ValueCounts<long> counts, DataViewType type, TableEncodingOptions options) => CodeLearner.Booleans(counts, options);

    protected override TokenCode<long>? Read(string what, DataViewType type, CodeDocument document) =>
        document.Categories?.ToCode(what, document.Missing, text => (text == "1" ? 1L : 0L, text is "0" or "1"), null);
}

internal sealed class KeyDomain : ValueDomain<long>
{
    public override bool CanBeMissing => true;

    public override bool IsMissing(long value) => value == 0;

    protected override OnnxValue? IsMissing(OnnxValue values) => values.Equal(values.Graph.Integers(0));

    protected override OnnxValue Missing(OnnxGraphWriter graph) => graph.Integers(0);

    public override TokenCode<long> Learn(ValueCounts<long> counts, DataViewType type, TableEncodingOptions options) => CodeLearner.Keys(counts, ((KeyDataViewType)type).Count, options);

    protected override TokenCode<long>? Read(string what, DataViewType type, CodeDocument document)
    {
        ulong count = ((KeyDataViewType)type).Count;
        var code = document.Categories?.ToCode(what, document.Missing, text => (long.TryParse(text, CultureInfo.InvariantCulture, out long key) ? key : -1, key >= 0 && (ulong)key <= count), null);
        if (code is not null && code.Kept.Any(value => value.Value == 0)) throw new InvalidDataException($"{what} has the value '0', which it can't have");
        return code;
    }
}

/// <summary>Whole numbers, and what is counted in whole ticks.</summary>
/// <param name="lowest">The lowest that there can be.</param>
/// <param name="highest">The highest.</param>
/// <param name="unit">What a network is told of them in.</param>
/// <param name="makeUp">The identifier of a number from 1; null for numbers that are never identifiers.</param>
internal sealed class IntegerDomain(long lowest, long highest, NumberUnit<long> unit, Func<long, long>? makeUp) : ValueDomain<long>
{
    public override bool CanBeMissing => false;

    public override bool IsMissing(long value) => false;

    public override TokenCode<long> Learn(ValueCounts<long> counts, DataViewType type, TableEncodingOptions options) => CodeLearner.Integers(counts, unit, makeUp, options);

    protected override TokenCode<long>? Read(string what, DataViewType type, CodeDocument document)
    {
        if (document.Identifiers is { } rows && makeUp is not null) return new MadeUpCode<long>(0, rows, makeUp);
        if (document.Numbers is not { Grid: { } grid } numbers) return null;
        grid.Check(what, mostDecimals: 0);
        var scale = new WholeScale(grid.Offset, grid.Step);
        var cells = numbers.ToCells<long>(what, value => grid.Offset + (Int128)value * grid.Step is var number && number >= lowest && number <= highest);
        return cells.Count == 0 ? null : new NumberCode<long, long>(0, scale, cells, unit);
    }
}

internal sealed class RealDomain<T> : ValueDomain<T> where T : struct, IFloatingPointIeee754<T>
{
    public static readonly NumberUnit<T> Unit = new(1, double.CreateChecked);

    public override bool CanBeMissing => true;

    public override bool IsMissing(T value) => T.IsNaN(value);

    public override bool IsInfinite(T value) => T.IsInfinity(value);

    protected override OnnxValue? IsMissing(OnnxValue values) => values.IsNaN();

    protected override OnnxValue Missing(OnnxGraphWriter graph) => graph.Row<T>([T.NaN]);

    protected override OnnxValue Checked(OnnxValue encoded, OnnxValue values) => encoded + (values - values).ToFloat();

    public override TokenCode<T> Learn(ValueCounts<T> counts, DataViewType type, TableEncodingOptions options) => CodeLearner.Reals(counts, options);

    protected override TokenCode<T>? Read(string what, DataViewType type, CodeDocument document)
    {
        if (document.Numbers is not { } numbers || (numbers.Tokens.Count == 0 && document.Missing == 0)) return null;
        if (numbers.Grid is not { } grid) return new NumberCode<T, T>(document.Missing, new RealScale<T>(), numbers.ToCells<T>(what, _ => true), Unit);
        grid.Check(what, DecimalScale<T>.MostDecimals);
        var cells = numbers.ToCells<long>(what, value => Int128.Abs(grid.Offset + (Int128)value * grid.Step) <= long.MaxValue);
        return new NumberCode<T, long>(document.Missing, new DecimalScale<T>(grid.Decimals, grid.Offset, grid.Step), cells, Unit);
    }
}
