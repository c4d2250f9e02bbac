namespace Microsoft.ML.Generative;

/// <summary>Numbers of the symbols of a chain that are always there; those that were learnt follow.</summary>
internal static class Symbols
{
    /// <summary>Stands before the first symbol of a sequence, as often as there is context.</summary>
    public const int Start = 0;

    /// <summary>Comes after the last.</summary>
    public const int End = 1;

    /// <summary>Any that was not learnt.</summary>
    public const int Unknown = 2;

    /// <summary>The first that was learnt.</summary>
    public const int FirstLearnt = 3;
}
