using System.Reflection;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csv;
using Microsoft.ML;

namespace ShareableTable;

/// <summary>What a file of synthetic rows is, and where it comes from, as JSON beside it. It holds nothing of any row; the fingerprint is that of the whole input file.</summary>
internal sealed class Manifest(Sharing request, CsvFile file, CsvTable table, IReadOnlySet<string> madeUp, int rows, int trainingRows, int heldOutRows)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string PathFor(string output) => output + ".manifest.json";

    public void Write(TextWriter writer) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            Synthetic = true,
            Rows = rows,
            Model = "table",
            Version = typeof(GenerativeCatalog).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            request.Seed,
            TrainingRows = trainingRows,
            HeldOutRows = heldOutRows,
            Sha256OfInput = Convert.ToHexStringLower(SHA256.HashData(file.Bytes)),
            MarkColumn = request.Mark,
            Columns = table.Columns.Select(column => new { column.Name, column.Kind, MadeUp = madeUp.Contains(column.Name) }),
            LeftOut = request.Exclude,
        },
        Indented));
}
