using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with a type that is known at run time only.</summary>
internal static class GenericCalls
{
    /// <param name="example">The method, for any type argument.</param>
    /// <param name="typeArgument">The type argument to call it with.</param>
    /// <param name="arguments">Its arguments.</param>
    public static TResult Call<TResult>(Delegate example, Type typeArgument, params object[] arguments) =>
        (TResult)example.Method.GetGenericMethodDefinition().MakeGenericMethod(typeArgument)
            .Invoke(example.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
