using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a view, to look at.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Schema = Contracts.CheckValue(data, nameof(data)).Schema;
        Contracts.CheckParam(maxRows >= 0, nameof(maxRows));
        using var cursor = data.GetRowCursor(Schema);
        var read = Schema.Select(column => BoxedReader.Of(cursor, column)).ToArray();
        var columns = Schema.Select(_ => new List<object>()).ToArray();
        var rows = ImmutableArray.CreateBuilder<RowInfo>();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            foreach (var (column, reader) in columns.Zip(read))
                column.Add(reader());
            rows.Add(new([.. Schema.Select(column => KeyValuePair.Create(column.Name, columns[column.Index][^1]))]));
        }
        RowView = rows.ToImmutable();
        ColumnView = [.. Schema.Select(column => new ColumnInfo(column, [.. columns[column.Index]]))];
    }

    /// <summary>The columns.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>The values by column.</summary>
    public ImmutableArray<ColumnInfo> ColumnView { get; }

    /// <summary>The values by row.</summary>
    public ImmutableArray<RowInfo> RowView { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    /// <summary>The values of a row.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

        /// <summary>The values with the names of their columns.</summary>
        public KeyValuePair<string, object>[] Values { get; }

        /// <inheritdoc/>
        public override string ToString() => $"{Values.Length} columns";
    }

    /// <summary>The values of a column.</summary>
    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        /// <summary>The column.</summary>
        public DataViewSchema.Column Column { get; }

        /// <summary>The values.</summary>
        public object[] Values { get; }

        /// <inheritdoc/>
        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }

    private static class BoxedReader
    {
        public static Func<object> Of(DataViewRow row, DataViewSchema.Column column)
            => (Func<object>)typeof(BoxedReader).GetMethod(nameof(Make)).MakeGenericMethod(column.Type.RawType).Invoke(null, [row.GetterOf(column)]);

        // every value gets a buffer of its own
        public static Func<object> Make<T>(ValueGetter<T> getter) => () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }
}
