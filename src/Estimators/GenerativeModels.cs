using System.Text.Json;
using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative;

/// <summary>The models that a file can hold, by the name of <see cref="GenerativeOptions.ModelName"/>. A new model is one line.</summary>
internal static class GenerativeModels
{
    private static readonly SortedDictionary<string, Func<JsonElement, GenerativeOptions>> All = new(StringComparer.Ordinal)
    {
        ["autoencoder"] = ModelJson.Read<AutoencoderOptions>,
        ["diffusion"] = ModelJson.Read<DiffusionOptions>,
        ["markov-network"] = ModelJson.Read<MarkovNetworkOptions>,
        ["made"] = ModelJson.Read<MadeOptions>,
        ["nade"] = ModelJson.Read<NadeOptions>,
        ["gan"] = ModelJson.Read<GanOptions>,
        ["flow"] = ModelJson.Read<FlowOptions>,
        ["deepbelief"] = ModelJson.Read<DeepBeliefOptions>,
        ["rbm"] = ModelJson.Read<RbmOptions>,
        ["table"] = ModelJson.Read<TableOptions>,
        ["vae"] = ModelJson.Read<VaeOptions>,
    };

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Reads and checks the options of a model.</summary>
    /// <exception cref="InvalidDataException">There is no such model, or the options are none of its own or out of range.</exception>
    public static GenerativeOptions ReadOptions(string model, JsonElement options)
    {
        if (!All.TryGetValue(model, out var read))
            throw new InvalidDataException($"it holds a model of kind '{model}'; this library reads {string.Join(", ", All.Keys)}");
        try
        {
            var result = read(options);
            result.Validate();
            return result;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"its options cannot be used: {ModelJson.Reason(e)}", e);
        }
    }
}
