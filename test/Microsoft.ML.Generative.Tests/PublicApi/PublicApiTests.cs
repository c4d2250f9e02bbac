using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Generative.Tests.PublicApi;

/// <summary>The public API is what <c>approved.txt</c> says. A change on purpose is approved by copying <c>received.txt</c>, which a failing run leaves beside it.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void IsAsApproved()
    {
        string folder = Path.GetDirectoryName(SourceFile())!, approved = Path.Combine(folder, "approved.txt"), received = Path.Combine(folder, "received.txt");
        string actual = string.Join("\n", Listing()) + "\n";
        if (!File.Exists(approved) || File.ReadAllText(approved) != actual)
        {
            File.WriteAllText(received, actual);
            Assert.Fail($"The public API is not as approved. Compare {received} with approved.txt, and copy it over if the change is meant.");
        }
        File.Delete(received);
    }

    private static IEnumerable<string> Listing() =>
        from assembly in new[] { typeof(GenerativeOptions).Assembly, typeof(GenerativeCatalog).Assembly }
        from type in assembly.GetExportedTypes()
        where !type.Name.Contains('$', StringComparison.Ordinal)   // what the compiler makes of an extension block
        orderby type.FullName
        from line in Members(type).Order(StringComparer.Ordinal).Prepend($"{Kind(type)} {Name(type)}")
        select line;

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var constructor in type.GetConstructors(declared).Where(IsVisible)) yield return $"    {type.Name}({Parameters(constructor)})";
        foreach (var property in type.GetProperties(declared).Where(p => IsVisible(p.GetMethod) && p.Name != "EqualityContract"))
            yield return $"    {Name(property.PropertyType)} {property.Name} {{ get;{(IsVisible(property.SetMethod) ? " init;" : "")} }}";
        foreach (var field in type.GetFields(declared).Where(f => f.IsPublic && !f.IsSpecialName)) yield return $"    {Name(field.FieldType)} {field.Name}";
        foreach (var method in type.GetMethods(declared).Where(m => IsVisible(m) && !m.IsSpecialName && !IsGenerated(m)))
            yield return $"    {Name(method.ReturnType)} {method.Name}({Parameters(method)})";
    }

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    // equality, printing and cloning of records
    private static bool IsGenerated(MethodInfo method) => method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name.StartsWith('<');

    private static string Kind(Type type) => type switch
    {
        { IsInterface: true } => "interface",
        { IsEnum: true } => "enum",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        $"{Name(p.ParameterType)} {p.Name}" + (p.HasDefaultValue ? $" = {p.DefaultValue ?? "null"}" : "")));

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => Name(type.GetElementType()!) + "[]",
        { IsGenericType: true } => $"{type.Namespace}.{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.FullName ?? type.Name,
    };

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
