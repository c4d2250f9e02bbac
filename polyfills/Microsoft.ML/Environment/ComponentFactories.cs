namespace Microsoft.ML.Runtime;

/// <summary>Makes components.</summary>
public interface IComponentFactory
{
}

/// <summary>Makes components without arguments.</summary>
public interface IComponentFactory<out TComponent> : IComponentFactory
{
    /// <summary>Makes a component.</summary>
    TComponent CreateComponent(IHostEnvironment env);
}
