using System.Numerics;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Numbers as tokens and positions: every token is some cells, which stand one after the other in its position, each as wide as its share of the token's rows.</summary>
internal sealed class CellTable<T> where T : struct, INumber<T>
{
    private readonly NumberLine<T> _line = NumberLine<T>.Of();
    private readonly T[] _firsts;           // of all cells in order
    private readonly int[] _places;         // which cell of its token each is
    private readonly Cell<T>[][] _tokens;
    private readonly float[][] _ends;

    /// <param name="cells">Cells in order, without overlap; every token from 0 on has one.</param>
    public CellTable(IReadOnlyList<Cell<T>> cells)
    {
        Cells = cells;
        _firsts = [.. cells.Select(cell => cell.First)];
        _tokens = [.. cells.GroupBy(cell => cell.Token).OrderBy(token => token.Key).Select(token => token.ToArray())];
        _places = new int[cells.Count];
        var next = new int[_tokens.Length];
        for (int i = 0; i < cells.Count; i++) _places[i] = next[cells[i].Token]++;
        _ends = [.. _tokens.Select(token => Shares.Ends(token.Select(cell => cell.Rows)))];
    }

    /// <summary>All cells, in the order of their numbers.</summary>
    public IReadOnlyList<Cell<T>> Cells { get; }

    /// <summary>How many tokens there are.</summary>
    public int Count => _tokens.Length;

    /// <summary>The cells of a token, in the order of their numbers.</summary>
    public IReadOnlyList<Cell<T>> Token(int token) => _tokens[token];

    /// <summary>Upper ends of the cells of a token in its position.</summary>
    public float[] Ends(int token) => _ends[token];

    /// <summary>Whether a token is one number.</summary>
    public bool IsSpike(int token) => _tokens[token] is [var cell] && cell.First == cell.Last;

    /// <summary>How large a cell is, in steps of the numbers; 0 for a single real number.</summary>
    public double Size(Cell<T> cell) => _line.Size(cell.First, cell.Last);

    /// <summary>How far a cell reaches: its size, or, of a single number, half the way from the middle of the cell before to that of the cell after; 1 if there is no other.</summary>
    public double Spacing(Cell<T> cell)
    {
        if (cell.First != cell.Last) return Size(cell);
        if (Cells.Count == 1) return 1;
        int at = Array.BinarySearch(_firsts, cell.First), before = Math.Max(0, at - 1), after = Math.Min(Cells.Count - 1, at + 1);
        return Math.Max((Middle(after) - Middle(before)) / (after - before), double.Epsilon);

        double Middle(int i) => double.CreateChecked(Cells[i].First) / 2 + double.CreateChecked(Cells[i].Last) / 2;
    }

    /// <summary>Root of the density just beside a cell as a share of that within.</summary>
    public double Beside(Cell<T> cell) => cell.First == cell.Last ? Math.Min(1, 1 / Math.Sqrt(cell.Rows)) : 1;

    /// <summary>The token of a number, its position, and how far it is outside of all cells: 0 in one, and up to 1. A number in no cell is taken for the nearest one that is.</summary>
    /// <returns>
    /// Outside is 1 − √s with s the density there as a share of that of the nearest cell: 1 / (1 + t)² at a distance of t times the cell's spacing (a Lomax tail), and as if it had been
    /// the number of one row only, if the cell is a single number.
    /// </returns>
    public (int Token, float Position, double Outside) Encode(T value)
    {
        int at = Find(value);
        var cell = Cells[at];
        double distance = value < cell.First ? _line.Distance(value, cell.First) : value > cell.Last ? _line.Distance(cell.Last, value) : 0;
        double outside = distance == 0 ? 0 : 1 - Beside(cell) / (1 + distance / Spacing(cell));
        if (IsSpike(cell.Token)) return (cell.Token, 0, outside);
        double share = _line.ShareOf(cell.First, cell.Last, T.Clamp(value, cell.First, cell.Last));
        var ends = _ends[cell.Token];
        int place = _places[at];
        float low = place == 0 ? 0 : ends[place - 1], high = ends[place];
        return (cell.Token, Math.Clamp((float)(low + share * (high - low)), low, Math.Max(low, MathF.BitDecrement(high))), outside);
    }

    /// <summary>The number at a position of a token.</summary>
    public T Decode(int token, float position)
    {
        var (cells, ends) = (_tokens[token], _ends[token]);
        int place = Shares.Find(ends, position);
        float low = place == 0 ? 0 : ends[place - 1], high = ends[place];
        double share = high > low ? (position - low) / (double)(high - low) : 0.5;
        return _line.At(cells[place].First, cells[place].Last, Math.Clamp(share, 0, double.BitDecrement(1)));
    }

    /// <summary>Which of <see cref="Cells"/> a number is taken for.</summary>
    public int Find(T value)
    {
        int at = Array.BinarySearch(_firsts, value);
        if (at >= 0) return at;
        at = Math.Max(0, ~at - 1);   // the last one that begins below, if any does
        if (value <= Cells[at].Last || at + 1 == Cells.Count) return at;
        double before = _line.Size(Cells[at].Last, value), after = _line.Size(value, Cells[at + 1].First);
        return before <= after ? at : at + 1;
    }
}
