using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>The same, as nodes of an ONNX graph, in single precision.</summary>
internal sealed partial class NumberCode<T, TLine> : IOnnxCode
{
    // beyond it, token plus position would be rounded to the next token
    private const float MostPosition = 0.9999f;

    public override IOnnxCode? Onnx => cells.Count > 0 ? this : null;

    public OnnxValue Encode(OnnxValue value)
    {
        var graph = value.Graph;
        var all = cells.Cells;
        float[] bounds = [.. all.Zip(all.Skip(1), Bound)];
        float[] tokens = [.. all.Select(cell => (float)(FirstValue + cell.Token))];
        var cell = bounds.Length > 0
            ? value.GreaterOrEqual(graph.Constant(bounds, bounds.Length)).ToFloat().Sum(1, keepDimension: true).ToIntegers()
            : (value * 0f).Maximum(graph.Scalar(0)).ToIntegers();
        var token = Of(tokens, Missing ?? float.NaN);
        return HasPosition ? token.Concatenate(1, Of(MiddlePositions(), 0)) : token;

        OnnxValue Of(float[] values, float ofMissing) => value.Equal(value).Select(graph.Constant(values, values.Length).GatherRows(cell), graph.Scalar(ofMissing));
    }

    public OnnxValue Decode(OnnxValue encoded)
    {
        var graph = encoded.Graph;
        Cell<TLine>[] all = [.. ByToken()];
        var place = HasPosition ? encoded.Narrow(1, 0, 1) + encoded.Narrow(1, 1, 1).Minimum(graph.Scalar(MostPosition)) : encoded;   // (batch, 1)
        var (starts, ends) = Places();
        float[] lowest = [.. all.Select(cell => InColumn(cell.First))], highest = [.. all.Select(cell => InColumn(cell.Last))];
        var at = place.GreaterOrEqual(Row(ends)).ToFloat().Sum(1, keepDimension: true).Minimum(graph.Scalar(FirstValue + all.Length - 1)).ToIntegers();
        var share = ((place - OfCell(starts, 0)) / (OfCell(ends, 1) - OfCell(starts, 0))).Clamp(0, 0.99999994f);
        var low = OfCell(lowest, float.NaN);
        var high = OfCell(highest, float.NaN);
        if (scale.ToDocument() is null) return low + share * (high - low);
        float[] sizes = [.. all.Select(cell => (float)cells.Size(cell))];
        return (low + (share * OfCell(sizes, 1)).Floor() * (float)scale.Step).Minimum(high);

        OnnxValue Row(float[] ofCells) => graph.Constant(Missing is null ? ofCells : [1, .. ofCells], FirstValue + all.Length);

        // a missing value has a cell of its own, before the others
        OnnxValue OfCell(float[] ofCells, float ofMissing) => graph.Constant(Missing is null ? ofCells : [ofMissing, .. ofCells], FirstValue + all.Length).GatherRows(at);
    }

    // what numbers of the second cell, and those between that are nearer to it, are not below; a number halfway belongs to the first
    private float Bound(Cell<TLine> cell, Cell<TLine> next)
    {
        double low = unit.ToDouble(scale.FromLine(cell.Last)), high = unit.ToDouble(scale.FromLine(next.First)), middle = low / 2 + high / 2;
        if (scale.ToDocument() is not null) return (float)(middle + scale.Step / 4);
        return (float)low < MathF.BitDecrement((float)high) ? MathF.BitIncrement((float)middle) : (float)high;
    }

    private float InColumn(TLine value) => (float)unit.ToDouble(scale.FromLine(value));

    // of the cells in the order of their numbers, in which a bin may have spikes between its cells
    private float[] MiddlePositions()
    {
        var (starts, ends) = Places();
        var middles = ByToken().Select((cell, i) => (Cell: cell, Middle: cells.IsSpike(cell.Token) ? 0 : (starts[i] + ends[i]) / 2 - FirstValue - cell.Token)).ToDictionary(place => (object)place.Cell, place => place.Middle, ReferenceEqualityComparer.Instance);
        return [.. cells.Cells.Select(cell => middles[cell])];
    }

    private IEnumerable<Cell<TLine>> ByToken() => Enumerable.Range(0, cells.Count).SelectMany(cells.Token);

    // token plus position at which each cell begins and ends, token by token
    private (float[] Starts, float[] Ends) Places()
    {
        float[] ends = [.. Enumerable.Range(0, cells.Count).SelectMany(token => cells.Ends(token).Select(end => FirstValue + token + end))];
        return ([.. ends.Take(ends.Length - 1).Prepend(FirstValue)], ends);
    }
}
