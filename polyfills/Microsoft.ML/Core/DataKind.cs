namespace Microsoft.ML.Data;

/// <summary>The kinds of values that a column can be loaded or converted as.</summary>
public enum DataKind : byte
{
    /// <summary>8-bit signed integer.</summary>
    SByte = 1,

    /// <summary>8-bit unsigned integer.</summary>
    Byte = 2,

    /// <summary>16-bit signed integer.</summary>
    Int16 = 3,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16 = 4,

    /// <summary>32-bit signed integer.</summary>
    Int32 = 5,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32 = 6,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 7,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64 = 8,

    /// <summary>32-bit floating point.</summary>
    Single = 9,

    /// <summary>64-bit floating point.</summary>
    Double = 10,

    /// <summary>Text.</summary>
    String = 11,

    /// <summary>True or false.</summary>
    Boolean = 12,

    /// <summary>A span of time.</summary>
    TimeSpan = 13,

    /// <summary>A point in time without a time zone.</summary>
    DateTime = 14,

    /// <summary>A point in time with its distance from UTC.</summary>
    DateTimeOffset = 15,
}
