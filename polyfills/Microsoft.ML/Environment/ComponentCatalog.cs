using System.Collections.Concurrent;
using System.Reflection;

namespace Microsoft.ML
{
    /// <summary>Marks a class that models refer to by a name, so that it is found again when they are loaded.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public abstract class ExtensionBaseAttribute : Attribute
    {
        private protected ExtensionBaseAttribute(string contractName) => ContractName = contractName;

        /// <summary>The name.</summary>
        public string ContractName { get; }
    }
}

namespace Microsoft.ML.Runtime
{
    /// <summary>The components that models can be loaded with.</summary>
    public sealed class ComponentCatalog
    {
        private readonly ConcurrentDictionary<(Type Attribute, string Contract), Type> _extensions = new();
        private readonly ConcurrentDictionary<Assembly, bool> _registered = new();

        internal ComponentCatalog()
        {
        }

        /// <summary>Makes the marked classes of an assembly known.</summary>
        public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
        {
            Contracts.CheckValue(assembly, nameof(assembly));
            if (!_registered.TryAdd(assembly, true))
                return;
            foreach (var type in assembly.GetTypes())
                foreach (var attribute in type.GetCustomAttributes<ExtensionBaseAttribute>(inherit: false))
                {
                    var key = (attribute.GetType(), attribute.ContractName);
                    if (!_extensions.TryAdd(key, type) && throwOnError && _extensions[key] != type)
                        throw Contracts.Except($"Duplicate contract '{attribute.ContractName}': {_extensions[key]} and {type}");
                }
        }

        /// <summary>An instance of the class that is marked with such an attribute and that name.</summary>
        internal object CreateExtension(Type attributeType, string contractName)
            => _extensions.TryGetValue((attributeType, contractName), out var type)
                ? Activator.CreateInstance(type)
                : throw Contracts.ExceptParam(nameof(contractName),
                    $"Could not locate an instance of type '{attributeType.Name}' with contract name '{contractName}'. "
                    + $"Make sure its assembly is registered with {nameof(ComponentCatalog)}.{nameof(RegisterAssembly)}.");
    }
}
