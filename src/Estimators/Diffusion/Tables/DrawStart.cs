using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Where drawing tokens begins.</summary>
/// <param name="Rows">How many rows are drawn.</param>
/// <param name="Tokens">(rows, columns) Int64, what is known or varied; null for nothing.</param>
/// <param name="Known">(rows, columns) Boolean, which tokens stay as they are; null for none.</param>
/// <param name="Time">How far noise has gone with the others, 0 to 1: at 1 nothing is left of them.</param>
internal sealed record DrawStart(long Rows, Tensor? Tokens, Tensor? Known, double Time)
{
    /// <summary>With some columns known: they have these tokens where they were not known before.</summary>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="drawn">Columns, and (rows,) Int64 of each.</param>
    public DrawStart With(int columns, Device device, IEnumerable<(int Column, Tensor Tokens)> drawn)
    {
        var tokens = (Tokens ?? zeros(Rows, columns, int64, device)).unbind(1);
        var known = (Known ?? zeros(Rows, columns, @bool, device)).unbind(1);
        foreach (var (j, own) in drawn) (tokens[j], known[j]) = (where(known[j], tokens[j], own), ones_like(known[j]));
        return this with { Tokens = stack(tokens, 1), Known = stack(known, 1) };
    }
}

/// <summary>What a network says of the tokens behind noise.</summary>
/// <param name="state">(batch, columns) Int64</param>
/// <param name="angle">How much noise there is.</param>
/// <returns>(batch, tokens) logits of all columns</returns>
internal delegate Tensor Denoised(Tensor state, double angle);
