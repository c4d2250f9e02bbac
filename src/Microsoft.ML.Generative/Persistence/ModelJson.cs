using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Generative.Persistence;

/// <summary>How options are written to and read from JSON: names as in the code, enumerations by name, unknown names refused.</summary>
internal static class ModelJson
{
    private static readonly JsonSerializerOptions Settings = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static string Serialize(object value) => JsonSerializer.Serialize(value, value.GetType(), Settings);

    public static JsonElement ToElement(object value) => JsonSerializer.SerializeToElement(value, value.GetType(), Settings);

    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Settings)!;
}
