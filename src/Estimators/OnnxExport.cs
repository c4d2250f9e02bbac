using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Persistence.Onnx;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Fitted models as ONNX graphs. Inputs and outputs are called as the columns, so that ML.NET's <c>ApplyOnnxModel</c> finds them.</summary>
internal static class OnnxExport
{
    /// <summary>Name of the input that a sample is made of.</summary>
    public const string NoiseInput = "noise";

    /// <summary>One graph over batches of rows.</summary>
    /// <exception cref="NotSupportedException">The model cannot do that.</exception>
    /// <exception cref="InvalidOperationException">The model holds numbers that are not finite.</exception>
    /// <exception cref="ObjectDisposedException">Its network is gone.</exception>
    public static byte[] Export(FittedModel model, OnnxGraph kind)
    {
        var network = Exportable(model);
        if (!Can(model.Network, kind)) throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' has no graph {kind}.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var graph = new OnnxGraphWriter($"{model.Options.ModelName}.{kind}");
        var x = kind == OnnxGraph.Sample ? graph.Input(NoiseInput, network.NoiseWidths.Sum()) : graph.Input(model.Options.FeatureColumnName, model.Encoding.Features);
        var condition = model.Encoding.Label is { } label ? graph.Input(label.Name, model.Encoding.ConditionSize) : null;
        graph.Output(OutputName(model.Options, kind), network.Export(kind, x, condition), OutputShape(model, kind));
        return ToBytes(graph, model, kind == OnnxGraph.Sample);
    }

    /// <summary>All columns that the transformer adds, for one row at a time, which is how ML.NET runs a graph.</summary>
    /// <exception cref="NotSupportedException">The graph cannot be a step of a stock pipeline; the message says why.</exception>
    /// <exception cref="InvalidOperationException">The model holds numbers that are not finite.</exception>
    /// <exception cref="ObjectDisposedException">Its network is gone.</exception>
    public static byte[] ExportColumns(FittedModel model)
    {
        var network = Exportable(model);
        var options = model.Options;
        if (model.Encoding.Label is { } label)
        {
            throw new NotSupportedException($"A model that is conditioned on a label ('{label.Name}') can't be written into an ML.NET zip: "
                + "stock ML.NET has no step that turns labels into what it reads. Use mlContext.Generative.Save, and Load to read it back.");
        }
        if (model.Outputs.Any(output => output.Name == options.FeatureColumnName))
        {
            throw new NotSupportedException($"A model that writes the column it reads ('{options.FeatureColumnName}') can't be written into an ML.NET zip. "
                + "Give its output another name, or use mlContext.Generative.Save.");
        }
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var graph = new OnnxGraphWriter(options.ModelName);
        var x = graph.Input(options.FeatureColumnName, model.Encoding.Features);   // (1, features)
        foreach (var kind in new[] { OnnxGraph.Score, OnnxGraph.LogDensity, OnnxGraph.Reconstruct, OnnxGraph.Encode }.Where(kind => Can(model.Network, kind)))
        {
            var value = network.Export(kind, x, null);
            long width = OutputShape(model, kind) is [var size] ? size : 1;
            graph.OutputOfRow(OutputName(options, kind), value, width);
            if (kind == OnnxGraph.Score) graph.OutputOfRow(options.PredictedLabelColumnName, value.Greater(graph.Scalar(model.Threshold)), 1, boolean: true);
        }
        return ToBytes(graph, model, synthetic: false);
    }

    private static IOnnxExportable Exportable(FittedModel model)
    {
        ModelPersistence.CheckWhole(model);
        return model.Network as IOnnxExportable ?? throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' has no ONNX graph.");
    }

    public static bool Can(GenerativeNetwork network, OnnxGraph kind) => kind switch
    {
        OnnxGraph.Score => network is IScorer,
        OnnxGraph.Reconstruct => network is IReconstructor,
        OnnxGraph.Encode => network is IEncoder,
        OnnxGraph.Sample => network is ISampler,
        OnnxGraph.LogDensity => network is ILogDensity,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private static string OutputName(GenerativeOptions options, OnnxGraph kind) => kind switch
    {
        OnnxGraph.Score => options.ScoreColumnName,
        OnnxGraph.Reconstruct => options.ReconstructionColumnName,
        OnnxGraph.Encode => options.LatentColumnName,
        OnnxGraph.Sample => options.FeatureColumnName,
        _ => options.LogDensityColumnName,
    };

    // after the batch axis
    private static long[] OutputShape(FittedModel model, OnnxGraph kind) => kind switch
    {
        OnnxGraph.Score or OnnxGraph.LogDensity => [],
        OnnxGraph.Encode => [((IEncoder)model.Network).LatentSize],
        _ => [model.Encoding.Features],
    };

    private static byte[] ToBytes(OnnxGraphWriter graph, FittedModel model, bool synthetic)
    {
        var metadata = new Dictionary<string, string>
        {
            ["model"] = model.Options.ModelName,
            ["libraryVersion"] = ModelDocument.ThisLibraryVersion,
            ["trainingDataFingerprint"] = model.Fingerprint.ToString("x16", CultureInfo.InvariantCulture),
            ["scoreThreshold"] = model.Threshold.ToString(CultureInfo.InvariantCulture),
            ["synthetic"] = synthetic ? "true" : "false",
        };
        if (model.Encoding.Label is { } label) metadata["labels"] = JsonSerializer.Serialize(label.ValuesAsText);
        using var stream = new MemoryStream();
        graph.WriteTo(stream, ModelDocument.ThisLibraryVersion, metadata);
        return stream.ToArray();
    }
}
