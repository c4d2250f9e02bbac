namespace TorchSharp;

// The methods of a tensor again, as functions of it.
public static partial class torch
{
    public static Tensor clone(Tensor input) => input.clone();
    public static bool is_nonzero(Tensor input) => input.is_nonzero();
    public static long numel(Tensor input) => input.numel();
}
