using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The noise of one pass over binary and Gaussian units, from a generator: on the CPU in wide registers, elsewhere by libtorch.</summary>
internal sealed class UnitNoise
{
    private readonly Generator _generator;
    private readonly bool _inRegisters;
    private UniformLanes _lanes;

    public UnitNoise(Generator generator)
    {
        _generator = generator;
        _inRegisters = Vector256.IsHardwareAccelerated && generator.device.type == TorchSharp.DeviceType.CPU;
        if (_inRegisters) _lanes = new UniformLanes(randint_long(long.MaxValue, generator));
    }

    /// <summary>Puts in the place of logits 1 with their chance, else 0.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Draw(Tensor logits)
    {
        if (_inRegisters && logits.is_contiguous())
        {
            var values = MemoryMarshal.Cast<byte, float>(logits.bytes);
            Draw(values, values, keepChances: false);
            return logits;
        }
        return logits.copy_(empty_like(logits).uniform_(0, 1, _generator).lt(logits.sigmoid()));
    }

    /// <summary>Puts chances in the place of logits, and draws.</summary>
    /// <returns>1 with that chance, else 0.</returns>
    public Tensor DrawBeside(Tensor logits)
    {
        if (_inRegisters && logits.is_contiguous())
        {
            var states = empty_like(logits);
            Draw(MemoryMarshal.Cast<byte, float>(logits.bytes), MemoryMarshal.Cast<byte, float>(states.bytes), keepChances: true);
            return states;
        }
        return empty_like(logits).uniform_(0, 1, _generator).lt(logits.sigmoid_()).to(float32);
    }

    /// <summary>Draws some units, and leaves the others at their chances.</summary>
    /// <param name="logits">Overwritten.</param>
    /// <param name="share">Chance of a unit to be drawn.</param>
    public Tensor DrawPartly(Tensor logits, double share)
    {
        var states = DrawBeside(logits);
        return where(Uniform(logits).lt(share), states, logits);
    }

    /// <summary>Standard normal numbers of the same shape.</summary>
    public Tensor Normal(Tensor like) => empty_like(like).normal_(0, 1, _generator);

    /// <summary>Numbers from 0 to below 1, of the same shape.</summary>
    public Tensor Uniform(Tensor like) => empty_like(like).uniform_(0, 1, _generator);

    /// <summary>Draws in wide registers, from a generator on the CPU of a machine that has them.</summary>
    /// <param name="logits">Overwritten with the chances if <paramref name="keepChances"/>.</param>
    /// <param name="states">1 with its chance, else 0; may be the logits themselves if the chances are not kept.</param>
    public void Draw(Span<float> logits, Span<float> states, bool keepChances)
    {
        int width = Vector512<float>.Count, whole = logits.Length - logits.Length % width;
        ref float logit = ref MemoryMarshal.GetReference(logits);
        ref float state = ref MemoryMarshal.GetReference(states[..logits.Length]);
        var lanes = _lanes;   // stays in registers as long as nothing refers to it
        for (int i = 0; i < whole; i += width) Draw(ref Unsafe.Add(ref logit, i), ref Unsafe.Add(ref state, i), keepChances, lanes.Next());
        _lanes = lanes;
        if (whole < logits.Length) DrawRest(logits[whole..], states[whole..], keepChances);
    }

    private void DrawRest(Span<float> logits, Span<float> states, bool keepChances)
    {
        Span<float> all = stackalloc float[Vector512<float>.Count], drawn = stackalloc float[Vector512<float>.Count];
        all.Clear();
        logits.CopyTo(all);
        Draw(ref all[0], ref drawn[0], keepChances, _lanes.Next());
        if (keepChances) all[..logits.Length].CopyTo(logits);
        drawn[..logits.Length].CopyTo(states);
    }

    // u < 1/(1 + e^−a) without the division
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Draw(ref float logits, ref float states, bool keepChances, Vector512<float> uniform)
    {
        var odds = Vector512<float>.One + ActivationInPlace.Exp(-Vector512.LoadUnsafe(ref logits));
        if (keepChances) (Vector512<float>.One / odds).StoreUnsafe(ref logits);
        Vector512.ConditionalSelect(Vector512.LessThan(uniform * odds, Vector512<float>.One), Vector512<float>.One, Vector512<float>.Zero).StoreUnsafe(ref states);
    }
}
