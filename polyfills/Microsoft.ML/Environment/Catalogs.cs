using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the extension methods of a catalog need of it.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => Contracts.CheckValue(catalog, nameof(catalog)).Environment;
}

/// <summary>What a kind of learning task has to offer.</summary>
public abstract partial class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment environment) => Environment = environment;

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>The trainers of a kind of learning task; they are extension methods.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;

        IHostEnvironment IInternalCatalog.Environment => Owner.Environment;

        internal TrainCatalogBase Owner { get; }
    }
}

/// <summary>Two classes.</summary>
public sealed partial class BinaryClassificationCatalog : TrainCatalogBase
{
    internal BinaryClassificationCatalog(IHostEnvironment environment)
        : base(environment)
        => Trainers = new(this);

    /// <summary>The trainers.</summary>
    public BinaryClassificationTrainers Trainers { get; }

    /// <summary>The trainers; they are extension methods.</summary>
    public sealed class BinaryClassificationTrainers : CatalogInstantiatorBase
    {
        internal BinaryClassificationTrainers(BinaryClassificationCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>More than two classes.</summary>
public sealed partial class MulticlassClassificationCatalog : TrainCatalogBase
{
    internal MulticlassClassificationCatalog(IHostEnvironment environment)
        : base(environment)
        => Trainers = new(this);

    /// <summary>The trainers.</summary>
    public MulticlassClassificationTrainers Trainers { get; }

    /// <summary>The trainers; they are extension methods.</summary>
    public sealed class MulticlassClassificationTrainers : CatalogInstantiatorBase
    {
        internal MulticlassClassificationTrainers(MulticlassClassificationCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>What doesn't fit in.</summary>
public sealed partial class AnomalyDetectionCatalog : TrainCatalogBase
{
    internal AnomalyDetectionCatalog(IHostEnvironment environment)
        : base(environment)
        => Trainers = new(this);

    /// <summary>The trainers.</summary>
    public AnomalyDetectionTrainers Trainers { get; }

    /// <summary>The trainers; they are extension methods.</summary>
    public sealed class AnomalyDetectionTrainers : CatalogInstantiatorBase
    {
        internal AnomalyDetectionTrainers(AnomalyDetectionCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>Steps of a pipeline; most are extension methods.</summary>
public sealed class TransformsCatalog : IInternalCatalog
{
    internal TransformsCatalog(IHostEnvironment environment)
    {
        Environment = environment;
        Categorical = new(environment);
        Conversion = new(environment);
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    /// <summary>Categories as vectors.</summary>
    public CategoricalTransforms Categorical { get; }

    /// <summary>Other types and keys.</summary>
    public ConversionTransforms Conversion { get; }

    internal IHostEnvironment Environment { get; }

    /// <summary>Categories as vectors.</summary>
    public sealed class CategoricalTransforms : IInternalCatalog
    {
        private readonly IHostEnvironment _environment;

        internal CategoricalTransforms(IHostEnvironment environment) => _environment = environment;

        IHostEnvironment IInternalCatalog.Environment => _environment;
    }

    /// <summary>Other types and keys.</summary>
    public sealed class ConversionTransforms : IInternalCatalog
    {
        private readonly IHostEnvironment _environment;

        internal ConversionTransforms(IHostEnvironment environment) => _environment = environment;

        IHostEnvironment IInternalCatalog.Environment => _environment;
    }
}
