using System.CommandLine;
using Csv;
using Oversampling;

var input = new Argument<string>("INPUT.csv") { Description = "the table, with a header: comma, semicolon, tab or bar separated, UTF-8; missing values are empty, NA, N/A, NaN, null or ?" };
var label = new Option<string>("--label") { Description = "the column to predict; rows in which it is missing are left out", HelpName = "COLUMN", Required = true };
var positive = new Option<string?>("--positive") { Description = "the value to find, against all others (default: the rarer one of two)", HelpName = "VALUE" };
var samplers = new Option<string>("--samplers")
{
    Description = $"comma separated: {Sampler.Names}, all", HelpName = "NAMES", DefaultValueFactory = _ => "none,smote,vae,table",
};
var folds = TableProgram.Number("--folds", 2, "parts of the rows, each judged once by what is learnt from the others (default: 5)");
var seed = TableProgram.Number("--seed", 0, "the same seed gives the same figures (default: 1)");
var exclude = TableProgram.Exclude("columns not to predict from, such as names");
var epochs = TableProgram.Number("--epochs", 1, "most passes of a model over the rows (default: each model's own)");
var noHeader = TableProgram.NoHeader();
var command = new RootCommand("Compares what synthetic rows of a rare class do for classifiers of a table, by cross-validation; the rows that they are judged by are all real.")
{
    input, label, positive, samplers, folds, seed, exclude, epochs, noHeader,
};
command.SetAction(request => new Comparison
{
    Input = request.GetRequiredValue(input),
    Label = request.GetRequiredValue(label),
    Positive = request.GetValue(positive),
    Samplers = Sampler.Choose(request.GetRequiredValue(samplers)),
    Folds = request.GetValue(folds) ?? 5,
    Seed = request.GetValue(seed) ?? 1,
    Exclude = request.GetValue(exclude)!,
    Epochs = request.GetValue(epochs),
    HasHeader = !request.GetValue(noHeader),
}.Run());
return TableProgram.Run("Oversampling", command, args);
