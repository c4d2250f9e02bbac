namespace Csv;

/// <summary>What is wrong with a file or a request, in words for the one who made it: where, what, and what to do.</summary>
public sealed class CsvFault(string message) : Exception(message);
