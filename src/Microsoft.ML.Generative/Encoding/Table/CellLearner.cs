using System.Numerics;

namespace Microsoft.ML.Generative.Encoding;

/// <summary>Learns the tokens of a column of numbers: one for each number that many rows have (spikes), in order, then quantile bins of all others.</summary>
/// <remarks>
/// A number that fewer rows have than <see cref="TableEncodingOptions.LeastRows"/> is never a cell by itself: it is part of an interval with as many other rows. The lowest and the
/// highest number are such that as many rows reach them; rows beyond count as if they were there.
/// </remarks>
internal sealed class CellLearner<T> where T : struct, INumber<T>
{
    // cells of a bin that are intervals; more of them would fit the noise of the rows, and fill the model file
    private const int MostIntervals = 12;

    // cells of a bin that are one number
    private const int MostPoints = 64;

    private readonly NumberLine<T> _line = NumberLine<T>.Of();
    private readonly TableEncodingOptions _options;
    private readonly double _rows;
    private readonly List<Number> _spikes;
    private readonly List<Number> _others = [];   // those that are not spikes

    private CellLearner(IReadOnlyList<(T Value, long Rows)> values, TableEncodingOptions options)
    {
        _options = options;
        _rows = values.Sum(value => (double)value.Rows);
        double spikeRows = values.Count <= options.FewValues ? options.LeastRows : Math.Max(options.LeastRows, options.SpikeShare * _rows);
        _spikes = [.. values.Where(value => value.Rows >= spikeRows).Select(value => new Number(value.Value, value.Rows, true))];
        var others = values.Where(value => value.Rows < spikeRows).ToList();
        if (others.Count == 0) return;
        if (_spikes.Count == 0 || others.Sum(value => value.Rows) >= options.LeastRows) _others = WithinEnds(others);
        else
            foreach (var (value, rows) in others) MoveToNearest(_spikes, value, rows);   // too few to make a bin
    }

    /// <param name="values">The different numbers in order, and the rows that have them; one at least.</param>
    public static CellTable<T> Learn(IReadOnlyList<(T Value, long Rows)> values, TableEncodingOptions options)
    {
        var learner = new CellLearner<T>(values, options);
        var bins = learner.Bins().Where(bin => bin.Count > 0).ToList();
        var spikes = learner._spikes.Select((spike, token) => new Cell<T>(token, spike.Value, spike.Value, spike.Rows));
        var cells = spikes.Concat(bins.SelectMany((bin, i) => bin.Select(cell => cell with { Token = learner._spikes.Count + i })));
        return new CellTable<T>([.. cells.OrderBy(cell => cell.First)]);
    }

    private List<Number> WithinEnds(List<(T Value, long Rows)> values)
    {
        T low = End(values, (reached, next) => _line.Middle(reached, next)), high = End([.. Enumerable.Reverse(values)], (reached, next) => _line.Middle(next, reached));
        if (low > high) (low, high) = (high, low);   // there are hardly more rows than must reach an end
        if (low == high && values.FindIndex(value => value.Value == low && value.Rows < _options.LeastRows) is >= 0 and var only)
        {
            // not one row's own number, but what lies around it
            if (only > 0) low = _line.Middle(values[only - 1].Value, low);
            if (only + 1 < values.Count) high = _line.Middle(high, values[only + 1].Value);
            if (low == high && only + 1 < values.Count) high = _line.Next(high);
            else if (low == high && only > 0) low = _line.Previous(low);
        }
        var numbers = new List<Number>();
        foreach (var (value, rows) in values)
        {
            var within = T.Clamp(value, low, high);
            bool isFrequent = within == value && rows >= _options.LeastRows;
            if (numbers.Count > 0 && numbers[^1].Value == within)
            {
                numbers[^1].Rows += rows;
                numbers[^1].IsFrequent |= isFrequent;
            }
            else numbers.Add(new Number(within, rows, isFrequent));
        }
        return numbers;
    }

    // from the outside in: the first number with enough rows up to it, if it has them by itself, or else halfway to the next
    private T End(IReadOnlyList<(T Value, long Rows)> values, Func<T, T, T> middle)
    {
        long reached = 0;
        int at = 0;
        while ((reached += values[at].Rows) < _options.LeastRows && at + 1 < values.Count) at++;
        if (values[at].Rows >= _options.LeastRows || values.Count == 1) return values[at].Value;
        return at + 1 < values.Count ? middle(values[at].Value, values[at + 1].Value) : middle(values[at - 1].Value, values[at].Value);
    }

    private IEnumerable<List<Cell<T>>> Bins()
    {
        if (_others.Count == 0) return [];
        double others = _others.Sum(number => number.Rows);
        double perBin = Math.Max(Math.Max(_rows / _options.Bins, Math.Sqrt(_rows)), Math.Max(2 * _options.LeastRows, 10));
        var bins = Runs(_others, others / Math.Max(1, Math.Floor(others / perBin)));
        return Intervals(bins, _others[0].Value, _others[^1].Value).Select(bin => Cells(bin.Numbers, bin.First, bin.Last));
    }

    // of a bin: the numbers of many rows by themselves, the rest in intervals from which those are left out
    private List<Cell<T>> Cells(List<Number> numbers, T first, T last)
    {
        double least = Math.Max(_options.LeastRows, numbers.Sum(number => number.Rows) / MostPoints);
        var points = numbers.Where(number => number.IsFrequent && number.Rows >= least).ToList();
        var rest = numbers.Except(points).ToList();
        double restRows = rest.Sum(number => number.Rows);
        var cells = new List<Cell<T>>();
        if (points.Count > 0 && restRows < _options.LeastRows)
            foreach (var number in rest) MoveToNearest(points, number.Value, number.Rows);
        else if (rest.Count > 0)
        {
            var leftOut = points.Concat(_spikes).Select(number => number.Value).Where(value => value >= first && value <= last).Order().ToList();
            foreach (var group in Intervals(Runs(rest, Math.Max(_options.LeastRows, restRows / MostIntervals), leastNumbers: 2), first, last))
            {
                var (from, to) = Trimmed(group.Numbers, group.First, group.Last);
                double rows = group.Numbers.Sum(number => number.Rows);
                var pieces = Without(leftOut.Where(value => value >= from && value <= to), from, to).ToList();
                bool isOneNumber = pieces.Count == 1 && pieces[0].First == pieces[0].Last;
                if (pieces.Count == 0 || (isOneNumber && points.Count + _spikes.Count > 0)) MoveToNearest(points.Count > 0 ? points : _spikes, from, rows);
                else cells.AddRange(Shared(pieces, rows));
            }
        }
        return [.. cells, .. points.Select(point => new Cell<T>(0, point.Value, point.Value, point.Rows))];
    }

    // rows of several pieces, by their size; one so small that it would have none is left out
    private IEnumerable<Cell<T>> Shared(List<(T First, T Last)> pieces, double rows)
    {
        double Size((T First, T Last) piece) => _line.Size(piece.First, piece.Last);
        double all = pieces.Sum(Size);
        var kept = pieces.Where(piece => Size(piece) > 1e-9 * all).ToList();
        double size = kept.Sum(Size);
        return kept.Count == 0 ? [new Cell<T>(0, pieces[0].First, pieces[0].Last, rows)] : kept.Select(piece => new Cell<T>(0, piece.First, piece.Last, rows * (Size(piece) / size)));
    }

    // an interval ends half a step beyond its numbers, so that a gap between clusters stays one
    private (T First, T Last) Trimmed(List<Number> numbers, T first, T last)
    {
        if (numbers.Count < 2) return (first, last);
        double halfStep = (double.CreateChecked(numbers[^1].Value) - double.CreateChecked(numbers[0].Value)) / (numbers.Count - 1) / 2;
        return (T.Max(first, _line.Move(numbers[0].Value, -halfStep)), T.Min(last, _line.Move(numbers[^1].Value, halfStep)));
    }

    private IEnumerable<(T First, T Last)> Without(IEnumerable<T> leftOut, T first, T last)
    {
        foreach (var value in leftOut)
        {
            if (value > first) yield return (first, _line.Previous(value));
            if (value == last) yield break;
            first = _line.Next(value);
        }
        yield return (first, last);
    }

    // at least so many neighbouring numbers, with at least so many rows together
    private static List<List<Number>> Runs(List<Number> numbers, double rows, int leastNumbers = 1)
    {
        rows -= 1e-9 * rows;   // but for rounding
        List<List<Number>> runs = [[]];
        double inRun = 0, left = numbers.Sum(number => number.Rows);
        for (int i = 0; i < numbers.Count; i++)
        {
            if (inRun >= rows && runs[^1].Count >= leastNumbers && left >= rows && numbers.Count - i >= leastNumbers)
            {
                runs.Add([]);
                inRun = 0;
            }
            runs[^1].Add(numbers[i]);
            inRun += numbers[i].Rows;
            left -= numbers[i].Rows;
        }
        return runs;
    }

    // runs divide the whole between them halfway from one to the next
    private IEnumerable<(List<Number> Numbers, T First, T Last)> Intervals(List<List<Number>> runs, T first, T last)
    {
        for (int i = 0; i < runs.Count; i++)
        {
            var end = i + 1 < runs.Count ? _line.Middle(runs[i][^1].Value, runs[i + 1][0].Value) : last;
            yield return (runs[i], first, end);
            first = i + 1 < runs.Count ? _line.Next(end) : first;
        }
    }

    private static void MoveToNearest(List<Number> numbers, T value, double rows) =>
        numbers.MinBy(number => Math.Abs(double.CreateChecked(number.Value) - double.CreateChecked(value)))!.Rows += rows;

    private sealed class Number(T value, double rows, bool isFrequent)
    {
        public T Value { get; } = value;

        public double Rows { get; set; } = rows;

        /// <summary>Whether enough rows had it for it to be given back as it is.</summary>
        public bool IsFrequent { get; set; } = isFrequent;
    }
}
