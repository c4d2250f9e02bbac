namespace TorchSharp;

public static unsafe partial class torch
{
    private const int FewTensors = 32;         // so many handles are kept on the stack

    private static Tensor Joined(ReadOnlySpan<Tensor> tensors, delegate*<Ins, nint> join)
    {
        var handles = tensors.Length <= FewTensors ? stackalloc nint[FewTensors] : new nint[tensors.Length];
        Tensor.Fill(tensors, handles);
        nint made;
        fixed (nint* p = handles) made = join(new Ins(p, tensors.Length));
        Tensor.KeepAlive(tensors);
        return Tensor.Made(made);
    }

    private static Tensor Joined(ReadOnlySpan<Tensor> tensors, delegate*<Ins, long, nint> join, long dim)
    {
        var handles = tensors.Length <= FewTensors ? stackalloc nint[FewTensors] : new nint[tensors.Length];
        Tensor.Fill(tensors, handles);
        nint made;
        fixed (nint* p = handles) made = join(new Ins(p, tensors.Length), dim);
        Tensor.KeepAlive(tensors);
        return Tensor.Made(made);
    }

    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Joined(tensors, &Native.ts_cat, dim);
    public static Tensor cat(Tensor[] tensors, long dim = 0) => cat((ReadOnlySpan<Tensor>)tensors, dim);
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => cat((ReadOnlySpan<Tensor>)tensors.ToArray(), dim);
    public static Tensor concat(ReadOnlySpan<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(Tensor[] tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Joined(tensors.ToArray(), &Native.ts_stack, dim);

    public static Tensor hstack(ReadOnlySpan<Tensor> tensors) => Joined(tensors, &Native.ts_hstack);
    public static Tensor hstack(params Tensor[] tensors) => hstack((ReadOnlySpan<Tensor>)tensors);
    public static Tensor hstack(IList<Tensor> tensors) => hstack((ReadOnlySpan<Tensor>)tensors.ToArray());
    public static Tensor hstack(IEnumerable<Tensor> tensors) => hstack((ReadOnlySpan<Tensor>)tensors.ToArray());
    public static Tensor vstack(ReadOnlySpan<Tensor> tensors) => Joined(tensors, &Native.ts_vstack);
    public static Tensor vstack(Tensor[] tensors) => vstack((ReadOnlySpan<Tensor>)tensors);
    public static Tensor vstack(IList<Tensor> tensors) => vstack((ReadOnlySpan<Tensor>)tensors.ToArray());
    public static Tensor row_stack(params Tensor[] tensors) => vstack((ReadOnlySpan<Tensor>)tensors);
    public static Tensor row_stack(IList<Tensor> tensors) => vstack(tensors);
    public static Tensor dstack(ReadOnlySpan<Tensor> tensors) => Joined(tensors, &Native.ts_dstack);
    public static Tensor dstack(params Tensor[] tensors) => dstack((ReadOnlySpan<Tensor>)tensors);
    public static Tensor dstack(IList<Tensor> tensors) => dstack((ReadOnlySpan<Tensor>)tensors.ToArray());
    public static Tensor column_stack(ReadOnlySpan<Tensor> tensors) => Joined(tensors, &Native.ts_column_stack);
    public static Tensor column_stack(params Tensor[] tensors) => column_stack((ReadOnlySpan<Tensor>)tensors);
    public static Tensor column_stack(IList<Tensor> tensors) => column_stack((ReadOnlySpan<Tensor>)tensors.ToArray());
    public static Tensor block_diag(params Tensor[] tensors) => Joined(tensors, &Native.ts_block_diag);
    public static Tensor cartesian_prod(params Tensor[] tensors) => Joined(tensors, &Native.ts_cartesian_prod);
    public static Tensor cartesian_prod(IList<Tensor> tensors) => Joined(tensors.ToArray(), &Native.ts_cartesian_prod);
    public static Tensor combinations(Tensor input, int r = 2, bool with_replacement = false) =>
        Tensor.Made(Native.ts_combinations(input.Handle, r, with_replacement), input);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij")
    {
        if (indexing is not ("ij" or "xy"))
            throw new ArgumentException($"meshgrid: indexing must be \"ij\" or \"xy\", not \"{indexing}\"", nameof(indexing));
        var all = tensors.ToArray();
        var handles = Array.ConvertAll(all, t => t.Handle);
        fixed (nint* p = handles)
        {
            var made = Tensor.All(Native.ts_meshgrid(new Ins(p, handles.Length), indexing == "xy"));
            Tensor.KeepAlive(all);
            return made;
        }
    }

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors)
    {
        var handles = Array.ConvertAll(tensors, t => t.Handle);
        fixed (nint* p = handles)
        {
            var made = Tensor.All(Native.ts_broadcast_tensors(new Ins(p, handles.Length)));
            Tensor.KeepAlive(tensors);
            return made;
        }
    }

    public static Size broadcast_shapes(params long[][] shapes)
    {
        var result = new long[shapes.Max(s => s.Length)];
        Array.Fill(result, 1);
        foreach (var shape in shapes)
            for (int i = 1; i <= shape.Length; i++)
            {
                ref long n = ref result[^i];
                if (n == 1) n = shape[^i];
                else if (shape[^i] != 1 && shape[^i] != n)
                    throw new ArgumentException($"Shapes can't be broadcast: {n} and {shape[^i]} at dimension -{i}.");
            }
        return new Size(result);
    }

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);
}
