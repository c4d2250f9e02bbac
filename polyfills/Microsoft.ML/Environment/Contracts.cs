namespace Microsoft.ML.Runtime;

/// <summary>The checks that every component makes on what it is given, with ML.NET's choice of exception for each kind of fault.</summary>
internal static class Contracts
{
    public static Exception Except(string message) => new InvalidOperationException(message);

    public static Exception ExceptParam(string paramName, string message) => new ArgumentOutOfRangeException(paramName, message);

    /// <summary>What was read is not what was written.</summary>
    public static Exception ExceptDecode(string message = "Corrupt or unreadable model or data file.", Exception inner = null) => new FormatException(message, inner);

    public static Exception ExceptSchemaMismatch(string paramName, string role, string columnName)
        => new ArgumentOutOfRangeException(paramName, $"Could not find {role} column '{columnName}'");

    public static Exception ExceptSchemaMismatch(string paramName, string role, string columnName, string expected, string actual)
        => new ArgumentOutOfRangeException(paramName, $"Schema mismatch for {role} column '{columnName}': expected {expected}, got {actual}");

    public static void Check(bool ok, string message = "Pre-condition failure.")
    {
        if (!ok)
            throw Except(message);
    }

    public static T CheckValue<T>(T value, string paramName) where T : class => value ?? throw new ArgumentNullException(paramName);

    public static void CheckParam(bool ok, string paramName, string message = null)
    {
        if (!ok)
            throw message == null ? new ArgumentOutOfRangeException(paramName) : ExceptParam(paramName, message);
    }

    public static string CheckNonEmpty(string value, string paramName)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or empty");
        return value;
    }

    public static T[] CheckNonEmpty<T>(T[] values, string paramName)
    {
        if (values is null or [])
            throw new ArgumentOutOfRangeException(paramName, $"{paramName} cannot be null or empty");
        return values;
    }

    public static void CheckDecode(bool ok, string message = "Corrupt or unreadable model or data file.")
    {
        if (!ok)
            throw ExceptDecode(message);
    }
}
