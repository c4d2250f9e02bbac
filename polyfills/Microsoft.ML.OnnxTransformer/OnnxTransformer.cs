using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Adds the outputs of an ONNX model, computed row by row.</summary>
[LoadableClass(LoaderSignature)]
public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    internal const string LoaderSignature = "OnnxTransform";

    private const string ModelEntry = "OnnxModel";

    // 0x00010003 was the first to keep the recursion limit; older files are not read here
    private static readonly VersionInfo Version = new(
        "ONNXSCOR", 0x00010003, 0x00010003, 0x00010003, LoaderSignature, typeof(OnnxTransformer).Assembly.FullName);

    private readonly Func<byte[]> _modelBytes;
    private readonly OnnxModelOptions _options;

    /// <param name="environment">The environment.</param>
    /// <param name="modelBytes">Gives the model, now and when it is saved: ML.NET reads its file again then.</param>
    /// <param name="options">The columns, the device.</param>
    internal OnnxTransformer(IHostEnvironment environment, Func<byte[]> modelBytes, OnnxModelOptions options)
        : base(environment.Register(nameof(OnnxTransformer)))
    {
        foreach (string name in options.Inputs.Concat(options.Outputs)) Contracts.CheckParam(!string.IsNullOrWhiteSpace(name), nameof(options), "The name of a column is empty.");
        Model = new OnnxModel(environment, modelBytes(), options);
        _modelBytes = modelBytes;
        _options = options;
        Inputs = options.Inputs.Length > 0 ? options.Inputs : [.. Model.Inputs.Select(input => input.Name)];
        Outputs = options.Outputs.Length > 0 ? options.Outputs : [.. Model.Outputs.Select(output => output.Name)];
        try
        {
            OutputTypes = Array.ConvertAll(Outputs, name => Model.Output(name).Type);
        }
        catch
        {
            Model.Dispose();
            throw;
        }
    }

    internal OnnxModel Model { get; }

    internal string[] Inputs { get; }

    internal string[] Outputs { get; }

    internal DataViewType[] OutputTypes { get; }

    /// <summary>Frees the model, which can't be used any more.</summary>
    public void Dispose() => Model.Dispose();

    internal static Func<byte[]> FromFile(string path)
    {
        Contracts.CheckParam(!string.IsNullOrWhiteSpace(path), nameof(path), "The path of the model is empty.");
        if (!File.Exists(path)) throw new IOException($"Model file {path} does not exists.");
        return () => File.ReadAllBytes(path);
    }

    internal static Func<byte[]> FromStream(Stream stream)
    {
        Contracts.CheckValue(stream, nameof(stream));
        stream.Seek(0, SeekOrigin.Begin);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        byte[] bytes = copy.ToArray();
        return () => bytes;
    }

    private static OnnxTransformer Create(IHostEnvironment environment, ModelLoadContext ctx)
    {
        ctx.CheckVersionInfo(Version);
        byte[] bytes = null;
        ctx.LoadBinaryStream(ModelEntry, reader => bytes = reader.ReadBytes(reader.ReadCount()));
        string[] inputs = ReadNames(ctx), outputs = ReadNames(ctx);
        var shapes = new (string, int[])[ctx.Reader.ReadCount()];
        for (int i = 0; i < shapes.Length; i++)
            shapes[i] = (ctx.LoadNonEmptyString(), [.. Enumerable.Range(0, ctx.Reader.ReadCount()).Select(_ => ctx.Reader.ReadInt32())]);
        var local = LocalEnvironment.Of(environment);
        return new(environment, () => bytes, new()
        {
            Inputs = inputs,
            Outputs = outputs,
            Shapes = shapes,
            RecursionLimit = ctx.Reader.ReadInt32(),
            GpuDeviceId = local.GpuDeviceId,
            FallbackToCpu = local.FallbackToCpu,
        });
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        byte[] bytes = _modelBytes();
        ctx.SaveBinaryStream(ModelEntry, writer =>
        {
            writer.Write(bytes.Length);
            writer.Write(bytes);
        });
        WriteNames(ctx, Inputs);
        WriteNames(ctx, Outputs);
        ctx.Writer.Write(_options.Shapes.Count);
        foreach (var (name, shape) in _options.Shapes)
        {
            ctx.SaveNonEmptyString(name);
            ctx.Writer.Write(shape.Length);
            foreach (int size in shape) ctx.Writer.Write(size);
        }
        ctx.Writer.Write(_options.RecursionLimit);
    }

    private protected override RowMapper MakeRowMapper(DataViewSchema schema) => new OnnxRowMapper(this, schema);

    private static string[] ReadNames(ModelLoadContext ctx)
    {
        int count = ctx.Reader.ReadCount();
        Contracts.CheckDecode(count > 0, "an ONNX model has neither inputs nor outputs");
        return [.. Enumerable.Range(0, count).Select(_ => ctx.LoadNonEmptyString())];
    }

    private static void WriteNames(ModelSaveContext ctx, string[] names)
    {
        ctx.Writer.Write(names.Length);
        foreach (string name in names) ctx.SaveNonEmptyString(name);
    }
}
