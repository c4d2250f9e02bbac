using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Conv1d : Convolution
        {
            internal Conv1d(long in_channels, long out_channels, long kernel_size, long stride, long padding, Padding? type, long dilation,
                PaddingModes mode, long groups, bool bias, Device device, ScalarType? dtype)
                : base(nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], [padding], type, [dilation], false, [0], groups,
                    bias, mode, device, dtype) { }

            public override Tensor forward(Tensor input)
            {
                Validate(input, 1);
                if (padding_mode == PaddingModes.Zeros)
                    return padding_type.HasValue ? F.conv1d_padding(input, weight, bias, stride[0], padding_type.Value, dilation[0], groups)
                        : F.conv1d(input, weight, bias, stride[0], padding[0], dilation[0], groups);
                using var padded = F.pad(input, _reversed_padding_repeated_twice, padding_mode);
                return F.conv1d(padded, weight, bias, stride[0], 0, dilation[0], groups);
            }
        }

        public sealed class Conv2d : Convolution
        {
            internal Conv2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, Padding? type,
                long[] dilation, PaddingModes mode, long groups, bool bias, Device device, ScalarType? dtype)
                : base(nameof(Conv2d), in_channels, out_channels, kernel_size, stride, padding, type, dilation, false, [0, 0], groups, bias,
                    mode, device, dtype) { }

            public override Tensor forward(Tensor input)
            {
                Validate(input, 2);
                if (padding_mode == PaddingModes.Zeros)
                    return padding_type.HasValue ? F.conv2d_padding(input, weight, bias, stride, padding_type.Value, dilation, groups)
                        : F.conv2d(input, weight, bias, stride, padding, dilation, groups);
                using var padded = F.pad(input, _reversed_padding_repeated_twice, padding_mode);
                return F.conv2d(padded, weight, bias, stride, null, dilation, groups);
            }
        }

        public sealed class ConvTranspose1d : ConvolutionTranspose
        {
            internal ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride, long padding, long output_padding,
                long dilation, PaddingModes mode, long groups, bool bias, Device device, ScalarType? dtype)
                : base(nameof(ConvTranspose1d), in_channels, out_channels, [kernel_size], [stride], [padding], null, [dilation], true,
                    [output_padding], groups, bias, mode, device, dtype) { }

            public override Tensor forward(Tensor input, long[] output_size)
            {
                Validate(input, 1);
                var added = _output_padding(input, output_size, kernel_size, stride, padding, dilation, 1);
                return F.conv_transpose1d(input, weight, bias, stride[0], padding[0], added[0], dilation[0], groups);
            }
        }

        public sealed class ConvTranspose2d : ConvolutionTranspose
        {
            internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
                long[] output_padding, long[] dilation, PaddingModes mode, long groups, bool bias, Device device, ScalarType? dtype)
                : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, null, dilation, true,
                    output_padding, groups, bias, mode, device, dtype) { }

            public override Tensor forward(Tensor input, long[] output_size)
            {
                Validate(input, 2);
                var added = _output_padding(input, output_size, kernel_size, stride, padding, dilation, 2);
                return F.conv_transpose2d(input, weight, bias, stride, padding, added, dilation, groups);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, null, dilation, padding_mode, groups, bias, device, dtype);

            public static Modules.Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, 0, padding, dilation, padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride), Both(padding), null, Both(dilation), padding_mode, groups,
                    bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null,
                (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride ?? (1, 1)), Both(padding ?? (0, 0)), null,
                    Both(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride), null, padding, Both(dilation), padding_mode, groups, bias,
                    device, dtype);

            public static Modules.Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, Padding padding,
                (long, long)? stride = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1,
                bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride ?? (1, 1)), null, padding, Both(dilation ?? (1, 1)),
                    padding_mode, groups, bias, device, dtype);

            public static Modules.ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride = 1,
                long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, padding_mode, groups, bias, device,
                    dtype);

            public static Modules.ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1,
                long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride), Both(padding), Both(output_padding), Both(dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Modules.ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernel_size,
                (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Both(kernel_size), Both(stride ?? (1, 1)), Both(padding ?? (0, 0)),
                    Both(output_padding ?? (0, 0)), Both(dilation ?? (1, 1)), padding_mode, groups, bias, device, dtype);
        }
    }
}
