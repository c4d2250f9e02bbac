using System.Collections;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What is known of a schema before the data: the columns, but neither the sizes of vectors nor the number of keys.</summary>
public sealed class SchemaShape : IReadOnlyList<SchemaShape.Column>
{
    private static readonly SchemaShape Empty = new([]);

    private readonly Column[] _columns;

    /// <param name="columns">The columns.</param>
    public SchemaShape(IEnumerable<Column> columns)
    {
        Contracts.CheckValue(columns, nameof(columns));
        _columns = [.. columns];
        Contracts.CheckParam(_columns.All(column => column.IsValid), nameof(columns), "Some items are not initialized properly.");
    }

    /// <summary>The number of columns.</summary>
    public int Count => _columns.Length;

    /// <summary>A column by its index.</summary>
    public Column this[int index] => _columns[index];

    /// <inheritdoc/>
    public IEnumerator<Column> GetEnumerator() => ((IEnumerable<Column>)_columns).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static SchemaShape Create(DataViewSchema schema)
        => new(Contracts.CheckValue(schema, nameof(schema)).Where(column => !column.IsHidden)
            .Select(column => ShapeOf(column.Name, column.Type, new(column.Annotations.Schema.Select(a => ShapeOf(a.Name, a.Type))))));

    internal static Column ShapeOf(string name, DataViewType type, SchemaShape annotations = null)
    {
        GetColumnTypeShape(type, out var kind, out var itemType, out bool isKey);
        return new(name, kind, itemType, isKey, annotations);
    }

    internal static void GetColumnTypeShape(DataViewType type, out Column.VectorKind kind, out DataViewType itemType, out bool isKey)
    {
        var vector = type as VectorDataViewType;
        kind = vector == null ? Column.VectorKind.Scalar : vector.IsKnownSize ? Column.VectorKind.Vector : Column.VectorKind.VariableVector;
        itemType = vector?.ItemType ?? type;
        isKey = itemType is KeyDataViewType;
        if (isKey)
            itemType = PrimitiveTypes.Of(itemType.RawType);
    }

    internal bool TryFindColumn(string name, out Column column)
    {
        Contracts.CheckValue(name, nameof(name));
        column = Array.Find(_columns, c => c.Name == name);
        return column.IsValid;
    }

    /// <summary>What is known of one column.</summary>
    public struct Column
    {
        /// <summary>Whether the column holds vectors.</summary>
        public enum VectorKind
        {
            /// <summary>One value per row.</summary>
            Scalar,

            /// <summary>A vector of one size in all rows.</summary>
            Vector,

            /// <summary>A vector whose size may differ from row to row.</summary>
            VariableVector,
        }

        /// <summary>The name.</summary>
        public readonly string Name;

        /// <summary>Whether it holds vectors.</summary>
        public readonly VectorKind Kind;

        /// <summary>The type of one value; for a key the number type that holds it.</summary>
        public readonly DataViewType ItemType;

        /// <summary>Whether the values are keys.</summary>
        public readonly bool IsKey;

        /// <summary>The annotations that it will have.</summary>
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind vecKind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Contracts.CheckNonEmpty(name, nameof(name));
            Contracts.CheckParam(itemType is not KeyDataViewType, nameof(itemType), "Item type cannot be a key");
            Contracts.CheckParam(itemType is not VectorDataViewType, nameof(itemType), "Item type cannot be a vector");
            Contracts.CheckParam(!isKey || KeyDataViewType.IsValidDataType(itemType.RawType), nameof(itemType), "The item type must be valid for a key");
            Name = name;
            Kind = vecKind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? Empty;
        }

        internal readonly bool IsValid => Name != null;

        /// <summary>Whether <paramref name="source"/> can stand where this is asked for.</summary>
        internal readonly bool IsCompatibleWith(Column source)
        {
            Contracts.Check(source.IsValid, nameof(source));
            return Name == source.Name && Kind == source.Kind && ItemType.Equals(source.ItemType) && IsKey == source.IsKey
                && Annotations.All(wanted => source.Annotations.TryFindColumn(wanted.Name, out var found) && wanted.IsCompatibleWith(found));
        }

        internal readonly string GetTypeString()
        {
            string type = IsKey ? $"Key<{ItemType}>" : ItemType.ToString();
            return Kind switch { VectorKind.Vector => $"Vector<{type}>", VectorKind.VariableVector => $"VarVector<{type}>", _ => type };
        }
    }
}
