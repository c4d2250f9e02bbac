namespace Microsoft.ML.Generative;

/// <summary>What is filled into holes.</summary>
public enum ImputationMethod
{
    /// <summary>A draw given what is known of the row: the filled rows keep the spread and the dependence of real ones. Holes of a row go together.</summary>
    Draw,

    /// <summary>The most probable category, the median of a number, given what is known of the row: the least error for each hole by itself. Holes of a row need not go together, and
    /// filled columns have less spread than real ones. For models of tables.</summary>
    MostLikely,
}
