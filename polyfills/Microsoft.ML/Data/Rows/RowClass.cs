using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns of a class, ready to be read from its objects.</summary>
internal sealed class RowClass<TRow>
{
    private readonly (ColumnMember Member, Delegate Read)[] _members;

    public RowClass(SchemaDefinition definition = null)
    {
        definition ??= SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        var builder = new DataViewSchema.Builder();
        var members = new List<(ColumnMember, Delegate)>();
        foreach (var (member, name, type, column) in Columns(definition))
        {
            builder.AddColumn(name, type, column.Annotations);
            members.Add((member, MemberGetter.Reader(typeof(TRow), member)));
        }
        Schema = builder.ToSchema();
        _members = [.. members];
    }

    public DataViewSchema Schema { get; }

    /// <summary>The members with name and type of their columns, checked against the definition.</summary>
    public static IEnumerable<(ColumnMember Member, string Name, DataViewType Type, SchemaDefinition.Column Column)> Columns(SchemaDefinition definition)
        => definition.Select(column =>
        {
            string name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
            var member = ColumnMember.Find(typeof(TRow), column.MemberName);
            return (member, name, member.CheckedType(column.ColumnType, name), column);
        });

    /// <summary>The definition for a class whose columns shall have the types and annotations of that schema.</summary>
    public static SchemaDefinition DefinitionFor(DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var target = definition[column.Name] ?? throw Contracts.Except($"Type should contain a member named {column.Name}");
            target.ColumnType = column.Type;
            target.TakeAnnotations(column.Annotations);
        }
        return definition;
    }

    /// <summary>The getters of the active columns for whatever row the holder has.</summary>
    public Delegate[] MakeGetters(RowHolder<TRow> holder, bool[] active)
        => [.. _members.Select((m, i) => active[i] ? MemberGetter.Make(m.Member.Type, Schema[i].Type, holder, m.Read) : null)];
}
