using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Fitted models and the files that hold them.</summary>
internal static class ModelPersistence
{
    /// <exception cref="InvalidOperationException">The model holds numbers that are not finite.</exception>
    /// <exception cref="ObjectDisposedException">Its network is gone.</exception>
    public static void Save(FittedModel model, string path)
    {
        CheckWhole(model);
        ModelFile.Write(path, Describe(model), State(model.Network));
    }

    /// <inheritdoc cref="Save(FittedModel, string)"/>
    public static void Save(FittedModel model, Stream stream)
    {
        CheckWhole(model);
        ModelFile.Write(stream, Describe(model), State(model.Network));
    }

    /// <summary>Makes the model of a file, on the device that the context names.</summary>
    /// <exception cref="InvalidDataException">The file says what cannot be, or what does not go together; the message names it.</exception>
    public static FittedModel Load(ModelFile file, MLContext context)
    {
        try
        {
            var options = GenerativeModels.ReadOptions(file.Document.Model, file.Document.Options);
            var input = Read<InputDocument>(file.Document.Input, "input");
            var fit = Read<FitDocument>(file.Document.Fit, "fit");
            var encoding = input.ToEncoding();
            CheckColumns(encoding, options);
            fit.Check(encoding.Condition.Labels);
            long fingerprint = Fingerprint(file.Document.TrainingDataFingerprint);

            using var log = new ChannelLog(context, options.ModelName, "Loading");
            var device = ComputeDevice.Of(context, log, "Scoring and sampling");
            var network = CreateNetwork(options, input.ToNetworkInput(encoding), file, device);
            return new FittedModel(options, encoding, network, device, fit.Seed, fingerprint, fit.Report) { Threshold = fit.Threshold, LabelShares = fit.LabelShares };
        }
        catch (InvalidDataException e) when (!e.Message.Contains(file.Source, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"The model of {file.Source} cannot be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static ModelDocument Describe(FittedModel model) => new(
        model.Options.ModelName,
        ModelJson.ToElement(model.Options),
        ModelJson.ToElement(InputDocument.Of(model.Encoding, model.Network.Input)),
        ModelJson.ToElement(new FitDocument(model.Seed, model.Threshold, model.LabelShares, model.Report)))
    {
        TrainingDataFingerprint = model.Fingerprint.ToString("x16", CultureInfo.InvariantCulture),
    };

    /// <summary>All numbers that belong to a network.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> State(GenerativeNetwork network) =>
        network.named_parameters().Select(p => (p.Item1, (Tensor)p.Item2)).Concat(network.named_buffers());

    /// <exception cref="InvalidOperationException">It holds numbers that are not finite.</exception>
    /// <exception cref="ObjectDisposedException">Its network is gone.</exception>
    public static void CheckWhole(FittedModel model)
    {
        ObjectDisposedException.ThrowIf(model.IsDisposed, typeof(GenerativeTransformer));
        foreach (var (name, tensor) in State(model.Network))
            if (!IsFinite(tensor)) throw new InvalidOperationException($"The model can't be saved: its '{name}' holds numbers that are not finite. Fit it again, with a lower learning rate.");
    }

    private static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.isfinite().all().item<bool>();
    }

    private static T Read<T>(JsonElement element, string name)
    {
        try
        {
            return ModelJson.Read<T>(element);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"its {name} cannot be read: {ModelJson.Reason(e)}", e);
        }
    }

    private static long Fingerprint(string? text) =>
        long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long fingerprint)
            ? fingerprint
            : throw new InvalidDataException($"its trainingDataFingerprint is '{text}' instead of 16 hexadecimal digits");

    private static void CheckColumns(RowEncoding encoding, GenerativeOptions options)
    {
        string[] named = [.. options.LearntColumnNames, .. new[] { options.LabelColumnName, options.ContextColumnName }.OfType<string>()];
        if (!encoding.InputColumns.SequenceEqual(named) || encoding.Label?.Name != options.LabelColumnName || encoding.Context?.Column.Name != options.ContextColumnName)
            throw new InvalidDataException($"its columns are {Names(encoding.InputColumns)}, and its options name {Names(named)}");
        if (encoding.Columns.FirstOrDefault(column => column is TableColumn != options.InputColumnNames is not null) is { } other)
            throw new InvalidDataException($"column '{other.Name}' is {(other is TableColumn ? "one of a table" : "no column of a table")}, which its options do not name so");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    private static GenerativeNetwork CreateNetwork(GenerativeOptions options, NetworkInput input, ModelFile file, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // some more than there is, so that a tensor that is missing is named
        var initializer = Initializer.Blank(device, mostNumbers: 2 * file.Numbers + 1_000_000, mostTensors: 2 * file.TensorNames.Count + 100);
        try
        {
            options.ImageOfFeatures?.Check(options.FeatureColumnName, input.Features);
            var network = options.CreateNetwork(input, initializer);
            Fill(network, file);
            return network;
        }
        catch (Exception e)
        {
            initializer.Discard();
            if (e is ArgumentException) throw new InvalidDataException(e.Message, e);   // its options do not go with its columns
            throw;
        }
    }

    private static void Fill(GenerativeNetwork network, ModelFile file)
    {
        var left = file.TensorNames.ToHashSet();
        foreach (var (name, tensor) in State(network))
        {
            var saved = file.Require(name, tensor.shape);
            if (!IsFinite(saved)) throw new InvalidDataException($"tensor '{name}' holds numbers that are not finite");
            tensor.copy_(saved);
            left.Remove(name);
        }
        if (left.Count > 0) throw new InvalidDataException($"it has a tensor '{left.Order(StringComparer.Ordinal).First()}', which the network that it describes has not");
        foreach (var transform in network.modules().OfType<InputTransform>())
            if (!transform.Mean.ToFloats().SequenceEqual(network.Input.Mean) || !transform.Scale.ToFloats().SequenceEqual(network.Input.Scale))
                throw new InvalidDataException("its weights standardise the features by other means and scales than it says");
    }
}
