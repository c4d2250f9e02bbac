using System.CommandLine;
using CompleteTable;
using Csv;

var input = new Argument<string>("INPUT.csv") { Description = "the table, with a header: comma, semicolon, tab or bar separated, UTF-8; missing values are empty, NA, N/A, NaN, null or ?" };
var output = new Argument<string>("OUTPUT.csv") { Description = "the file to write: the input with its holes filled, all else byte for byte as it was" };
var draws = TableProgram.Number("--draws", 1, "fill the holes by draws, so many times: OUTPUT.1.csv and so on, for multiple imputation (default: the most likely value, once)");
var seed = TableProgram.Number("--seed", 0, "the same seed gives the same values (default: 1)");
var exclude = TableProgram.Exclude("columns that are neither learnt nor filled, such as names");
var check = new Option<bool>("--check") { Description = "first hides a tenth of the known values, fills them, and says how often that was right" };
var noHeader = TableProgram.NoHeader();
var command = new RootCommand("Fills the holes of a table with what a model of its rows makes of the values that are known.")
{
    input, output, draws, seed, exclude, check, noHeader,
};
command.SetAction(request => new Completion
{
    Input = request.GetRequiredValue(input),
    Output = request.GetRequiredValue(output),
    Draws = request.GetValue(draws),
    Seed = request.GetValue(seed) ?? 1,
    Exclude = request.GetValue(exclude)!,
    Check = request.GetValue(check),
    HasHeader = !request.GetValue(noHeader),
}.Run());
return TableProgram.Run("CompleteTable", command, args);
