using Microsoft.ML.Generative;
using Microsoft.ML.Generative.Persistence;

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

    /// <summary>A neural autoregressive distribution estimator: NADE, RNADE for continuous features, EoNADE for any order (see <see cref="NadeOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="orderAgnostic">Whether it is trained for all orders of the features rather than for that of the columns.</param>
    public GenerativeEstimator<NadeOptions> TrainNade(string featureColumnName = "Features", bool orderAgnostic = false) =>
        TrainNade(new NadeOptions { FeatureColumnName = featureColumnName, OrderAgnostic = orderAgnostic });

    /// <inheritdoc cref="TrainNade(string, bool)"/>
    public GenerativeEstimator<NadeOptions> TrainNade(NadeOptions options) => new(_context, options);

    /// <summary>A variational autoencoder (see <see cref="VaeOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="latentSize">Size of the code; null for a rule by the number of features.</param>
    public GenerativeEstimator<VaeOptions> TrainVae(string featureColumnName = "Features", int? latentSize = null) =>
        TrainVae(new VaeOptions { FeatureColumnName = featureColumnName, LatentSize = latentSize });

    /// <inheritdoc cref="TrainVae(string, int?)"/>
    public GenerativeEstimator<VaeOptions> TrainVae(VaeOptions options) => new(_context, options);

    /// <summary>A denoising diffusion model: rows are drawn from noise, step by step (see <see cref="DiffusionOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="samplingSteps">Steps in which a row is drawn.</param>
    public GenerativeEstimator<DiffusionOptions> TrainDiffusion(string featureColumnName = "Features", int samplingSteps = 50) =>
        TrainDiffusion(new DiffusionOptions { FeatureColumnName = featureColumnName, SamplingSteps = samplingSteps });

    /// <inheritdoc cref="TrainDiffusion(string, int)"/>
    public GenerativeEstimator<DiffusionOptions> TrainDiffusion(DiffusionOptions options) => new(_context, options);

    /// <summary>A masked autoencoder for distribution estimation, MADE: exact densities, one variable after the other (see <see cref="MadeOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="orders">Orders of the features that the density is the mean over; null for a rule by the number of features.</param>
    public GenerativeEstimator<MadeOptions> TrainMade(string featureColumnName = "Features", int? orders = null) =>
        TrainMade(new MadeOptions { FeatureColumnName = featureColumnName, Orders = orders });

    /// <inheritdoc cref="TrainMade(string, int?)"/>
    public GenerativeEstimator<MadeOptions> TrainMade(MadeOptions options) => new(_context, options);

    /// <summary>A pairwise Markov network over binary or categorical columns (see <see cref="MarkovNetworkOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features that are 0 or 1, <c>Vector&lt;Single&gt;</c> of fixed size. Other columns are named by <see cref="GenerativeOptions.InputColumnNames"/>.</param>
    /// <param name="structure">Where the edges come from.</param>
    public GenerativeEstimator<MarkovNetworkOptions> TrainMarkovNetwork(string featureColumnName = "Features", MarkovStructure structure = MarkovStructure.BoundedTreewidth) =>
        TrainMarkovNetwork(new MarkovNetworkOptions { FeatureColumnName = featureColumnName, Structure = structure });

    /// <inheritdoc cref="TrainMarkovNetwork(string, MarkovStructure)"/>
    public GenerativeEstimator<MarkovNetworkOptions> TrainMarkovNetwork(MarkovNetworkOptions options) => new(_context, options);

    /// <summary>A Markov chain over sequences: texts by characters or words, vectors of keys or texts (see <see cref="MarkovChainOptions"/>).</summary>
    /// <param name="sequenceColumnName">Column of sequences, of any length.</param>
    /// <param name="order">How many symbols the next one depends on; null for the best on what is held out.</param>
    public MarkovChainEstimator TrainMarkovChain(string sequenceColumnName = "Sequence", int? order = null) =>
        TrainMarkovChain(new MarkovChainOptions { SequenceColumnName = sequenceColumnName, Order = order });

    /// <inheritdoc cref="TrainMarkovChain(string, int?)"/>
    public MarkovChainEstimator TrainMarkovChain(MarkovChainOptions options) => new(_context, options);

    /// <summary>A deep belief network: restricted Boltzmann machines on top of each other, learnt one after the other (see <see cref="DeepBeliefOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="hiddenSizes">Hidden units of the layers, from the features on; null for two layers by a rule.</param>
    public GenerativeEstimator<DeepBeliefOptions> TrainDeepBelief(string featureColumnName = "Features", IReadOnlyList<int>? hiddenSizes = null) =>
        TrainDeepBelief(new DeepBeliefOptions { FeatureColumnName = featureColumnName, HiddenSizes = hiddenSizes });

    /// <inheritdoc cref="TrainDeepBelief(string, IReadOnlyList{int}?)"/>
    public GenerativeEstimator<DeepBeliefOptions> TrainDeepBelief(DeepBeliefOptions options) => new(_context, options);

    /// <summary>A restricted Boltzmann machine of binary and Gaussian units (see <see cref="RbmOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="hiddenSize">Hidden units; null for a rule by the number of features.</param>
    public GenerativeEstimator<RbmOptions> TrainRbm(string featureColumnName = "Features", int? hiddenSize = null) =>
        TrainRbm(new RbmOptions { FeatureColumnName = featureColumnName, HiddenSize = hiddenSize });

    /// <inheritdoc cref="TrainRbm(string, int?)"/>
    public GenerativeEstimator<RbmOptions> TrainRbm(RbmOptions options) => new(_context, options);

    /// <summary>A model of tables with columns as they are: texts, keys, Booleans, numbers, dates, with missing values (see <see cref="TableOptions"/>).</summary>
    /// <param name="columns">Names of the columns to learn; none for all that there are and can be learnt, but for the label, if the model is conditioned on one.</param>
    public GenerativeEstimator<TableOptions> TrainTable(params string[] columns) => TrainTable(new TableOptions { InputColumnNames = columns.Length > 0 ? columns : null });

    /// <inheritdoc cref="TrainTable(string[])"/>
    public GenerativeEstimator<TableOptions> TrainTable(TableOptions options) => new(_context, options);

    /// <summary>Goes on training a model on other rows (transfer learning): the same network, from the weights that it has, with some layers frozen if wanted.</summary>
    /// <remarks>The rows need the columns, the number of features and the labels that the model knows. Features are standardised as they were in its first training, whatever the new
    /// rows are like; the threshold of <c>PredictedLabel</c> and the shares of the labels are learnt anew.</remarks>
    /// <param name="model">What <c>Fit</c> or <c>Load</c> gives. It stays as it is, and must not be disposed before the fit.</param>
    /// <param name="options">What to freeze and how to train; null for the defaults.</param>
    /// <exception cref="ArgumentException">Options are out of range, or name layers that the model has not; the message names all of them, and the layers there are.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public GenerativeEstimator<GenerativeOptions> ContinueTraining(GenerativeTransformer model, TransferOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new TransferOptions();
        var start = new StartingPoint(model.Model, options.Freeze);
        options.Validate(start);
        return new(_context, model.Model.Options with { Training = options.Training, Seed = options.Seed }, start);
    }

    /// <summary>A normalizing flow, which has an exact density (see <see cref="FlowOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="transforms">Transforms before the base, 0 to 100; see <see cref="FlowOptions.Transforms"/>.</param>
    public GenerativeEstimator<FlowOptions> TrainFlow(string featureColumnName = "Features", int transforms = 0) =>
        TrainFlow(new FlowOptions { FeatureColumnName = featureColumnName, Transforms = transforms });

    /// <inheritdoc cref="TrainFlow(string, int)"/>
    public GenerativeEstimator<FlowOptions> TrainFlow(FlowOptions options) => new(_context, options);

    /// <summary>A generative adversarial network (see <see cref="GanOptions"/>).</summary>
    /// <param name="featureColumnName">Column of features, <c>Vector&lt;Single&gt;</c> of fixed size.</param>
    /// <param name="latentSize">Size of the code that rows are drawn from; null for a rule by the number of features.</param>
    public GenerativeEstimator<GanOptions> TrainGan(string featureColumnName = "Features", int? latentSize = null) =>
        TrainGan(new GanOptions { FeatureColumnName = featureColumnName, LatentSize = latentSize });

    /// <inheritdoc cref="TrainGan(string, int?)"/>
    public GenerativeEstimator<GanOptions> TrainGan(GanOptions options) => new(_context, options);

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

    /// <summary>Fills in what is missing of rows (NaN, of a table also an empty text and key 0) by a generative model, given what is known of the row.</summary>
    /// <param name="model">The model that draws; it learns from the complete rows, one of a table from all. One that can't impute is a <see cref="NotSupportedException"/>.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit.</param>
    /// <param name="method">By draws, or by what is most likely.</param>
    public ImputingEstimator Impute(IEstimator<GenerativeTransformer> model, int? seed = null, ImputationMethod method = ImputationMethod.Draw) => new(_context, model, seed, method);

    /// <summary>Judges synthetic rows: how like real ones they are (single columns, pairs, a classifier that tells them apart), what they are worth for learning, and whether they copy.</summary>
    /// <remarks>All rows are read into memory; what columns can be compared, and the errors: <see cref="MetricsCatalog"/>.</remarks>
    /// <param name="real">The rows that the model was trained on. With other real rows in their place, distances and copies say nothing.</param>
    /// <param name="synthetic">Synthetic rows with the same columns; best as many as real ones.</param>
    /// <param name="options">Rows held out, a label, the columns; null for the defaults.</param>
    /// <exception cref="ArgumentException">A column is missing or can't be compared, there are no rows, the label has not two values, or options are out of range; the message names it.</exception>
    public SampleMetrics Evaluate(IDataView real, IDataView synthetic, EvaluateOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(synthetic);
        return Generative.Metrics.Evaluation.Of(_context, real, synthetic, options ?? new EvaluateOptions());
    }

    /// <summary>The metrics of <see cref="Evaluate(IDataView, IDataView, EvaluateOptions?)"/>, each by itself.</summary>
    public MetricsCatalog Metrics => new(_context);

    /// <summary>Writes a trained model to a file from which <see cref="Load(string)"/> makes it again: it scores and samples to the same numbers. The file
    /// holds the network, its options and what is known of the columns, and no row; other links of a chain are not in it.</summary>
    /// <param name="model">The model: what <c>Fit</c> gives, or <c>LastTransformer</c> of a fitted chain that ends with it.</param>
    /// <param name="path">File to make or to replace. If writing fails, the one that was there stays as it was.</param>
    /// <exception cref="InvalidOperationException">The model holds numbers that are not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(GenerativeTransformer model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ModelPersistence.Save(model.Model, path);
    }

    /// <inheritdoc cref="Save(GenerativeTransformer, string)"/>
    /// <param name="stream">Stream to write to; it stays open.</param>
    public void Save(GenerativeTransformer model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        ModelPersistence.Save(model.Model, stream);
    }

    /// <summary>Writes a trained Markov chain to a file from which <see cref="LoadMarkovChain(string)"/> makes it again.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="path">File to make or to replace. If writing fails, the one that was there stays as it was.</param>
    /// <exception cref="NotSupportedException">The symbols are too many for a model file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveMarkovChain(MarkovChainTransformer chain, string path)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentException.ThrowIfNullOrEmpty(path);
        ChainPersistence.Save(chain.Model, path);
    }

    /// <inheritdoc cref="SaveMarkovChain(MarkovChainTransformer, string)"/>
    /// <param name="stream">Stream to write to; it stays open.</param>
    public void SaveMarkovChain(MarkovChainTransformer chain, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(stream);
        ChainPersistence.Save(chain.Model, stream);
    }

    /// <summary>Reads a Markov chain that <see cref="SaveMarkovChain(MarkovChainTransformer, string)"/> wrote. Files from elsewhere are safe to read: all that they say is checked.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not a file of a chain of this version, is damaged, or says what does not go together; the message names it.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public MarkovChainTransformer LoadMarkovChain(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = ModelFile.Read(path);
        return new MarkovChainTransformer(ChainPersistence.Load(file));
    }

    /// <inheritdoc cref="LoadMarkovChain(string)"/>
    /// <param name="stream">Stream that can seek and holds the file from its beginning; it stays open.</param>
    /// <exception cref="ArgumentException">The stream can't seek.</exception>
    public MarkovChainTransformer LoadMarkovChain(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var file = ModelFile.Read(stream);
        return new MarkovChainTransformer(ChainPersistence.Load(file));
    }

    /// <summary>Writes what a trained model computes as an ONNX model, which ONNX Runtime runs anywhere. Its inputs and outputs have the names of the columns; those of
    /// a table have their types, too (dates and spans of time: ticks). A label is given as a one-hot vector, the noise of a sample as the input <c>noise</c>, standard normal.</summary>
    /// <param name="model">The model: what <c>Fit</c> or <c>Load</c> gives.</param>
    /// <param name="path">File to make or to replace. If writing fails, the one that was there stays as it was.</param>
    /// <param name="graph">What it computes.</param>
    /// <exception cref="NotSupportedException">The model can't compute that, or a graph can't draw a column, as of identifiers; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The model holds numbers that are not finite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void ExportOnnx(GenerativeTransformer model, string path, OnnxGraph graph = OnnxGraph.Score)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes = OnnxExport.Export(model.Model, graph);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <inheritdoc cref="ExportOnnx(GenerativeTransformer, string, OnnxGraph)"/>
    /// <param name="stream">Stream to write to; it stays open.</param>
    public void ExportOnnx(GenerativeTransformer model, Stream stream, OnnxGraph graph = OnnxGraph.Score)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(OnnxExport.Export(model.Model, graph));
    }

    /// <summary>Reads a model that <see cref="Save(GenerativeTransformer, string)"/> wrote. Files from elsewhere are safe to read: all that they say is checked.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model, on the device that <c>MLContext.GpuDeviceId</c> names, whichever it was trained on.</returns>
    /// <exception cref="InvalidDataException">It is not a model file of this version, is damaged, or says what does not go together; the message names it.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The GPU asked for is not there.</exception>
    public GenerativeTransformer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = ModelFile.Read(path);
        return new GenerativeTransformer(ModelPersistence.Load(file, _context));
    }

    /// <inheritdoc cref="Load(string)"/>
    /// <param name="stream">Stream that can seek and holds the file from its beginning; it stays open.</param>
    /// <exception cref="ArgumentException">The stream can't seek.</exception>
    public GenerativeTransformer Load(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var file = ModelFile.Read(stream);
        return new GenerativeTransformer(ModelPersistence.Load(file, _context));
    }
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
