using Microsoft.ML.Generative.Persistence.Onnx;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>The same, as nodes of an ONNX graph, in the type of the numbers.</summary>
internal sealed partial class NumberCode<T, TLine>
{
    public override OnnxValue Encode(OnnxValue values)
    {
        var graph = values.Graph;
        var all = cells.Cells;
        if (all.Count == 0) return values.Fill(float.NaN);
        var cell = all.Count == 1 ? values.Fill(0).ToIntegers() : values.GreaterOrEqual(graph.Row<T>(Bounds())).ToFloat().Sum(1, keepDimension: true).ToIntegers();
        var token = Of(cell => (float)(FirstValue + cell.Token)) + Outside().Minimum(graph.Scalar(MostOutside));
        return HasPosition ? token.Concatenate(1, Of(MiddlePosition)) : token;

        OnnxValue Outside()
        {
            OnnxValue line = Line(values), none = graph.Row<double>([0]), one = graph.Row<double>([1]);
            var distance = (Of(cell => cell.First) - line).Maximum(line - Of(cell => cell.Last)).To(typeof(double)).Maximum(none);
            var density = Of(cells.Beside) / (distance / Of(cells.Spacing) + one);
            return distance.Greater(none).Select(one - density, none).ToFloat();
        }

        OnnxValue Of<TOfCell>(Func<Cell<TLine>, TOfCell> what) where TOfCell : struct => graph.Row<TOfCell>([.. all.Select(what)]).GatherRows(cell);
    }

    public override OnnxValue Decode(OnnxValue encoded)
    {
        var graph = encoded.Graph;
        var all = Enumerable.Range(0, cells.Count).SelectMany(token => cells.Token(token).Select((cell, i) => (Cell: cell, Token: token, Start: i == 0 ? 0 : cells.Ends(token)[i - 1], End: cells.Ends(token)[i]))).ToList();
        if (all.Count == 0) return encoded.Fill(float.NaN).To(typeof(T));
        // in double precision, in which token plus position is exact
        var position = HasPosition ? encoded.Narrow(1, 1, 1).To(typeof(double)) : encoded.Fill(0).To(typeof(double));
        var place = encoded.Narrow(1, 0, 1).To(typeof(double)) + position;
        double[] ends = [.. all.SkipLast(1).Select(cell => (double)FirstValue + cell.Token + cell.End)];
        var at = ends.Length == 0 ? encoded.Narrow(1, 0, 1).Fill(0).ToIntegers() : place.GreaterOrEqual(graph.Row<double>(ends)).ToFloat().Sum(1, keepDimension: true).ToIntegers();
        OnnxValue none = graph.Row<double>([0]), most = graph.Row<double>([double.BitDecrement(1)]), one = graph.Row<double>([1]);
        var share = ((position - Of(cell => (double)cell.Start)) / Of(cell => (double)cell.End - cell.Start)).Maximum(none).Minimum(most);
        if (scale.ToDocument() is not { } grid)
            return (Of(cell => InColumn(cell.Cell.First)) * (one - share) + Of(cell => InColumn(cell.Cell.Last)) * share).To(typeof(T));
        var line = (Of(cell => (long)(object)cell.Cell.First) + (share * Of(cell => cells.Size(cell.Cell))).Floor().ToIntegers()).Minimum(Of(cell => (long)(object)cell.Cell.Last));
        var whole = line * graph.Integers(grid.Step) + graph.Integers(grid.Offset);
        return typeof(T) == typeof(long) ? whole : (whole.To(typeof(double)) / graph.Row<double>([Math.Pow(10, grid.Decimals)])).To(typeof(T));

        OnnxValue Of<TOfCell>(Func<(Cell<TLine> Cell, int Token, float Start, float End), TOfCell> what) where TOfCell : struct => graph.Row<TOfCell>([.. all.Select(what)]).GatherRows(at);
    }

    // (batch, 1) numbers as they stand on the line of the cells
    private OnnxValue Line(OnnxValue values)
    {
        if (scale.ToDocument() is not { } grid) return values;
        var graph = values.Graph;
        var whole = typeof(T) == typeof(long) ? values : (values.To(typeof(double)) * graph.Row<double>([Math.Pow(10, grid.Decimals)])).Round().ToIntegers();
        var steps = whole + graph.Integers(grid.Step / 2 - grid.Offset);
        return grid.Step == 1 ? steps : (steps - steps.Modulo(graph.Integers(grid.Step))) / graph.Integers(grid.Step);
    }

    private double InColumn(TLine value) => double.CreateChecked(scale.FromLine(value));

    // the lowest number that is taken for each cell but the first
    private T[] Bounds()
    {
        var line = NumberLine<T>.Of();
        var bounds = new T[cells.Cells.Count - 1];
        for (int i = 0; i < bounds.Length; i++)
        {
            T below = scale.FromLine(cells.Cells[i].Last), above = scale.FromLine(cells.Cells[i + 1].First);
            while (line.Middle(below, above) is var middle && middle > below)
                if (cells.Find(scale.ToLine(middle)) > i) above = middle;
                else below = middle;
            bounds[i] = above;
        }
        return bounds;
    }

    private float MiddlePosition(Cell<TLine> cell)
    {
        if (cells.IsSpike(cell.Token)) return 0;
        var ofToken = cells.Token(cell.Token);
        int place = Enumerable.Range(0, ofToken.Count).First(i => ReferenceEquals(ofToken[i], cell));
        return Shares.Middle(cells.Ends(cell.Token), place);
    }
}
