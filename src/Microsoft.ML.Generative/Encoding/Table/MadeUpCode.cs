using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Identifiers: one token for all of them. Drawn rows are numbered from 1 instead.</summary>
/// <param name="make">The identifier of a number from 1.</param>
internal sealed class MadeUpCode<T>(double missing, double rows, Func<long, T> make) : TokenCode<T>(missing)
{
    public override int Categories => FirstValue + 1;

    public override bool HasPosition => false;

    public override bool IsMadeUp => true;

    public override bool TryEncode(T value, out float token, out float position)
    {
        (token, position) = (FirstValue, 0);
        return true;
    }

    public override IEnumerable<T> Values => [];

    public override IEnumerable<TokenPart> Parts(Func<T, int> side) => [];

    public override T Decode(int token, float position, long row) => make(row + 1);

    protected override string NameOfValues(int token, Func<T, string> asText) => "(identifier)";

    public override OnnxValue Encode(OnnxValue values) => values.Fill(FirstValue);

    public override OnnxValue Decode(OnnxValue encoded) => throw new NotSupportedException("A graph can't number rows.");

    public override TokenColumn Describe(string name, int feature)
    {
        float[] counts = Missing is null ? [(float)rows] : [(float)MissingRows, (float)rows];
        return new TokenColumn(name, feature, null, counts, [.. counts.Select(_ => new[] { 1f })], [.. counts.Select(_ => new[] { 0f })], [.. counts.Select(_ => false)]) { Missing = Missing };
    }

    public override CodeDocument ToDocument() => new(MissingRows) { Identifiers = rows };
}
