using System.CommandLine;

namespace MLGenerative.Bench;

/// <summary>The options that several verbs share.</summary>
internal static class CommonOptions
{
    public static Option<string> Data() => new("--data") { Description = "folder of data sets", Required = true, HelpName = "DIR" };

    public static Option<string> Sets() =>
        new("--sets") { Description = "only these data sets, comma separated (default: all in the folder)", DefaultValueFactory = _ => "", HelpName = "NAMES" };

    public static Option<string> Models(IEnumerable<string> known) =>
        new("--models") { Description = $"comma separated: {string.Join(", ", known)}, all", Required = true, HelpName = "NAMES" };

    public static Option<int> Seed() => new("--seed") { Description = "seed of splits and models (default: 0)", DefaultValueFactory = _ => 0 };

    public static Option<string> Out() =>
        new("--out") { Description = "folder for the results (default: out)", DefaultValueFactory = _ => "out", HelpName = "DIR" };

    public static Option<int?> Epochs()
    {
        var option = new Option<int?>("--epochs") { Description = "passes over the training rows (default: the model's own)", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--epochs must be 1 or more.");
        });
        return option;
    }

    public static Option<int?> Rows(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError($"{name} must be 1 or more.");
        });
        return option;
    }

    public static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
