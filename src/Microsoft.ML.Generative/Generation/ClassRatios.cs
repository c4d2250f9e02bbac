namespace Microsoft.ML.Generative.Generation;

/// <summary>How many rows a class has, and how many synthetic ones it gets.</summary>
/// <param name="Number">Number of the label in the label column.</param>
/// <param name="Name">What people call the label.</param>
/// <param name="Rows">Real rows.</param>
/// <param name="Added">Synthetic rows.</param>
internal sealed record ClassPlan(int Number, string Name, long Rows, long Added);

/// <summary>Wanted sizes of the classes, as options of oversampling give them.</summary>
internal static class ClassRatios
{
    public static void Validate(
        OptionFaults faults, string labelColumnName, double ratio, IReadOnlyDictionary<string, double>? ratioByLabel, string? isSyntheticColumnName)
    {
        faults.Require(!string.IsNullOrEmpty(labelColumnName), labelColumnName, "the name of a column", "LabelColumnName");
        faults.Require(ratio is > 0 and <= 1, ratio, "above 0 and up to 1", "Ratio");
        foreach (var (label, value) in ratioByLabel ?? new Dictionary<string, double>())
            faults.Require(value is >= 0 and <= 10, value, "from 0 to 10", $"RatioByLabel['{label}']");
        faults.Require(isSyntheticColumnName != "", isSyntheticColumnName, "the name of a column, or null", "IsSyntheticColumnName");
    }

    /// <summary>Says how many rows each class gets.</summary>
    /// <param name="census">The classes and their rows.</param>
    /// <param name="ratio">Wanted size relative to the largest class.</param>
    /// <param name="ratioByLabel">The same for single classes.</param>
    /// <param name="minimumRows">Fewest rows of a class that gets new ones.</param>
    /// <exception cref="ArgumentException">There are not two classes, one has too few rows, or a ratio is given for a class that is not there.</exception>
    public static IReadOnlyList<ClassPlan> Plan(
        LabelCensus census, double ratio, IReadOnlyDictionary<string, double>? ratioByLabel, int minimumRows)
    {
        string column = census.Labels.Name;
        var names = census.Names;
        if (names.Count == 0)
        {
            throw new ArgumentException(
                $"Column '{column}' has no label in any of {census.UnlabelledRows} rows; oversampling needs rows of two classes at least.");
        }
        if (names.Count == 1)
        {
            throw new ArgumentException(
                $"Column '{column}' has one value only, '{names[0]}', in {census.Rows[0]} rows; oversampling needs two classes at least.");
        }
        if (ratioByLabel?.Keys.FirstOrDefault(label => !names.Contains(label)) is { } unknown)
        {
            throw new ArgumentException(
                $"RatioByLabel has '{unknown}', which is no value of column '{column}'. Its values are '{string.Join("', '", names)}'.");
        }

        long largest = census.Rows.Max();
        var plans = names.Select((name, i) =>
        {
            double wanted = ratioByLabel is not null && ratioByLabel.TryGetValue(name, out double own) ? own : ratio;
            return new ClassPlan(i, name, census.Rows[i], Math.Max(0, (long)Math.Round(wanted * largest) - census.Rows[i]));
        }).ToList();

        var tooFew = plans.Where(plan => plan.Added > 0 && plan.Rows < minimumRows).ToList();
        if (tooFew.Count > 0)
        {
            throw new ArgumentException(
                string.Join(" ", tooFew.Select(plan => $"Class '{plan.Name}' of column '{column}' has {plan.Rows} row{(plan.Rows == 1 ? "" : "s")}; it takes {minimumRows} to draw more."))
                + " Give more rows, or a RatioByLabel of 0 for the class.");
        }
        return plans;
    }
}
