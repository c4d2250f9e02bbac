using System.CommandLine;

namespace Csv;

/// <summary>Runs a program of one command: what is wrong with a request or a file is one line on the error stream and the exit status 2.</summary>
public static class TableProgram
{
    private const int BadRequest = 2, Cancelled = 130;

    public static int Run(string name, RootCommand command, string[] args)
    {
        var request = command.Parse(args);
        if (request.Errors.Count > 0) return Refuse($"{request.Errors[0].Message} --help says what there is.");
        try
        {
            return request.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception fault) when (fault is CsvFault or ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return Refuse(fault.Message);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine($"{name}: stopped; nothing is written");
            return Cancelled;
        }

        int Refuse(string message)
        {
            Console.Error.WriteLine($"{name}: {message}");
            return BadRequest;
        }
    }

    /// <summary>A whole number with a lower bound.</summary>
    public static Option<int?> Number(string name, int least, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < least) result.AddError($"{name} must be {least} or more.");
        });
        return option;
    }

    public static Option<string[]> Exclude(string description) =>
        new("--exclude") { Description = description, HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };

    public static Option<bool> NoHeader() => new("--no-header") { Description = "the first line is a row, not the names of the columns" };
}
