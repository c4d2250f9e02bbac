using System.CommandLine;
using MLGenerative.Bench;

const int BadRequest = 2;

var program = new RootCommand("Benchmarks of the generative models. Each verb reads plain files and writes plain files.")
{
    AnomalyVerb.Command(), OversamplingVerb.Command(), DensityVerb.Command(), TableVerb.Command(), ShapesVerb.Command(), ImputeVerb.Command(), DeploymentVerb.Command(), SpeedVerb.Command(), RbmVerb.Command(), MetricsVerb.Command(), TextVerb.Command(),
};
var request = program.Parse(args);
if (request.UnmatchedTokens is [var unknown, ..]) return Refuse($"there is no '{unknown}'; --help lists what there is");
if (request.Errors.Count > 0) return Refuse(request.Errors[0].Message);
try
{
    return request.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadRequestException fault)
{
    return Refuse(fault.Message);
}

static int Refuse(string message)
{
    Console.Error.WriteLine($"bench: {message}");
    return BadRequest;
}
