using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Makes actions that put the value of a column into a member of an object.</summary>
internal static class MemberSetter
{
    public static Action<TRow> Make<TRow>(DataViewRow row, DataViewSchema.Column column, ColumnMember member)
    {
        var read = IsReadable(typeof(TRow), member) ? MemberGetter.Reader(typeof(TRow), member) : null;
        var write = Writer(typeof(TRow), member);
        if (member.Type == typeof(string))
            return Text(row.GetGetter<ReadOnlyMemory<char>>(column), (Action<TRow, string>)write);
        if (member.Type == typeof(string[]))
            return Texts(row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column), (Action<TRow, string[]>)write);
        string method = member.Type.IsArray ? nameof(Array) : column.Type is VectorDataViewType ? nameof(Vector) : nameof(Scalar);
        return (Action<TRow>)typeof(MemberSetter).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)
            .MakeGenericMethod(typeof(TRow), column.Type.ItemType().RawType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column, read, write], null);
    }

    private static bool IsReadable(Type rowType, ColumnMember member) => rowType.GetProperty(member.Name) is not { } property || property.GetGetMethod() != null;

    private static Delegate Writer(Type rowType, ColumnMember member)
    {
        ParameterExpression row = Expression.Parameter(rowType), value = Expression.Parameter(member.Type);
        return Expression.Lambda(typeof(Action<,>).MakeGenericType(rowType, member.Type),
            Expression.Assign(Expression.PropertyOrField(row, member.Name), value), row, value).Compile();
    }

    private static Action<TRow> Text<TRow>(ValueGetter<ReadOnlyMemory<char>> getter, Action<TRow, string> write)
    {
        ReadOnlyMemory<char> value = default;
        return target =>
        {
            getter(ref value);
            write(target, value.ToString());
        };
    }

    private static Action<TRow> Texts<TRow>(ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter, Action<TRow, string[]> write)
    {
        VBuffer<ReadOnlyMemory<char>> value = default;
        return target =>
        {
            getter(ref value);
            write(target, [.. value.DenseValues().Select(text => text.ToString())]);
        };
    }

    private static Action<TRow> Scalar<TRow, T>(DataViewRow row, DataViewSchema.Column column, Func<TRow, T> read, Action<TRow, T> write)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return target =>
        {
            getter(ref value);
            write(target, value);
        };
    }

    // an object that is used again keeps its buffer
    private static Action<TRow> Vector<TRow, T>(DataViewRow row, DataViewSchema.Column column, Func<TRow, VBuffer<T>> read, Action<TRow, VBuffer<T>> write)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        return target =>
        {
            var value = read == null ? default : read(target);
            getter(ref value);
            write(target, value);
        };
    }

    // an object that is used again keeps its array where the length is the same
    private static Action<TRow> Array<TRow, T>(DataViewRow row, DataViewSchema.Column column, Func<TRow, T[]> read, Action<TRow, T[]> write)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return target =>
        {
            getter(ref value);
            var array = read?.Invoke(target);
            if (array?.Length != value.Length)
                array = new T[value.Length];
            value.CopyTo(array);
            write(target, array);
        };
    }
}
