using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Generative;
using Microsoft.ML.Runtime;

namespace Csv;

/// <summary>A model of a table, fitted with words about how it goes.</summary>
public sealed partial class TableModel : IDisposable
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);
    private readonly HashSet<string> _identifiers = [];
    private readonly CancellationTokenSource _cancel = new();

    private TableModel(int seed)
    {
        Console.CancelKeyPress += Stop;
        Context = new MLContext(seed);
        Context.Log += (_, message) =>
        {
            if (message.Kind != ChannelMessageKind.Warning) return;
            if (Identifiers().Match(message.RawMessage) is { Success: true } match) _identifiers.Add(match.Groups[1].Value);
            else Console.Error.WriteLine(message.RawMessage);
        };
    }

    public MLContext Context { get; }

    public GenerativeTransformer Transformer { get; private set; } = null!;

    /// <summary>Columns that are not learnt, since nearly all their values are different.</summary>
    public IReadOnlySet<string> MadeUp => _identifiers;

    /// <summary>Learns a table.</summary>
    /// <param name="rows">The rows to learn from; null for all.</param>
    /// <param name="leastRows">Rows that a value must have to be drawn as it is; null for the model's own number, which keeps what few rows have to themselves.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C was pressed.</exception>
    public static TableModel Fit(CsvTable table, IReadOnlyList<int>? rows, int seed, int? leastRows = null)
    {
        var model = new TableModel(seed);
        var training = new TrainingOptions { Progress = new Lines(), CancellationToken = model._cancel.Token };
        var options = new TableOptions { InputColumnNames = table.Names, Training = training };
        if (leastRows is { } least) options = options with { LeastRows = least };
        model.Transformer = model.Context.Generative.TrainTable(options).Fit(table.View(rows));
        model.ThrowIfCancelled();
        return model;
    }

    /// <exception cref="OperationCanceledException">Ctrl-C was pressed.</exception>
    public void ThrowIfCancelled() => _cancel.Token.ThrowIfCancellationRequested();

    public void Dispose()
    {
        Console.CancelKeyPress -= Stop;
        Transformer.Dispose();
        _cancel.Dispose();
    }

    private void Stop(object? sender, ConsoleCancelEventArgs key)
    {
        key.Cancel = true;   // so that files that were begun are taken away
        _cancel.Cancel();
    }

    [GeneratedRegex("^Column '(.*)' is one of identifiers")]
    private static partial Regex Identifiers();

    private sealed class Lines : IProgress<TrainingProgress>
    {
        private TimeSpan _said;

        public void Report(TrainingProgress progress)
        {
            if (progress.Elapsed - _said < BetweenLines) return;
            _said = progress.Elapsed;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"learning: {100.0 * progress.Step / progress.PlannedSteps:0} % after {progress.Elapsed.TotalSeconds:0} s"));
        }
    }
}
