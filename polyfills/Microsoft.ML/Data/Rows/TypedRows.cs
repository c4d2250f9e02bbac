using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Puts the columns of a row into the members of an object.</summary>
internal sealed class TypedRows<TRow>
    where TRow : class, new()
{
    private readonly (ColumnMember Member, DataViewSchema.Column Column)[] _columns;

    /// <param name="schema">The columns that there are.</param>
    /// <param name="ignoreMissingColumns">Whether members may lack a column.</param>
    /// <param name="definition">How members get columns; null for what their attributes say.</param>
    public TypedRows(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write);
        var columns = new List<(ColumnMember, DataViewSchema.Column)>();
        foreach (var (member, name, _, _) in RowClass<TRow>.Columns(definition))
        {
            if (schema.GetColumnOrNull(name) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw Contracts.ExceptSchemaMismatch(nameof(schema), "", name);
            }
            var item = member.CheckedItem(out bool isVector);
            Contracts.Check(isVector == column.Type is VectorDataViewType && item == column.Type.ItemType().RawType,
                $"Can't bind the IDataView column '{name}' of type '{column.Type}' to field or property '{member.Name}' of type '{member.Type.FullName}'.");
            columns.Add((member, column));
        }
        _columns = [.. columns];
    }

    /// <summary>What fills objects from that row.</summary>
    /// <summary>The columns that are read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _columns.Select(c => c.Column);

    public Action<TRow>[] MakeSetters(DataViewRow row) => [.. _columns.Select(c => MemberSetter.Make<TRow>(row, row.Schema[c.Column.Index], c.Member))];

    /// <summary>The rows of a view as objects; nothing is read before they are enumerated.</summary>
    public IEnumerable<TRow> Enumerate(IDataView data, bool reuseRowObject)
    {
        using var cursor = data.GetRowCursor(_columns.Select(c => c.Column));
        var setters = MakeSetters(cursor);
        TRow row = null;
        while (cursor.MoveNext())
        {
            if (row == null || !reuseRowObject)
                row = new();
            foreach (var set in setters)
                set(row);
            yield return row;
        }
    }
}
