namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class nn
    {
        // Over one or two dimensions of space, after those of batch and channels. A size that is left out is that of PyTorch.
        public static partial class functional
        {
            private static long[] Both((long, long) pair) => [pair.Item1, pair.Item2];
            private static long[] Both((long, long)? pair) => pair.HasValue ? Both(pair.Value) : null;
            private static long[] Both(long? value) => value.HasValue ? [value.Value, value.Value] : null;
            private static readonly long[] Zero2 = [0, 0], One2 = [1, 1];

            // ---- convolution

            public static Tensor conv1d(Tensor input, Tensor weight, Tensor bias = null, long? stride = null, long? padding = null,
                long? dilation = null, long groups = 1)
            {
                long s = stride ?? 1, p = padding ?? 0, d = dilation ?? 1;
                return Tensor.Made(Native.ts_conv1d(input.Handle, weight.Handle, bias.HandleOrNone(), new Ints(&s, 1), new Ints(&p, 1),
                    new Ints(&d, 1), groups), input, weight, bias);
            }

            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor bias = null, long? stride = null,
                Padding padding = Padding.Valid, long? dilation = null, long groups = 1)
            {
                long s = stride ?? 1, d = dilation ?? 1;
                return Tensor.Made(Native.ts_conv1d_padding(input.Handle, weight.Handle, bias.HandleOrNone(), new Ints(&s, 1),
                    padding == Padding.Same, new Ints(&d, 1), groups), input, weight, bias);
            }

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null, long[] padding = null,
                long[] dilation = null, long groups = 1)
            {
                strides ??= One2;
                padding ??= Zero2;
                dilation ??= One2;
                fixed (long* s = strides, p = padding, d = dilation)
                    return Tensor.Made(Native.ts_conv2d(input.Handle, weight.Handle, bias.HandleOrNone(), new Ints(s, strides),
                        new Ints(p, padding), new Ints(d, dilation), groups), input, weight, bias);
            }

            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                Padding padding = Padding.Valid, long[] dilation = null, long groups = 1)
            {
                strides ??= One2;
                dilation ??= One2;
                fixed (long* s = strides, d = dilation)
                    return Tensor.Made(Native.ts_conv2d_padding(input.Handle, weight.Handle, bias.HandleOrNone(), new Ints(s, strides),
                        padding == Padding.Same, new Ints(d, dilation), groups), input, weight, bias);
            }

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor bias = null, long? stride = null,
                long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1)
            {
                long s = stride ?? 1, p = padding ?? 0, o = output_padding ?? 0, d = dilation ?? 1;
                return Tensor.Made(Native.ts_conv_transpose1d(input.Handle, weight.Handle, bias.HandleOrNone(), new Ints(&s, 1),
                    new Ints(&p, 1), new Ints(&o, 1), new Ints(&d, 1), groups), input, weight, bias);
            }

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor bias = null, long[] strides = null,
                long[] padding = null, long[] output_padding = null, long[] dilation = null, long groups = 1)
            {
                strides ??= One2;
                padding ??= Zero2;
                output_padding ??= Zero2;
                dilation ??= One2;
                fixed (long* s = strides, p = padding, o = output_padding, d = dilation)
                    return Tensor.Made(Native.ts_conv_transpose2d(input.Handle, weight.Handle, bias.HandleOrNone(), new Ints(s, strides),
                        new Ints(p, padding), new Ints(o, output_padding), new Ints(d, dilation), groups), input, weight, bias);
            }

            // ---- pooling

            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null,
                long? padding = null, long? dilation = null, bool ceil_mode = false)
            {
                long s = stride ?? kernel_size, p = padding ?? 0, d = dilation ?? 1;
                var r = stackalloc nint[2];
                Native.Check(Native.ts_max_pool1d(input.Handle, new Ints(&kernel_size, 1), new Ints(&s, 1), new Ints(&p, 1),
                    new Ints(&d, 1), ceil_mode, r));
                GC.KeepAlive(input);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }

            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[] strides = null,
                long[] padding = null, long[] dilation = null, bool ceil_mode = false)
            {
                strides ??= kernel_size;
                padding ??= Zero2;
                dilation ??= One2;
                var r = stackalloc nint[2];
                fixed (long* k = kernel_size, s = strides, p = padding, d = dilation)
                    Native.Check(Native.ts_max_pool2d(input.Handle, new Ints(k, kernel_size), new Ints(s, strides), new Ints(p, padding),
                        new Ints(d, dilation), ceil_mode, r));
                GC.KeepAlive(input);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }

            private static Tensor First((Tensor, Tensor) pair)
            {
                pair.Item2.Dispose();
                return pair.Item1;
            }

            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false) =>
                First(max_pool1d_with_indices(input, kernel_size, stride, padding, dilation, ceil_mode));
            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[] strides = null, long[] padding = null,
                long[] dilation = null, bool ceil_mode = false) =>
                First(max_pool2d_with_indices(input, kernel_size, strides, padding, dilation, ceil_mode));
            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Both(kernel_size), Both(stride), Both(padding), Both(dilation), ceil_mode);
            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Both(kernel_size), Both(stride), Both(padding), Both(dilation), ceil_mode);

            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null,
                bool ceil_mode = false, bool count_include_pad = true)
            {
                long s = stride ?? kernel_size, p = padding ?? 0;
                return Tensor.Made(Native.ts_avg_pool1d(input.Handle, new Ints(&kernel_size, 1), new Ints(&s, 1), new Ints(&p, 1),
                    ceil_mode, count_include_pad), input);
            }

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[] stride = null, long[] padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
            {
                stride ??= kernel_size;
                padding ??= Zero2;
                fixed (long* k = kernel_size, s = stride, p = padding)
                    return Tensor.Made(Native.ts_avg_pool2d(input.Handle, new Ints(k, kernel_size), new Ints(s, stride),
                        new Ints(p, padding), ceil_mode, count_include_pad, divisor_override), input);
            }

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Both(kernel_size), Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);
            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Both(kernel_size), Both(stride), Both(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) =>
                Tensor.Made(Native.ts_adaptive_avg_pool1d(input.Handle, new Ints(&output_size, 1)), input);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
            {
                fixed (long* p = output_size) return Tensor.Made(Native.ts_adaptive_avg_pool2d(input.Handle, new Ints(p, output_size)),
                    input);
            }

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) =>
                adaptive_avg_pool2d(input, Both(output_size));
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Both(output_size));

            public static (Tensor Values, Tensor Indices) adaptive_max_pool1d_with_indices(Tensor input, long output_size)
            {
                var r = stackalloc nint[2];
                Native.Check(Native.ts_adaptive_max_pool1d(input.Handle, new Ints(&output_size, 1), r));
                GC.KeepAlive(input);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }

            public static (Tensor Values, Tensor Indices) adaptive_max_pool2d_with_indices(Tensor input, long[] output_size)
            {
                var r = stackalloc nint[2];
                fixed (long* p = output_size) Native.Check(Native.ts_adaptive_max_pool2d(input.Handle, new Ints(p, output_size), r));
                GC.KeepAlive(input);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }

            public static Tensor adaptive_max_pool1d(Tensor input, long output_size) =>
                First(adaptive_max_pool1d_with_indices(input, output_size));
            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) =>
                First(adaptive_max_pool2d_with_indices(input, output_size));

            // ---- to another size

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) =>
                Tensor.Made(Native.ts_pixel_shuffle(input.Handle, upscale_factor), input);
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) =>
                Tensor.Made(Native.ts_pixel_unshuffle(input.Handle, downscale_factor), input);

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                fixed (long* p = pad) return Tensor.Made(Native.ts_pad(input.Handle, new Ints(p, pad.Length), (int)mode, value), input);
            }

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)pad, mode, value);
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad.Item1, pad.Item2], mode, value);
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant,
                double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)[pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>As much at both ends of every dimension, batch and channels included.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                var all = new long[2 * input.ndim];
                Array.Fill(all, pad);
                return functional.pad(input, (ReadOnlySpan<long>)all, mode, value);
            }

            /// <summary>Changes the dimensions of space to the size given, or multiplies them by the factors given.</summary>
            public static Tensor interpolate(Tensor x, long[] size = null, double[] scale_factor = null,
                InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false,
                bool antialias = false)
            {
                if (antialias) throw new NotSupportedException("interpolate: antialias is not part of this stand-in.");
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("interpolate: give either size or scale_factor.");
                var before = x.shape[2..];
                var scales = scale_factor;
                if (scales is not null)
                {
                    size = new long[before.Length];
                    for (int i = 0; i < size.Length; i++) size[i] = (long)Math.Floor(before[i] * scales[scales.Length == 1 ? 0 : i]);
                    scales = recompute_scale_factor ? null : scales.Length == 1 ? [.. before.Select(_ => scale_factor[0])] : scales;
                }
                if (mode == InterpolationMode.Area && size.Length == 2) return adaptive_avg_pool2d(x, size);
                if (mode is InterpolationMode.Area or InterpolationMode.NearestExact)
                    throw new NotSupportedException($"interpolate: {mode} is not part of this stand-in.");
                fixed (long* p = size)
                fixed (double* s = scales)
                    return Tensor.Made(Native.ts_interpolate(x.Handle, new Ints(p, size), s, mode switch
                    {
                        InterpolationMode.Nearest => 0,
                        InterpolationMode.Linear => 1,
                        InterpolationMode.Bilinear => 2,
                        InterpolationMode.Bicubic => 3,
                        _ => 4,
                    }, align_corners ?? false), x);
            }

            // ---- patches

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null,
                (long, long)? stride = null)
            {
                long[] kernel = Both(kernel_size), d = Both(dilation) ?? One2, p = Both(padding) ?? Zero2, s = Both(stride) ?? One2;
                fixed (long* kp = kernel, dp = d, pp = p, sp = s)
                    return Tensor.Made(Native.ts_im2col(input.Handle, new Ints(kp, 2), new Ints(dp, 2), new Ints(pp, 2), new Ints(sp, 2)),
                        input);
            }

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null,
                (long, long)? padding = null, (long, long)? stride = null)
            {
                long[] size = Both(output_size), kernel = Both(kernel_size), d = Both(dilation) ?? One2, p = Both(padding) ?? Zero2,
                    s = Both(stride) ?? One2;
                fixed (long* op = size, kp = kernel, dp = d, pp = p, sp = s)
                    return Tensor.Made(Native.ts_col2im(input.Handle, new Ints(op, 2), new Ints(kp, 2), new Ints(dp, 2), new Ints(pp, 2),
                        new Ints(sp, 2)), input);
            }

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0,
                long stride = 1) =>
                fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding),
                    (stride, stride));
        }
    }
}
