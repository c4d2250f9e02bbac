using Microsoft.ML.Data;
using Microsoft.ML.Generative.Scoring;

namespace Microsoft.ML.Generative.Generation;

/// <summary>Some rows of the same schema.</summary>
/// <param name="View">The rows.</param>
/// <param name="Rows">How many they were when they were counted; decides how evenly a shuffled cursor mixes them in.</param>
internal sealed record ViewPart(IDataView View, long Rows);

/// <summary>
/// The rows of several views, one after the other. A shuffled cursor draws the next row from each part in proportion to what is left of it,
/// so that parts which cannot shuffle themselves (drawn rows, whose order means nothing) are mixed in all the same.
/// </summary>
internal sealed class AppendedView(IReadOnlyList<ViewPart> parts) : IDataView
{
    private volatile bool _wasRead;

    /// <summary>Whether anybody has opened a cursor.</summary>
    public bool WasRead => _wasRead;

    public DataViewSchema Schema => parts[0].View.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => parts.Aggregate((long?)0, (sum, part) => sum + part.View.GetRowCount());

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        _wasRead = true;
        return new Cursor(this, new ActiveColumns(Schema, columnsNeeded), rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private DataViewRowCursor Open(int part, ActiveColumns active, Random? rand)
    {
        var view = parts[part].View;
        var columns = active.Columns.Select(column => view.Schema[column.Index]).ToList();
        return view.GetRowCursor(columns, view.CanShuffle ? rand : null);
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly AppendedView _view;
        private readonly ActiveColumns _active;
        private readonly Random? _rand;
        private readonly DataViewRowCursor?[] _cursors;
        private readonly long[] _left;
        private int _part;
        private long _position = -1;
        private bool _ended;

        public Cursor(AppendedView view, ActiveColumns active, Random? rand)
        {
            _view = view;
            _active = active;
            _rand = rand;
            _cursors = new DataViewRowCursor?[view.Parts.Count];
            _left = [.. view.Parts.Select(part => part.Rows)];
        }

        public override DataViewSchema Schema => _view.Schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended) return false;
            _ended = !(_rand is null ? MoveInOrder() : MoveShuffled(_rand));
            _position = _ended ? -1 : _position + 1;
            return !_ended;
        }

        private bool MoveInOrder()
        {
            for (; _part < _cursors.Length; _part++)
            {
                _cursors[_part] ??= _view.Open(_part, _active, null);
                if (_cursors[_part]!.MoveNext()) return true;
                _cursors[_part]!.Dispose();
            }
            return false;
        }

        private bool MoveShuffled(Random rand)
        {
            while (_left.Sum() is > 0 and var total)
            {
                long drawn = rand.NextInt64(total);
                for (_part = 0; drawn >= _left[_part]; _part++) drawn -= _left[_part];
                _cursors[_part] ??= _view.Open(_part, _active, rand);
                if (_cursors[_part]!.MoveNext())
                {
                    // one row more than were counted, as long as there are any
                    _left[_part] = Math.Max(_left[_part] - 1, 1);
                    return true;
                }
                _left[_part] = 0;
            }
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _active.Check<TValue>(column);
            int index = column.Index;
            var getters = new ValueGetter<TValue>?[_cursors.Length];
            return (ref TValue value) =>
            {
                var getter = getters[CurrentPart()] ??= Current.GetGetter<TValue>(Current.Schema[index]);
                getter(ref value);
            };
        }

        public override ValueGetter<DataViewRowId> GetIdGetter()
        {
            var getters = new ValueGetter<DataViewRowId>?[_cursors.Length];
            return (ref DataViewRowId id) =>
            {
                var getter = getters[CurrentPart()] ??= Current.GetIdGetter();
                getter(ref id);
                id = id.Combine(new DataViewRowId((ulong)_part, 0));   // the parts may number their rows alike
            };
        }

        private DataViewRowCursor Current => _cursors[_part]!;

        private int CurrentPart() => _position >= 0
            ? _part
            : throw new InvalidOperationException("The cursor stands at no row: call MoveNext before reading, and stop when it returns false.");

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _ended = true;
                _position = -1;
                foreach (var cursor in _cursors) cursor?.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    private IReadOnlyList<ViewPart> Parts => parts;
}
