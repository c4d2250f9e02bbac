using Microsoft.ML.Generative;

namespace Microsoft.ML;

/// <summary>Generative models as steps of an ML.NET pipeline: <c>mlContext.Generative</c>.</summary>
public sealed class GenerativeCatalog
{
    private readonly MLContext _context;

    private GenerativeCatalog(MLContext context) => _context = context;

    /// <summary>The catalog of a context; the same as <c>mlContext.Generative</c>, for compilers without extension properties.</summary>
    public static GenerativeCatalog Of(MLContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new GenerativeCatalog(context);
    }

    /// <summary>An autoencoder: plain, denoising or sparse (see <see cref="AutoencoderOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="latentSize">Size of the code; null for a rule by the number of features.</param>
    public GenerativeEstimator<AutoencoderOptions> TrainAutoencoder(string featureColumnName = "Features", int? latentSize = null) =>
        TrainAutoencoder(new AutoencoderOptions { FeatureColumnName = featureColumnName, LatentSize = latentSize });

    /// <inheritdoc cref="TrainAutoencoder(string, int?)"/>
    public GenerativeEstimator<AutoencoderOptions> TrainAutoencoder(AutoencoderOptions options) => new(_context, options);

    /// <summary>A variational autoencoder (see <see cref="VaeOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="latentSize">Size of the code; null for a rule by the number of features.</param>
    public GenerativeEstimator<VaeOptions> TrainVae(string featureColumnName = "Features", int? latentSize = null) =>
        TrainVae(new VaeOptions { FeatureColumnName = featureColumnName, LatentSize = latentSize });

    /// <inheritdoc cref="TrainVae(string, int?)"/>
    public GenerativeEstimator<VaeOptions> TrainVae(VaeOptions options) => new(_context, options);

    /// <summary>Balances classes with rows that a generative model draws, while a pipeline is being fitted and only then.</summary>
    /// <param name="labelColumnName">Column of the class: a key, Boolean, text or number.</param>
    /// <param name="generator">The model that draws them; one that can be conditioned on a label learns from the rows of all classes.</param>
    public OversamplingEstimator Oversample(string labelColumnName, IEstimator<IGenerativeTransformer> generator) =>
        Oversample(generator, new OversampleOptions { LabelColumnName = labelColumnName });

    /// <inheritdoc cref="Oversample(string, IEstimator{IGenerativeTransformer})"/>
    public OversamplingEstimator Oversample(IEstimator<IGenerativeTransformer> generator, OversampleOptions options) => new(_context, generator, options);

    /// <summary>Balances classes with rows between neighbours of the same class (SMOTE, Chawla et al., 2002), while a pipeline is being fitted and only then:
    /// the baseline that a generative model has to beat.</summary>
    /// <param name="labelColumnName">Column of the class: a key, Boolean, text or number.</param>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    public SmoteEstimator Smote(string labelColumnName = "Label", string featureColumnName = "Features") =>
        Smote(new SmoteOptions { LabelColumnName = labelColumnName, FeatureColumnName = featureColumnName });

    /// <inheritdoc cref="Smote(string, string)"/>
    public SmoteEstimator Smote(SmoteOptions options) => new(_context, options);
}

/// <summary>Puts <see cref="GenerativeCatalog"/> on <see cref="MLContext"/>.</summary>
public static class GenerativeContextExtensions
{
    extension(MLContext mlContext)
    {
        /// <summary>Generative models: estimators, oversampling, samples.</summary>
        public GenerativeCatalog Generative => GenerativeCatalog.Of(mlContext);
    }
}
