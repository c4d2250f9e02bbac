using Deployment;
using Microsoft.ML;

const string Usage = """
    usage: Train [READINGS.csv [PIPELINE.zip]]
    Learns from a table of readings which pumps will fail, and saves the fitted pipeline, which the program Serve loads.
      READINGS.csv  the table, with the header Temperature,Pressure,Vibration,Speed,Failed (default: the one beside the program)
      PIPELINE.zip  the file to write (default: pipeline.zip)
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
string table = args.ElementAtOrDefault(0) ?? Path.Combine(AppContext.BaseDirectory, "readings.csv");
string path = args.ElementAtOrDefault(1) ?? "pipeline.zip";
try
{
    var ml = new MLContext(seed: 7);
    using var model = (IDisposable)Training.Run(ml, Reading.Load(ml, table), path);
}
catch (Exception fault) when (fault is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"train: {fault.Message}");
    return 2;
}
Console.Out.WriteLine($"{path} is written; it loads wherever ML.NET and ONNX Runtime are");
return 0;
