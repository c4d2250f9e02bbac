using Microsoft.ML;
using Microsoft.ML.Data;

namespace Deployment;

/// <summary>What is measured on a pump, and whether it failed within a day: a row of the table that both programs read.</summary>
internal sealed class Reading
{
    private const string Header = "Temperature,Pressure,Vibration,Speed,Failed";

    [LoadColumn(0)]
    public float Temperature { get; set; }

    [LoadColumn(1)]
    public float Pressure { get; set; }

    [LoadColumn(2)]
    public float Vibration { get; set; }

    [LoadColumn(3)]
    public float Speed { get; set; }

    /// <summary>Not read when a row is scored.</summary>
    [LoadColumn(4)]
    public bool Failed { get; set; }

    /// <exception cref="InvalidDataException">The table has other columns.</exception>
    public static IDataView Load(MLContext ml, string path)
    {
        string? header = File.ReadLines(path).FirstOrDefault();
        if (header != Header) throw new InvalidDataException($"{path} must begin with the line '{Header}', not with '{header}'");
        return ml.Data.LoadFromTextFile<Reading>(path, separatorChar: ',', hasHeader: true);
    }
}
