using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How the fields and properties of a class become columns.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    /// <summary>Which members count.</summary>
    [Flags]
    public enum Direction
    {
        /// <summary>Fields, and properties with a getter.</summary>
        Read = 1,

        /// <summary>Fields, and properties with a setter.</summary>
        Write = 2,

        /// <summary>Fields, and properties with either.</summary>
        Both = Read | Write,
    }

    /// <summary>The column of that name; null where there is none.</summary>
    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            Contracts.CheckParam(value.ColumnName == columnName, nameof(columnName),
                $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            int index = FindIndex(column => column.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    /// <summary>What the members and their attributes say.</summary>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        var definition = new SchemaDefinition();
        foreach (var member in ColumnMember.Of(Contracts.CheckValue(userType, nameof(userType)), direction))
        {
            string name = member.ColumnName;
            // members come in no defined order, so which of two would hide the other is not defined either
            Contracts.CheckParam(definition[name] == null, nameof(userType), $"Duplicate column name '{name}' detected, this is disallowed");
            definition.Add(new(member.Name, member.ColumnType(), name));
        }
        return definition;
    }

    /// <summary>How one member becomes a column.</summary>
    public sealed class Column
    {
        private readonly Dictionary<string, (DataViewType Type, Delegate Getter)> _annotations = [];

        internal Column(string memberName, DataViewType type, string columnName)
        {
            MemberName = memberName;
            ColumnType = type;
            ColumnName = columnName;
        }

        /// <summary>The name of the field or property.</summary>
        public string MemberName { get; }

        /// <summary>The name of the column.</summary>
        public string ColumnName { get; set; }

        /// <summary>The type of the column.</summary>
        public DataViewType ColumnType { get; set; }

        /// <summary>The annotations of the column.</summary>
        public DataViewSchema.Annotations Annotations
        {
            get
            {
                var builder = new DataViewSchema.Annotations.Builder();
                foreach (var (kind, (type, getter)) in _annotations)
                    builder.Add(kind, type, getter);
                return builder.ToAnnotations();
            }
        }

        /// <summary>Adds an annotation; the value may be an array or a string.</summary>
        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            Contracts.Check(!_annotations.ContainsKey(kind), "Column already contains an annotation of this kind.");
            var member = ColumnMember.ItemOf(typeof(T), out bool isVector);
            Contracts.Check(isVector == annotationType is VectorDataViewType,
                $"Value inputted is supposed to be {(isVector ? "vector" : "scalar")}, but type of the annotation is {annotationType}");
            Contracts.Check(member == annotationType.ItemType().RawType,
                $"Value inputted is supposed to have Type {member}, but type of the annotation has {annotationType.ItemType().RawType}");
            _annotations[kind] = (annotationType, MemberGetter.Make(typeof(T), annotationType, new RowHolder<T> { Row = value }, (T row) => row));
        }

        /// <summary>Takes over all annotations of a column.</summary>
        internal void TakeAnnotations(DataViewSchema.Annotations annotations)
        {
            foreach (var annotation in annotations.Schema)
                _annotations[annotation.Name] = (annotation.Type, annotations.GetterOf(annotation));
        }
    }
}

/// <summary>A field or property that becomes a column.</summary>
internal sealed class ColumnMember(MemberInfo member)
{
    public string Name => member.Name;

    public Type Type => (member as FieldInfo)?.FieldType ?? ((PropertyInfo)member).PropertyType;

    public string ColumnName => member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? Name;

    public static IEnumerable<ColumnMember> Of(Type type, SchemaDefinition.Direction direction, bool noColumnToo = false)
    {
        const BindingFlags PublicInstance = BindingFlags.Public | BindingFlags.Instance;
        bool Counts(PropertyInfo p) => p.GetIndexParameters().Length == 0
            && ((direction.HasFlag(SchemaDefinition.Direction.Read) && p.GetGetMethod() != null)
                || (direction.HasFlag(SchemaDefinition.Direction.Write) && p.GetSetMethod() != null));
        return type.GetFields(PublicInstance).Concat<MemberInfo>(type.GetProperties(PublicInstance).Where(Counts))
            .Where(m => noColumnToo || m.GetCustomAttribute<NoColumnAttribute>() == null)
            .Select(m => new ColumnMember(m)).Where(m => m.Type != typeof(IChannel));
    }

    public static ColumnMember Find(Type type, string name)
        => type.GetField(name) is { } field ? new(field)
            : type.GetProperty(name) is { } property ? new(property)
            : throw Contracts.ExceptParam("userSchemaDefinition", $"No field or property with name '{name}' found in type '{type.FullName}'");

    /// <summary>The raw type of one value of a member: arrays and vectors have items, and strings are text.</summary>
    public static Type ItemOf(Type type, out bool isVector)
    {
        isVector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        var item = !isVector ? type : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
        return item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
    }

    /// <summary>The type that member and attributes say.</summary>
    public DataViewType ColumnType()
    {
        var raw = CheckedItem(out bool isVector);
        var item = PrimitiveTypes.Of(raw);
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            Contracts.CheckParam(KeyDataViewType.IsValidDataType(raw), "userType",
                $"Member {Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            item = new KeyDataViewType(raw, key.Count);
        }
        var vector = member.GetCustomAttribute<VectorTypeAttribute>();
        Contracts.CheckParam(vector == null || isVector, "userType",
            $"Member {Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        return !isVector ? item : vector == null || vector.Dimensions.Length == 0 ? new VectorDataViewType(item) : new VectorDataViewType(item, vector.Dimensions);
    }

    /// <summary>The column to load from a text file.</summary>
    public TextLoader.Column LoadColumn()
    {
        string kind = member is FieldInfo ? "Field" : "Property";
        var source = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw Contracts.Except($"{kind} '{Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        var type = PrimitiveTypes.OrNull(ItemOf(Type, out bool isVector));
        Contracts.Check(type is not (null or RowIdDataViewType) && (!isVector || Type.IsArray), $"{kind} {Name} is of unsupported type.");
        var key = member.GetCustomAttribute<KeyTypeAttribute>();
        return new(ColumnName, PrimitiveTypes.KindOf(type).Value, source.Sources, key == null ? null : new(key.Count));
    }

    /// <summary>The raw type of one value; throws where no column can hold it.</summary>
    public Type CheckedItem(out bool isVector)
    {
        var raw = ItemOf(Type, out isVector);
        Contracts.CheckParam(PrimitiveTypes.OrNull(raw) != null, "rawType", $"Could not determine an IDataView type and registered custom types for member {Name}");
        return raw;
    }

    /// <summary>Checks a column type that the user gives against the member.</summary>
    public DataViewType CheckedType(DataViewType wanted, string columnName)
    {
        var raw = CheckedItem(out bool isVector);
        if (wanted == null)
            return isVector ? new VectorDataViewType(PrimitiveTypes.Of(raw)) : PrimitiveTypes.Of(raw);
        Contracts.CheckParam(isVector == wanted is VectorDataViewType, "userSchemaDefinition",
            $"Column '{columnName}' is supposed to be {(isVector ? "scalar" : "vector")}, but type of associated field '{Name}' is {(isVector ? "vector" : "scalar")}");
        Contracts.CheckParam(raw == wanted.ItemType().RawType, "userSchemaDefinition",
            $"Column '{columnName}' is supposed to have item type {wanted.ItemType().RawType}, but associated field has type {raw}");
        return wanted;
    }
}
