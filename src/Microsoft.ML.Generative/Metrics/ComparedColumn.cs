namespace Microsoft.ML.Generative.Metrics;

/// <summary>A column of a <see cref="ComparedTable"/>.</summary>
internal abstract class ComparedColumn(string name)
{
    public string Name { get; } = name;
}

/// <summary>Numbers, dates in days; a missing one is NaN.</summary>
internal sealed class NumberColumn(string name, double[] values) : ComparedColumn(name)
{
    public double[] Values { get; } = values;
}

/// <summary>Texts, keys or Booleans as the numbers of their categories.</summary>
/// <param name="codes">The category of each row.</param>
/// <param name="categories">The names of the categories that the tables read together have; a missing value is the empty one.</param>
internal sealed class CategoryColumn(string name, int[] codes, IReadOnlyList<string> categories) : ComparedColumn(name)
{
    public int[] Codes { get; } = codes;

    public IReadOnlyList<string> Categories { get; } = categories;
}
