using System.CommandLine;
using GenerateImages;

var data = new Option<string>("--data") { Description = "the folder that has the four .gz files of Fashion-MNIST (Debian: dataset-fashion-mnist)", DefaultValueFactory = _ => "/usr/share/datasets/fashion-mnist" };
var output = new Option<string>("--output") { Description = "the folder that pictures are written to", DefaultValueFactory = _ => "out" };
var models = new Option<string>("--models") { Description = $"comma separated: {string.Join(", ", Contender.All.Select(c => c.Name))}", DefaultValueFactory = _ => string.Join(",", Contender.All.Select(c => c.Name)) };
var rows = new Option<int>("--rows") { Description = "images to learn from, 100 or more", DefaultValueFactory = _ => 60_000 };
var samples = new Option<int>("--samples") { Description = "images that each model draws to be judged, 50 or more", DefaultValueFactory = _ => 5000 };
var minutes = new Option<double>("--minutes") { Description = "processor time that each model may train for; the number of steps is that which fits in", DefaultValueFactory = _ => 3 };
var steps = new Option<int?>("--steps") { Description = "steps that each model trains for, in the place of --minutes: the same on every machine" };
var seed = new Option<int>("--seed") { Description = "the same seed and steps give the same images", DefaultValueFactory = _ => 0 };
var guidance = new Option<double[]>("--guidance")
{
    Description = "weights of guidance by the class at which the diffusion draws, each a row of its own (0: as it learnt)", HelpName = "W", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [0, 1],
};
rows.Validators.Add(result => { if (result.GetValueOrDefault<int>() < 100) result.AddError("--rows must be 100 or more."); });
samples.Validators.Add(result => { if (result.GetValueOrDefault<int>() < 50) result.AddError("--samples must be 50 or more."); });
minutes.Validators.Add(result => { if (result.GetValueOrDefault<double>() is not > 0) result.AddError("--minutes must be above 0."); });
guidance.Validators.Add(result => { if (result.GetValueOrDefault<double[]>() is not { Length: > 0 } given || given.Any(w => w is not (>= 0 and <= 100))) result.AddError("--guidance must be from 0 to 100."); });
steps.Validators.Add(result => { if (result.GetValueOrDefault<int?>() < 1) result.AddError("--steps must be 1 or more."); });
var command = new RootCommand("Learns to draw the images of Fashion-MNIST by a VAE, a GAN and a diffusion model, and compares what they draw.") { data, output, models, rows, samples, minutes, steps, guidance, seed };
var request = command.Parse(args);
if (request.Errors.Count > 0) return Refuse($"{request.Errors[0].Message} --help says what there is.");
command.SetAction(_ => new Study
{
    Data = request.GetRequiredValue(data),
    Output = request.GetRequiredValue(output),
    Models = Contender.Choose(request.GetRequiredValue(models)),
    Rows = request.GetValue(rows),
    Samples = request.GetValue(samples),
    Minutes = request.GetValue(minutes),
    Steps = request.GetValue(steps),
    Guidance = request.GetRequiredValue(guidance),
    Seed = request.GetValue(seed),
}.Run());
try
{
    return request.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException)
{
    return Refuse(fault.Message);
}

static int Refuse(string message)
{
    Console.Error.WriteLine($"GenerateImages: {message}");
    return 2;
}
