using System.Numerics;
using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Numbers, dates and spans of time: spikes and quantile bins of them, rounded to their grid. A number beyond the tokens is taken for the nearest one.</summary>
/// <param name="unit">What the values of a column are in its units.</param>
internal sealed partial class NumberCode<T, TLine>(double missing, NumberScale<T, TLine> scale, CellTable<TLine> cells, NumberUnit<T> unit) : TokenCode<T>(missing)
    where T : struct, INumber<T>
    where TLine : struct, INumber<TLine>
{
    private readonly bool _hasPosition = Enumerable.Range(0, cells.Count).Any(token => !cells.IsSpike(token));

    public NumberScale<T, TLine> Scale => scale;

    public CellTable<TLine> Cells => cells;

    public override int Categories => FirstValue + cells.Count;

    public override bool HasPosition => _hasPosition;

    public override bool TryEncode(T value, out float token, out float position)
    {
        (int nearest, position, double outside) = cells.Count > 0 ? cells.Encode(scale.ToLine(value)) : (0, 0, 0);
        token = FirstValue + nearest + Math.Min((float)outside, MostOutside);
        return cells.Count > 0;
    }

    // what can be added to the last token without its becoming another
    private float MostOutside => MathF.BitDecrement(Categories) - (Categories - 1);

    public override bool IsOrdered => true;

    public override IEnumerable<T> Values => cells.Count == 0 ? [] : [scale.FromLine(cells.Cells[0].First), scale.FromLine(cells.Cells[^1].Last)];

    public override IEnumerable<TokenPart> Parts(Func<T, int> side)
    {
        for (int token = FirstValue; token < Categories; token++)
        {
            int Side(float position) => side(Decode(token, position, 0));
            if (Side(0) > 0 || Side(TokenPart.Highest) < 0) continue;
            float first = Lowest(position => Side(position) >= 0), next = Side(TokenPart.Highest) <= 0 ? 1 : Lowest(position => Side(position) > 0);
            if (first < next) yield return new TokenPart(token, first, MathF.BitDecrement(next));
        }
    }

    // the lowest position from which on something holds: floats from 0 on are ordered as their bits are
    private static float Lowest(Func<float, bool> holds)
    {
        int low = 0, high = BitConverter.SingleToInt32Bits(TokenPart.Highest);
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            if (holds(BitConverter.Int32BitsToSingle(middle))) high = middle;
            else low = middle + 1;
        }
        return BitConverter.Int32BitsToSingle(low);
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

    // on a grid the chance of a number, without one a density, in which a single number counts as spread over its spacing
    private float[] LogWithin(int token)
    {
        double rows = RowsOf(token);
        return [.. cells.Token(token).Select(cell => (float)(Math.Log(cell.Rows / rows) - (scale.HasGrid ? Math.Log(cells.Size(cell)) : Math.Log(cells.Spacing(cell) / unit.Size))))];
    }

    private NumberCells Numbers(double rows)
    {
        // in units of the largest number, whose square need not be finite
        double unitOfSize = cells.Cells.Max(cell => Math.Max(Math.Abs(InUnits(cell.First)), Math.Abs(InUnits(cell.Last))));
        if (unitOfSize == 0) unitOfSize = 1;
        var below = new Dictionary<Cell<TLine>, double>();
        double sum = 0, mean = 0, squares = 0;
        foreach (var cell in cells.Cells)
        {
            below[cell] = sum / rows;
            sum += cell.Rows;
            double middle = InUnits(cell.First) / unitOfSize / 2 + InUnits(cell.Last) / unitOfSize / 2, deviation = middle - mean;
            mean += deviation * cell.Rows / sum;
            squares += cell.Rows * deviation * (middle - mean);
        }
        double spread = Math.Sqrt(squares / rows);
        if (spread <= 1e-12 * Math.Abs(mean)) spread = 1 / unitOfSize;   // constant
        IReadOnlyList<float[]> OfCells(Func<Cell<TLine>, double> what) =>
            [.. Enumerable.Range(-FirstValue, Categories).Select(token => token < 0 ? Array.Empty<float>() : [.. cells.Token(token).Select(cell => (float)what(cell))])];
        return new NumberCells(
            OfCells(cell => below[cell]),
            OfCells(cell => cell.Rows / rows),
            OfCells(cell => (InUnits(cell.First) / unitOfSize - mean) / spread),
            OfCells(cell => (InUnits(cell.Last) / unitOfSize - InUnits(cell.First) / unitOfSize) / spread),
            mean * unitOfSize,
            spread * unitOfSize);
    }

    private double InUnits(TLine value) => unit.ToDouble(scale.FromLine(value)) / unit.Size;
}

/// <summary>What a network is told of numbers in.</summary>
/// <param name="Size">What they are divided by: ticks of a day for dates.</param>
/// <param name="ToDouble">The number that an encoded one stands for.</param>
internal sealed record NumberUnit<T>(double Size, Func<T, double> ToDouble);
