using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Marks a class that is loaded from a model file when the file names this signature. It has a static method
/// <c>Create(IHostEnvironment, ModelLoadContext)</c>, public or not.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class LoadableClassAttribute(string loaderSignature) : Attribute
{
    public string LoaderSignature { get; } = loaderSignature;
}

/// <summary>Finds the loadable classes by their signature.</summary>
internal static class LoadableClasses
{
    private static readonly Lazy<Dictionary<string, Func<IHostEnvironment, ModelLoadContext, object>>> BySignature = new(() =>
        (from assembly in Assemblies()
         from type in assembly.GetTypes()
         from attribute in type.GetCustomAttributes<LoadableClassAttribute>()
         select (attribute.LoaderSignature, Create: CreatorOf(type))).ToDictionary(pair => pair.LoaderSignature, pair => pair.Create));

    public static Func<IHostEnvironment, ModelLoadContext, object> Find(string signature) => BySignature.Value.GetValueOrDefault(signature);

    // this one, and those of its friends that are installed
    private static IEnumerable<Assembly> Assemblies()
    {
        var own = typeof(LoadableClasses).Assembly;
        yield return own;
        foreach (var friend in own.GetCustomAttributes<InternalsVisibleToAttribute>())
            if (TryLoad(friend.AssemblyName) is { } assembly)
                yield return assembly;
    }

    private static Assembly TryLoad(string name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private static Func<IHostEnvironment, ModelLoadContext, object> CreatorOf(Type type)
    {
        if (type.IsGenericTypeDefinition)
            type = type.MakeGenericType([.. type.GetGenericArguments().Select(_ => typeof(ITransformer))]);
        var method = type.GetMethod("Create", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(IHostEnvironment), typeof(ModelLoadContext)]);
        return method.CreateDelegate<Func<IHostEnvironment, ModelLoadContext, object>>();
    }
}
