using MLGenerative.Bench.Data;

namespace MLGenerative.Bench;

/// <summary>The rows of a comparison of synthetic tables.</summary>
/// <param name="Training">What the models are trained on.</param>
/// <param name="HeldOut">Rows that they do not see; null if there are none.</param>
/// <param name="Real">Further rows that they do not see, to be judged like synthetic ones: what a perfect model would get. null if there are none.</param>
/// <param name="Others">Synthetic rows of other tools, by the names of the files.</param>
/// <param name="Label">A column of two values, or null.</param>
/// <param name="Rows">How many rows to draw.</param>
internal sealed record TableTask(MixedTable Training, MixedTable? HeldOut, MixedTable? Real, IReadOnlyList<(string Name, MixedTable Table)> Others, string? Label, int Rows)
{
    public static TableTask Open(string train, string? test, IReadOnlyList<string> others, string? label, int? trainRows, int? rows, int seed)
    {
        var tables = MixedTable.Open([train, .. test is null ? [] : (string[])[test], .. others]);
        var all = tables[0];
        if (label is not null && !all.Names.Contains(label)) throw new BadRequestException($"--label: {train} has no column '{label}'; it has {string.Join(", ", all.Names)}");
        if (trainRows > all.Rows.Count) throw new BadRequestException($"--train-rows: {train} has {all.Rows.Count} rows");
        int[] order = new NumpyPermutation(seed).Next(all.Rows.Count);
        int[] training = order[..(trainRows ?? order.Length)], rest = order[training.Length..];
        int drawn = rows ?? training.Length;
        // without a file of its own, what is held out is half of the rest
        int heldOut = test is null ? rest.Length / 2 : 0;
        int[] real = [.. rest.Skip(heldOut).Take(drawn)];
        return new TableTask(
            all.Select(training),
            test is not null ? tables[1] : heldOut > 0 ? all.Select(rest[..heldOut]) : null,
            real.Length > 0 ? all.Select(real) : null,
            [.. others.Zip(tables.Skip(test is null ? 1 : 2), (path, table) => (Path.GetFileNameWithoutExtension(path), table))],
            label, drawn);
    }
}
