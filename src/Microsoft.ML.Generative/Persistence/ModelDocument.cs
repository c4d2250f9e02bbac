using System.Reflection;
using System.Text.Json;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>What a model file says about its model, besides the weights: the content of <c>model.json</c>.</summary>
/// <param name="Model">Name of the kind of model, such as <c>Vae</c>: looked up in a list, never instantiated.</param>
/// <param name="Options">The options that it was made with.</param>
/// <param name="Input">The columns that it reads, and how they become numbers.</param>
/// <param name="Fit">What the fit found besides the weights.</param>
internal sealed record ModelDocument(string Model, JsonElement Options, JsonElement Input, JsonElement Fit)
{
    /// <summary>Version of the format that is written, and the only one that is read.</summary>
    public const int FormatVersion = 1;

    private const string Format = "mlgenerative-model";

    /// <summary>Version of this library.</summary>
    public static readonly string ThisLibraryVersion =
        typeof(ModelDocument).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Version of the library that wrote the file.</summary>
    public string LibraryVersion { get; init; } = ThisLibraryVersion;

    /// <summary>The program that wrote the file.</summary>
    public string CreatedBy { get; init; } = "Microsoft.ML.Generative " + ThisLibraryVersion;

    /// <summary>Fingerprint of the rows that it learnt from; null if unknown.</summary>
    public string? TrainingDataFingerprint { get; init; }

    /// <summary>The document as JSON, with the SHA-256 of the weights that it belongs to.</summary>
    public byte[] Encode(string weightsSha256)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("formatVersion", FormatVersion);
            json.WriteString("model", Model);
            json.WriteString("libraryVersion", LibraryVersion);
            json.WriteString("createdBy", CreatedBy);
            if (TrainingDataFingerprint is not null) json.WriteString("trainingDataFingerprint", TrainingDataFingerprint);
            json.WriteString("weightsSha256", weightsSha256);
            json.WritePropertyName("input");
            Input.WriteTo(json);
            json.WritePropertyName("options");
            Options.WriteTo(json);
            json.WritePropertyName("fit");
            Fit.WriteTo(json);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <summary>Reads a document; members that are not known are left alone.</summary>
    /// <exception cref="InvalidDataException">It is not such a document, or of another version.</exception>
    public static (ModelDocument Document, string WeightsSha256) Decode(ReadOnlyMemory<byte> utf8, string source)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "format", optional: true) != Format)
                throw new InvalidDataException($"it does not say \"format\": \"{Format}\"");
            if (!root.TryGetProperty("formatVersion", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number))
                throw new InvalidDataException("it has no formatVersion");
            if (number != FormatVersion)
            {
                throw new InvalidDataException($"it has format version {number}, written by {Text(root, "createdBy", optional: true) ?? "an unknown program"}; " +
                    $"this library, {ThisLibraryVersion}, reads version {FormatVersion}");
            }
            var document = new ModelDocument(Text(root, "model")!, Object(root, "options"), Object(root, "input"), Object(root, "fit"))
            {
                LibraryVersion = Text(root, "libraryVersion")!,
                CreatedBy = Text(root, "createdBy")!,
                TrainingDataFingerprint = Text(root, "trainingDataFingerprint", optional: true),
            };
            return (document, Text(root, "weightsSha256")!);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or InvalidOperationException)   // the last: text that is not Unicode
        {
            throw new InvalidDataException($"The model.json of {source} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static string? Text(JsonElement root, string name, bool optional = false)
    {
        if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString();
        return optional && value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : throw new InvalidDataException($"it has no text '{name}'");
    }

    private static JsonElement Object(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? value.Clone()
            : throw new InvalidDataException($"it has no object '{name}'");
}
