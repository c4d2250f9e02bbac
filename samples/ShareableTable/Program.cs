using System.CommandLine;
using Csv;
using ShareableTable;

var input = new Argument<string>("INPUT.csv") { Description = "the table, with a header: comma, semicolon, tab or bar separated, UTF-8; missing values are empty, NA, N/A, NaN, null or ?" };
var output = new Argument<string?>("OUTPUT.csv") { Description = "the file to write; OUTPUT.csv.manifest.json beside it says what it is", Arity = ArgumentArity.ZeroOrOne };
var rows = TableProgram.Number("--rows", 1, "rows to draw (default: as many as learnt from)");
var seed = TableProgram.Number("--seed", 0, "the same seed gives the same rows (default: 1)");
var exclude = TableProgram.Exclude("columns to leave out, such as names");
var label = new Option<string?>("--label") { Description = "a column of two values: the report says how well the synthetic rows teach to predict it", HelpName = "COLUMN" };
var heldOut = TableProgram.Number("--held-out", 0, "per cent of the rows to judge by, which are not learnt, 0 to 50 (default: 20)");
var mark = new Option<string?>("--mark") { Description = "adds a column of that name that says true in every row", HelpName = "COLUMN" };
var reportOnly = new Option<bool>("--report-only") { Description = "writes no file" };
var noHeader = TableProgram.NoHeader();
var command = new RootCommand("Learns a table, writes rows that look like it and are nobody's, and reports how like it they are.")
{
    input, output, rows, seed, exclude, label, heldOut, mark, reportOnly, noHeader,
};
command.SetAction(request => new Sharing
{
    Input = request.GetRequiredValue(input),
    Output = request.GetValue(reportOnly) ? null : request.GetValue(output) ?? throw new CsvFault("Say which file to write, or --report-only."),
    Rows = request.GetValue(rows),
    Seed = request.GetValue(seed) ?? 1,
    Exclude = request.GetValue(exclude)!,
    Label = request.GetValue(label),
    HeldOutPercent = request.GetValue(heldOut) ?? 20,
    Mark = request.GetValue(mark),
    HasHeader = !request.GetValue(noHeader),
}.Run());
return TableProgram.Run("ShareableTable", command, args);
