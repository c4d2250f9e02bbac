using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Generative.Encoding;
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
        if (!Can(model.Network, kind))
            throw new NotSupportedException($"A model of kind '{model.Options.ModelName}' has no graph {kind}{(kind == OnnxGraph.Sample && network.WhyNoSampleGraph is { } reason ? ": " + reason : "")}.");
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var graph = new OnnxGraphWriter($"{model.Options.ModelName}.{kind}");
        var encoded = kind == OnnxGraph.Sample ? null : new EncodedRows(model, graph, column => column.Name);
        var x = encoded?.X ?? graph.Input(NoiseInput, network.NoiseWidths.Sum());
        var label = model.Encoding.Label is { } column ? graph.Input(column.Name, column.Count) : null;
        var condition = model.Encoding.Condition.Of(label, ContextInput(model, graph));
        var result = network.Export(kind, x, condition);
        if (kind == OnnxGraph.Sample) OutputColumns(model, result);
        else graph.Output(OutputName(model.Options, kind), encoded!.Blanked(result, OutputShape(model, kind).Length + 1), OutputShape(model, kind));
        return ToBytes(graph, model, kind == OnnxGraph.Sample);
    }

    /// <summary>All numbers that the transformer adds, for one row at a time, which is how ML.NET runs a graph: an input of <see cref="StockStep"/>.</summary>
    /// <exception cref="NotSupportedException">The model has no graph.</exception>
    /// <exception cref="InvalidOperationException">The model holds numbers that are not finite.</exception>
    /// <exception cref="ObjectDisposedException">Its network is gone.</exception>
    public static byte[] ExportColumns(FittedModel model)
    {
        var network = Exportable(model);
        var options = model.Options;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var graph = new OnnxGraphWriter(options.ModelName);
        var encoded = new EncodedRows(model, graph, StockStep.GraphInput);   // (1, features)
        var label = model.Encoding.Label is { } column ? graph.Input(StockStep.VectorOf(column.Name), column.Count) : null;
        var condition = model.Encoding.Condition.Of(label, ContextInput(model, graph));
        var isKnown = label?.Sum(1, keepDimension: true);
        foreach (var kind in new[] { OnnxGraph.Score, OnnxGraph.LogDensity, OnnxGraph.Reconstruct, OnnxGraph.Encode, OnnxGraph.ColumnScores }.Where(kind => Can(model.Network, kind)))
        {
            var value = encoded.Blanked(network.Export(kind, encoded.X, condition), OutputShape(model, kind).Length + 1);
            if (isKnown is not null) value *= isKnown / isKnown;   // a label that is not known makes it NaN rather than a number that means nothing
            long width = OutputShape(model, kind) is [var size] ? size : 1;
            string name = OutputName(options, kind), output = StockStep.GraphOutput(model, name);
            graph.OutputOfRow(output, value, width);
            if (SlotNames.Of(model.Outputs.First(column => column.Name == name).Annotations) is { } slots) graph.NameSlots(output, slots);
        }
        return ToBytes(graph, model, synthetic: false);
    }

    private static void OutputColumns(FittedModel model, OnnxValue rows)
    {
        int start = 0;
        foreach (var column in model.Encoding.Columns)
        {
            rows.Graph.Output(column.Name, column.Decode(rows.Narrow(1, start, column.Width)), column.OnnxType, column.OnnxWidth);
            start += column.Width;
        }
    }

    private static OnnxValue? ContextInput(FittedModel model, OnnxGraphWriter graph) =>
        model.Encoding.Context is { Column: var context } ? graph.Input(context.Name, context.Width) : null;

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
        OnnxGraph.Sample => network is ISampler and not IOnnxExportable { WhyNoSampleGraph: not null },
        OnnxGraph.LogDensity => network is ILogDensity,
        OnnxGraph.ColumnScores => network is IColumnScorer,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such graph"),
    };

    private static string OutputName(GenerativeOptions options, OnnxGraph kind) => kind switch
    {
        OnnxGraph.Score => options.ScoreColumnName,
        OnnxGraph.Reconstruct => options.ReconstructionColumnName,
        OnnxGraph.Encode => options.LatentColumnName,
        OnnxGraph.ColumnScores => options.ColumnScoresColumnName,
        _ => options.LogDensityColumnName,
    };

    // after the batch axis
    private static long[] OutputShape(FittedModel model, OnnxGraph kind) => kind switch
    {
        OnnxGraph.Score or OnnxGraph.LogDensity => [],
        OnnxGraph.Encode => [((IEncoder)model.Network).LatentSize],
        OnnxGraph.ColumnScores => [model.Network.Input.TokenColumns.Count],
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

    /// <summary>The columns as inputs, encoded.</summary>
    private sealed class EncodedRows
    {
        private readonly OnnxValue? _blank;   // (batch, 1) 0, NaN where something cannot be encoded

        public EncodedRows(FittedModel model, OnnxGraphWriter graph, Func<FeatureColumn, string> name)
        {
            var columns = model.Encoding.Columns.Select(column => column.Encode(graph.Input(name(column), column.OnnxType, column.OnnxWidth))).ToArray();
            X = columns is [var single] ? single : columns[0].Concatenate(1, columns.AsSpan(1));
            if (!model.Encoding.Columns.Any(column => column is TableColumn)) return;
            _blank = (X * 0f).Sum(1, keepDimension: true);
            X = X.IsNaN().Select(graph.Scalar(0), X);   // a token is an index
        }

        /// <summary>(batch, features); numbers even where something cannot be encoded.</summary>
        public OnnxValue X { get; }

        /// <summary>What the network gives of a row, NaN where the row cannot be encoded, which the fitted model says with an error.</summary>
        /// <param name="rank">Of the value: 1 or 2.</param>
        public OnnxValue Blanked(OnnxValue value, int rank) => _blank is null ? value : value + (rank == 1 ? _blank.Squeeze(1) : _blank);
    }
}
