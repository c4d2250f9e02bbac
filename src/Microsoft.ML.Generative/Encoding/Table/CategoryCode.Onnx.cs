using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>The same, as nodes of an ONNX graph.</summary>
internal sealed partial class CategoryCode<T>
{
    public override OnnxValue Encode(OnnxValue values)
    {
        var graph = values.Graph;
        float pooled = Pooled ?? float.NaN;
        var known = Kept.Select((kept, i) => (kept.Value, Token: (float)(FirstValue + i), Position: 0f));
        if (DrawnAreOwn && HasPosition) known = known.Concat(Drawn.Select((drawn, i) => (drawn.Value, pooled, Shares.Middle(_drawnEnds, i))));
        var all = known.ToList();
        if (all.Count == 0) return Encoded(values.Fill(pooled), values.Fill(0));
        var place = Find(values, [.. all.Select(category => category.Value)]);   // (batch, 1)
        return Encoded(Of([.. all.Select(category => category.Token), pooled]), Of([.. all.Select(category => category.Position), 0]));

        OnnxValue Encoded(OnnxValue token, OnnxValue position) => HasPosition ? token.Concatenate(1, position) : token;

        OnnxValue Of(float[] ofCategories) => graph.Row<float>(ofCategories).GatherRows(place);
    }

    public override OnnxValue Decode(OnnxValue encoded)
    {
        var graph = encoded.Graph;
        var place = encoded.Narrow(1, 0, 1) - FirstValue;
        if (HasPosition)
        {
            var outcome = encoded.Narrow(1, 1, 1).GreaterOrEqual(graph.Row<float>(_drawnEnds.AsSpan(0, _drawnEnds.Length - 1))).ToFloat().Sum(1, keepDimension: true);
            place = place.Equal(graph.Scalar(Kept.Count)).Select(place + outcome, place);
        }
        place = place.Maximum(graph.Scalar(0)).ToIntegers();
        T[] values = [.. Kept.Concat(Drawn).Select(category => category.Value)];
        return Row(graph, values.Length > 0 ? values : [default!]).GatherRows(place);   // none is drawn if all were missing
    }

    private static OnnxValue Find(OnnxValue values, T[] categories) => categories switch
    {
        ReadOnlyMemory<char>[] texts => values.Find([.. texts.Select(text => text.ToString())]),
        long[] numbers => values.Find(numbers),
        _ => throw Unexpected,
    };

    private static OnnxValue Row(OnnxGraphWriter graph, T[] categories) => categories switch
    {
        ReadOnlyMemory<char>[] texts => graph.Texts([.. texts.Select(text => text.ToString())]),
        long[] numbers => graph.Row<long>(numbers),
        _ => throw Unexpected,
    };

    private static InvalidOperationException Unexpected => new($"Categories of {typeof(T)} are not encoded.");
}
