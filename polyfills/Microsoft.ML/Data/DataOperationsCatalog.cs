using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Data: loading, saving, splitting, filtering.</summary>
public sealed partial class DataOperationsCatalog : IInternalCatalog
{
    internal DataOperationsCatalog(IHostEnvironment environment) => Environment = environment;

    IHostEnvironment IInternalCatalog.Environment => Environment;

    internal IHostEnvironment Environment { get; }
}
