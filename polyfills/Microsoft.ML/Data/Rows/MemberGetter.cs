using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The object whose members are read.</summary>
internal sealed class RowHolder<TRow>
{
    public TRow Row;
}

/// <summary>Makes column getters of what reads a member.</summary>
internal static class MemberGetter
{
    /// <summary>The getter of a column from a member of that type.</summary>
    /// <param name="memberType">An array, a vector, a string or a primitive type.</param>
    /// <param name="columnType">The type of the column.</param>
    /// <param name="holder">Whose row is read.</param>
    /// <param name="read">Reads the member: a <c>Func&lt;TRow, TMember&gt;</c>.</param>
    public static Delegate Make<TRow>(Type memberType, DataViewType columnType, RowHolder<TRow> holder, Delegate read)
    {
        if (memberType == typeof(string))
            return Text(holder, (Func<TRow, string>)read);
        if (memberType == typeof(string[]))
            return Texts(holder, (Func<TRow, string[]>)read);
        if (columnType is KeyDataViewType key)
            return Call(nameof(Key), typeof(TRow), memberType, holder, read, key.Count);
        return Call(memberType.IsArray ? nameof(Array) : columnType is VectorDataViewType ? nameof(Vector) : nameof(Scalar),
            typeof(TRow), columnType.ItemType().RawType, holder, read);
    }

    /// <summary>A compiled <c>Func&lt;TRow, TMember&gt;</c>.</summary>
    public static Delegate Reader(Type rowType, ColumnMember member)
    {
        var row = Expression.Parameter(rowType);
        return Expression.Lambda(typeof(Func<,>).MakeGenericType(rowType, member.Type), Expression.PropertyOrField(row, member.Name), row).Compile();
    }

    private static Delegate Call(string method, Type rowType, Type valueType, params object[] arguments)
        => (Delegate)typeof(MemberGetter).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic).MakeGenericMethod(rowType, valueType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static ValueGetter<T> Scalar<TRow, T>(RowHolder<TRow> holder, Func<TRow, T> read) => (ref T destination) => destination = read(holder.Row);

    private static ValueGetter<VBuffer<T>> Vector<TRow, T>(RowHolder<TRow> holder, Func<TRow, VBuffer<T>> read)
        => (ref VBuffer<T> destination) => read(holder.Row).CopyTo(ref destination);

    private static ValueGetter<VBuffer<T>> Array<TRow, T>(RowHolder<TRow> holder, Func<TRow, T[]> read)
        => (ref VBuffer<T> destination) =>
        {
            var values = read(holder.Row);
            VBuffer<T>.Copy(values, 0, ref destination, values?.Length ?? 0);
        };

    private static ValueGetter<ReadOnlyMemory<char>> Text<TRow>(RowHolder<TRow> holder, Func<TRow, string> read)
        => (ref ReadOnlyMemory<char> destination) => destination = read(holder.Row).AsMemory();

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Texts<TRow>(RowHolder<TRow> holder, Func<TRow, string[]> read)
        => (ref VBuffer<ReadOnlyMemory<char>> destination) =>
        {
            var texts = read(holder.Row) ?? [];
            var editor = VBufferEditor.Create(ref destination, texts.Length);
            for (int i = 0; i < texts.Length; i++)
                editor.Values[i] = texts[i].AsMemory();
            destination = editor.Commit();
        };

    // members count keys from 0, columns from 1
    private static Delegate Key<TRow, T>(RowHolder<TRow> holder, Delegate read, ulong count) => read switch
    {
        Func<TRow, byte> r => Getter((ref byte d) => d = r(holder.Row) is var k && k < count ? (byte)(k + 1) : (byte)0),
        Func<TRow, ushort> r => Getter((ref ushort d) => d = r(holder.Row) is var k && k < count ? (ushort)(k + 1) : (ushort)0),
        Func<TRow, uint> r => Getter((ref uint d) => d = r(holder.Row) is var k && k < count ? k + 1 : 0),
        Func<TRow, ulong> r => Getter((ref ulong d) => d = r(holder.Row) is var k && k < count ? k + 1 : 0),
        _ => throw Contracts.Except($"A key can't be held as {typeof(T)}."),
    };

    private static ValueGetter<T> Getter<T>(ValueGetter<T> getter) => getter;
}
