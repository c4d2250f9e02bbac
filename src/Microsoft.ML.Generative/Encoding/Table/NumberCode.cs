using System.Numerics;
using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Numbers, dates and spans of time: spikes and quantile bins of them, rounded to their grid. A number beyond the tokens is taken for the nearest one.</summary>
/// <param name="unit">What the numbers are divided by for log-densities: ticks of a day for dates.</param>
internal sealed class NumberCode<T, TLine>(double missing, NumberScale<T, TLine> scale, CellTable<TLine> cells, double unit = 1) : TokenCode<T>(missing)
    where TLine : struct, INumber<TLine>
{
    private readonly bool _hasPosition = Enumerable.Range(0, cells.Count).Any(token => !cells.IsSpike(token));

    public NumberScale<T, TLine> Scale => scale;

    public CellTable<TLine> Cells => cells;

    public override int Categories => FirstValue + cells.Count;

    public override bool HasPosition => _hasPosition;

    public override bool TryEncode(T value, out int token, out float position)
    {
        (token, position) = cells.Count > 0 ? cells.Encode(scale.ToLine(value)) : (0, 0);
        token += FirstValue;
        return cells.Count > 0;
    }

    public override T Decode(int token, float position, long row) => scale.FromLine(cells.Decode(token - FirstValue, position));

    public override TokenColumn Describe(string name, int feature)
    {
        var tokens = Enumerable.Range(0, cells.Count).ToList();
        double rows = cells.Cells.Sum(cell => cell.Rows);
        IEnumerable<TItem> WithMissing<TItem>(TItem ofMissing, IEnumerable<TItem> ofNumbers) => Missing is null ? ofNumbers : ofNumbers.Prepend(ofMissing);
        return new TokenColumn(
            name,
            feature,
            HasPosition ? feature + 1 : null,
            [.. WithMissing((float)MissingRows, tokens.Select(token => (float)RowsOf(token)))],
            [.. WithMissing([1], tokens.Select(cells.Ends))],
            [.. WithMissing([0], tokens.Select(LogWithin))],
            [.. WithMissing(false, tokens.Select(_ => true))])
        {
            Missing = Missing,
            Numbers = rows > 0 ? Numbers(rows) : null,
        };
    }

    public override CodeDocument ToDocument() => new(MissingRows) { Numbers = NumbersDocument.Of(scale.ToDocument(), cells) };

    private double RowsOf(int token) => cells.Token(token).Sum(cell => cell.Rows);

    private float[] LogWithin(int token)
    {
        if (cells.IsSpike(token)) return [0];
        double rows = RowsOf(token);
        return [.. cells.Token(token).Select(cell => (float)(Math.Log(cell.Rows / rows) - (cells.Size(cell) > 0 ? Math.Log(cells.Size(cell) * scale.Step / unit) : 0)))];
    }

    private NumberCells Numbers(double rows)
    {
        var below = new Dictionary<Cell<TLine>, double>();
        double sum = 0, mean = 0, squares = 0;
        foreach (var cell in cells.Cells)
        {
            below[cell] = sum / rows;
            sum += cell.Rows;
            double deviation = Middle(cell) - mean;
            mean += deviation * cell.Rows / sum;
            squares += cell.Rows * deviation * (Middle(cell) - mean);
        }
        double scaleOf = Math.Sqrt(squares / rows);
        if (!double.IsFinite(scaleOf) || scaleOf <= 1e-12 * Math.Abs(mean) || scaleOf == 0) scaleOf = 1;
        IReadOnlyList<float[]> OfCells(Func<Cell<TLine>, double> what) =>
            [.. Enumerable.Range(-FirstValue, Categories).Select(token => token < 0 ? Array.Empty<float>() : [.. cells.Token(token).Select(cell => (float)what(cell))])];
        return new NumberCells(
            OfCells(cell => below[cell]),
            OfCells(cell => cell.Rows / rows),
            OfCells(cell => (InUnits(cell.First) - mean) / scaleOf),
            OfCells(cell => (InUnits(cell.Last) - InUnits(cell.First)) / scaleOf),
            mean,
            scaleOf);
    }

    private double Middle(Cell<TLine> cell) => InUnits(cell.First) / 2 + InUnits(cell.Last) / 2;

    private double InUnits(TLine value) => Convert.ToDouble(scale.FromLine(value), System.Globalization.CultureInfo.InvariantCulture) / unit;
}
