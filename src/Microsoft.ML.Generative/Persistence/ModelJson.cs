using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>How options and the parts of a model file are written to and read from JSON: names as in the code, enumerations by name, unknown names, missing ones and nulls in the wrong place refused.</summary>
internal static class ModelJson
{
    private static readonly JsonSerializerOptions Settings = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string Serialize(object value) => JsonSerializer.Serialize(value, value.GetType(), Settings);

    public static JsonElement ToElement(object value) => JsonSerializer.SerializeToElement(value, value.GetType(), Settings);

    /// <exception cref="JsonException">It is no such thing.</exception>
    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Settings) ?? throw new JsonException("It is null.");

    /// <summary>What an exception says, less the position, which counts from the start of an element that nobody sees.</summary>
    public static string Reason(Exception exception) => exception.Message.Split(" | LineNumber")[0];
}
