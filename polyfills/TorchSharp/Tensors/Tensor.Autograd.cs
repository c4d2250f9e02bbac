namespace TorchSharp;

public static unsafe partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => Native.ts_requires_grad(Handle);
            set => Done(Native.ts_set_requires_grad(Handle, value));
        }

        public Tensor requires_grad_(bool requires_grad = true) => Done(Native.ts_set_requires_grad(Handle, requires_grad));
        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);
        public bool is_leaf => Native.ts_is_leaf(Handle);
        public void retain_grad() => Done(Native.ts_retain_grad(Handle));
        public Tensor detach() => Made(Native.ts_detach(Handle), this);
        public Tensor detach_() => Done(Native.ts_detach_(Handle));

        /// <summary>
        /// The gradient, or null; a new object each time. A tensor that is assigned stays the memory that later backward passes add to.
        /// </summary>
        public Tensor grad
        {
            get
            {
                nint found = 0;
                Done(Native.ts_grad(Handle, &found));
                return found == 0 ? null : new Tensor(found);
            }
            set => Done(Native.ts_set_grad(Handle, value.HandleOrNone()), value);
        }

        public void backward()
        {
            nint self = Handle;
            Done(Native.ts_backward(new Ins(&self, 1), default, false, false, default));
        }

        public void backward(IList<Tensor> grad_tensors = null, bool retain_graph = false, bool create_graph = false,
            IList<Tensor> inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }

    public static class autograd
    {
        private static nint[] Handles(IList<Tensor> tensors) => tensors is null ? [] : tensors.Select(t => t.HandleOrNone()).ToArray();

        public static void backward(IList<Tensor> tensors, IList<Tensor> grad_tensors = null, bool? retain_graph = null,
            bool create_graph = false, IList<Tensor> inputs = null)
        {
            nint[] of = Handles(tensors), with = Handles(grad_tensors), to = Handles(inputs);
            bool ok;
            fixed (nint* t = of, g = with, i = to)
                ok = Native.ts_backward(new Ins(t, of.Length), new Ins(g, with.Length), retain_graph ?? create_graph, create_graph,
                    new Ins(i, to.Length));
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
            Native.Check(ok);
        }

        public static void backward(Tensor tensor, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor> inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false,
            IList<Tensor> inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>
        /// The gradients of the sum of the outputs by the inputs; null for an input that they don't depend on, where that is allowed.
        /// </summary>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null,
            bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] of = Handles(outputs), by = Handles(inputs), with = Handles(grad_outputs);
            Many found;
            fixed (nint* o = of, i = by, g = with)
                found = Native.ts_autograd_grad(new Ins(o, of.Length), new Ins(i, by.Length), new Ins(g, with.Length), retain_graph,
                    create_graph, allow_unused);
            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return Tensor.All(found);
        }

        public static AnomalyMode detect_anomaly(bool check_nan = true) => new(true, check_nan);
        public static AnomalyMode set_detect_anomaly(bool mode, bool check_nan = true) => new(mode, check_nan);
    }

    // ---- modes, which end with their Dispose

    private sealed class GradMode : IDisposable
    {
        private readonly bool _before = Native.ts_grad_enabled();

        public GradMode(bool enabled) => Native.ts_set_grad_enabled(enabled);

        public void Dispose() => Native.ts_set_grad_enabled(_before);
    }

    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _mode = Native.ts_inference_mode(enabled);

        public void Dispose()
        {
            if (_mode != 0) Native.ts_inference_mode_end(_mode);
            _mode = 0;
        }
    }

    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => Native.ts_grad_enabled();
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_inference_mode_enabled() => Native.ts_inference_enabled();
}

/// <summary>While it lives, a backward pass that meets NaN says which forward operation it came from.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool _before = IsEnabled, _checkedBefore = ShouldCheckNaN;

    public AnomalyMode(bool enabled, bool check_nan = true) => Native.ts_set_anomaly(enabled, check_nan);

    public static bool IsEnabled => Native.ts_anomaly_enabled();

    public static bool ShouldCheckNaN => Native.ts_anomaly_check_nan();

    protected virtual void Dispose(bool disposing) => Native.ts_set_anomaly(_before, _checkedBefore);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }
}
