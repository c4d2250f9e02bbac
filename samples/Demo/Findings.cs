using System.Diagnostics;
using Microsoft.ML.Generative;

namespace Demo;

/// <summary>Tells on the console what is going on, and in the end, as a table, what came of it.</summary>
internal sealed class Findings : IProgress<TrainingProgress>
{
    private readonly List<(string What, string Result)> _table = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Announces a task.</summary>
    public void Begin(string task)
    {
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"[{_clock.Elapsed.TotalSeconds,3:0} s] {task}"));
    }

    public void Add(string what, string result)
    {
        _table.Add((what, result));
        Console.WriteLine($"  {what}: {result}");
    }

    /// <summary>A line per measurement of a training; it is called on the thread that trains.</summary>
    public void Report(TrainingProgress value) => Console.WriteLine(FormattableString.Invariant(
        $"  epoch {value.Epoch,2}, step {value.Step,5} of {value.PlannedSteps}, loss {value.Loss:0.0}{(value.ValidationLoss is { } heldOut ? $" ({heldOut:0.0} on held-out rows)" : "")}, {value.Elapsed.TotalSeconds:0} s"));

    public void Print(string output)
    {
        int width = _table.Max(t => t.What.Length);
        Console.WriteLine();
        foreach (var (what, result) in _table) Console.WriteLine($"{what.PadRight(width)}  {result}");
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"{_clock.Elapsed.TotalSeconds:0} s in all. Pictures: {output}/samples.png and {output}/reconstructions.png"));
    }
}
