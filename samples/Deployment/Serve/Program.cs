using System.Globalization;
using Deployment;
using Microsoft.ML;

const string Usage = """
    usage: Serve [PIPELINE.zip [READINGS.csv]]
    Applies the pipeline that the program Train saved to a table of readings, and prints a line for each.
      PIPELINE.zip  the saved pipeline (default: pipeline.zip)
      READINGS.csv  the table, with the header Temperature,Pressure,Vibration,Speed,Failed (default: the one beside the program)
    """;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.Out.WriteLine(Usage);
    return 0;
}
if (args.Length > 2)
{
    Console.Error.WriteLine(Usage);
    return 2;
}
string path = args.ElementAtOrDefault(0) ?? "pipeline.zip";
string table = args.ElementAtOrDefault(1) ?? Path.Combine(AppContext.BaseDirectory, "readings.csv");
if (!File.Exists(path))
{
    Console.Error.WriteLine($"serve: there is no {path}. The program Train writes it.");
    return 2;
}
try
{
    var ml = new MLContext();
    var readings = ml.Data.CreateEnumerable<Reading>(Reading.Load(ml, table), reuseRowObject: false);
    Console.Out.WriteLine("Probability,WillFail,Novelty,IsNovel");
    foreach (var verdict in Serving.Run(ml, path, readings))
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict.Probability},{verdict.WillFail},{verdict.Novelty},{verdict.IsNovel}"));
}
catch (Exception fault) when (fault is IOException or InvalidDataException or FormatException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"serve: {fault.Message}");
    return 2;
}
return 0;
