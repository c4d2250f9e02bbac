using System.Collections;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>The columns of a view. Of several columns with one name the last one counts, and the others are hidden.</summary>
public sealed partial class DataViewSchema : IReadOnlyList<DataViewSchema.Column>
{
    private readonly Column[] _columns;
    private readonly Dictionary<string, int> _byName = [];

    private DataViewSchema(Column[] columns)
    {
        _columns = columns;
        foreach (var column in columns)
            _byName[column.Name] = column.Index;
    }

    /// <summary>The number of columns, hidden ones included.</summary>
    public int Count => _columns.Length;

    /// <summary>The column of that name that isn't hidden.</summary>
    public Column this[string name]
        => GetColumnOrNull(name) ?? throw new ArgumentOutOfRangeException(nameof(name), $"Column '{name}' not found");

    /// <summary>A column by its index.</summary>
    public Column this[int columnIndex]
        => 0 <= columnIndex && columnIndex < _columns.Length ? _columns[columnIndex] : throw new ArgumentOutOfRangeException(nameof(columnIndex));

    /// <summary>The column of that name that isn't hidden, or null.</summary>
    public Column? GetColumnOrNull(string name)
    {
        ArgumentNullException.ThrowIfNull(string.IsNullOrEmpty(name) ? null : name, nameof(name));
        return _byName.TryGetValue(name, out int index) ? _columns[index] : null;
    }

    /// <inheritdoc/>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => $"{Count} columns";

    internal bool TryGetColumnIndex(string name, out int index) => _byName.TryGetValue(name, out index);

    /// <summary>A column of a view.</summary>
    public struct Column
    {
        internal Column(string name, int index, bool isHidden, DataViewType type, Annotations annotations)
        {
            Name = name;
            Index = index;
            IsHidden = isHidden;
            Type = type;
            Annotations = annotations ?? Annotations.Empty;
        }

        /// <summary>The name.</summary>
        public string Name { get; }

        /// <summary>The index in the schema.</summary>
        public int Index { get; }

        /// <summary>Whether a later column has the same name.</summary>
        public bool IsHidden { get; }

        /// <summary>The type of its values.</summary>
        public DataViewType Type { get; }

        /// <summary>What else is known of it, such as the names of the slots of a vector.</summary>
        public Annotations Annotations { get; }

        /// <inheritdoc/>
        public override string ToString()
            => Annotations is null or { Schema.Count: 0 } ? $"{Name}: {Type}" : $"{Name}: {Type} {{{Annotations}}}";
    }

    /// <summary>A column that belongs to no schema yet.</summary>
    public struct DetachedColumn
    {
        /// <param name="name">The name.</param>
        /// <param name="type">The type of its values.</param>
        /// <param name="annotations">What else is known of it.</param>
        public DetachedColumn(string name, DataViewType type, Annotations annotations = null)
        {
            ArgumentNullException.ThrowIfNull(string.IsNullOrEmpty(name) ? null : name, nameof(name));
            Name = name;
            Type = type ?? throw new ArgumentNullException(nameof(type));
            Annotations = annotations ?? Annotations.Empty;
        }

        /// <param name="column">The column to take everything from.</param>
        public DetachedColumn(Column column)
        {
            Name = column.Name;
            Type = column.Type;
            Annotations = column.Annotations;
        }

        /// <summary>The name.</summary>
        public string Name { get; }

        /// <summary>The type of its values.</summary>
        public DataViewType Type { get; }

        /// <summary>What else is known of it.</summary>
        public Annotations Annotations { get; }
    }

    /// <summary>Makes schemas.</summary>
    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = [];

        /// <summary>An empty builder.</summary>
        public Builder()
        {
        }

        /// <summary>Adds a column.</summary>
        public void AddColumn(string name, DataViewType type, Annotations annotations = null) => _columns.Add(new(name, type, annotations));

        /// <summary>Adds columns of another schema, hidden ones included.</summary>
        public void AddColumns(IEnumerable<Column> source) => _columns.AddRange(source.Select(column => new DetachedColumn(column)));

        /// <summary>Adds columns.</summary>
        public void AddColumns(IEnumerable<DetachedColumn> source) => _columns.AddRange(source);

        /// <summary>The schema of the columns so far.</summary>
        public DataViewSchema ToSchema()
        {
            var last = new Dictionary<string, int>();
            for (int i = 0; i < _columns.Count; i++)
                last[_columns[i].Name] = i;
            return new(_columns.Select((c, i) => new Column(c.Name, i, last[c.Name] != i, c.Type, c.Annotations)).ToArray());
        }
    }
}
