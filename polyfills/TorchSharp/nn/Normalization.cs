using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>
        /// What batch and instance normalization share: statistics that follow the batches, and an affine map of each channel.
        /// </summary>
        public abstract class NormBase : torch.nn.Module<Tensor, Tensor>
        {
            private Parameter _weight, _bias;
            private Tensor _mean, _variance, _batches;

            public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device device,
                ScalarType? dtype, string name) : base(name)
            {
                this.num_features = num_features;
                this.eps = eps;
                this.momentum = momentum;
                this.affine = affine;
                this.track_running_stats = track_running_stats;
                if (affine)
                {
                    weight = torch.empty(num_features, dtype, device).AsParameter();
                    bias = torch.empty(num_features, dtype, device).AsParameter();
                }
                if (track_running_stats)
                {
                    running_mean = torch.zeros(num_features, dtype, device);
                    running_var = torch.ones(num_features, dtype, device);
                    num_batches_tracked = torch.tensor(0L, device: device);
                }
                reset_parameters();
            }

            public long num_features { get; }
            public double eps { get; set; }
            public double? momentum { get; set; }
            public bool affine { get; }
            public bool track_running_stats { get; }

            public Parameter weight
            {
                get => _weight;
                set => Replace(nameof(weight), ref _weight, value);
            }

            public Parameter bias
            {
                get => _bias;
                set => Replace(nameof(bias), ref _bias, value);
            }

            public Tensor running_mean
            {
                get => _mean;
                set => Replace(nameof(running_mean), ref _mean, value);
            }

            public Tensor running_var
            {
                get => _variance;
                set => Replace(nameof(running_var), ref _variance, value);
            }

            public Tensor num_batches_tracked
            {
                get => _batches;
                set => Replace(nameof(num_batches_tracked), ref _batches, value);
            }

            public void reset_running_stats()
            {
                if (!track_running_stats) return;
                running_mean.zero_();
                running_var.fill_(1);
                num_batches_tracked.zero_();
            }

            public void reset_parameters()
            {
                reset_running_stats();
                if (!affine) return;
                torch.nn.init.ones_(weight);
                torch.nn.init.zeros_(bias);
            }

            protected abstract void ValidateInputDimensions(Tensor input);

            private protected static void Expect(Tensor input, string name, params int[] dimensions)
            {
                if (!dimensions.Contains((int)input.ndim))
                    throw new ArgumentException($"{name} expects an input of {string.Join(" or ", dimensions)} dimensions, but got {input.ndim}");
            }
        }

        public abstract class BatchNorm : NormBase
        {
            public BatchNorm(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device device,
                ScalarType? dtype, string name)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

            public override Tensor forward(Tensor input)
            {
                ValidateInputDimensions(input);
                double factor = momentum ?? 0;
                if (training && track_running_stats)
                {
                    num_batches_tracked.add_(1);
                    factor = momentum ?? 1 / num_batches_tracked.ToDouble();   // without momentum: the mean of all batches
                }
                bool own = !training || track_running_stats;
                return F.batch_norm(input, own ? running_mean : null, own ? running_var : null, weight, bias, training
                    || running_mean is null, factor, eps);
            }
        }

        public sealed class BatchNorm1d : BatchNorm
        {
            internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device device,
                ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm1d)) { }

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, nameof(BatchNorm1d), 2, 3);
        }

        public sealed class BatchNorm2d : BatchNorm
        {
            internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device device,
                ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(BatchNorm2d)) { }

            protected override void ValidateInputDimensions(Tensor input) => Expect(input, nameof(BatchNorm2d), 4);
        }

        public abstract class InstanceNorm : NormBase
        {
            public InstanceNorm(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device device,
                ScalarType? dtype, string name)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name) { }

            protected abstract long GetNumberOfBatchDimensions();

            public override Tensor forward(Tensor input)
            {
                ValidateInputDimensions(input);
                using var batch = input.ndim < GetNumberOfBatchDimensions() ? input.unsqueeze(0) : input.alias();
                var normalized = F.instance_norm(batch, running_mean, running_var, weight, bias, training || !track_running_stats,
                    momentum ?? 0, eps);
                return input.ndim < GetNumberOfBatchDimensions() ? normalized.squeeze_(0) : normalized;
            }
        }

        public sealed class InstanceNorm2d : InstanceNorm
        {
            internal InstanceNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device device,
                ScalarType? dtype)
                : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, nameof(InstanceNorm2d)) { }

            protected override long GetNumberOfBatchDimensions() => 4;
            protected override void ValidateInputDimensions(Tensor input) => Expect(input, nameof(InstanceNorm2d), 3, 4);
        }

        public sealed class LayerNorm : torch.nn.Module<Tensor, Tensor>
        {
            private Parameter _weight, _bias;

            internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device device, ScalarType? dtype)
                : base(nameof(LayerNorm))
            {
                this.normalized_shape = normalized_shape;
                this.eps = eps;
                this.elementwise_affine = elementwise_affine;
                if (!elementwise_affine) return;
                weight = torch.empty(normalized_shape, dtype, device).AsParameter();
                if (bias) this.bias = torch.empty(normalized_shape, dtype, device).AsParameter();
                reset_parameters();
            }

            public long[] normalized_shape { get; set; }
            public double eps { get; set; }
            public bool elementwise_affine { get; set; }

            public Parameter weight
            {
                get => _weight;
                set => Replace(nameof(weight), ref _weight, value);
            }

            public Parameter bias
            {
                get => _bias;
                set => Replace(nameof(bias), ref _bias, value);
            }

            public void reset_parameters()
            {
                if (!elementwise_affine) return;
                torch.nn.init.ones_(weight);
                if (bias is not null) torch.nn.init.zeros_(bias);
            }

            public override Tensor forward(Tensor tensor) => F.layer_norm(tensor, normalized_shape, weight, bias, eps);
        }

        public sealed class GroupNorm : torch.nn.Module<Tensor, Tensor>
        {
            private Parameter _weight, _bias;

            internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device device, ScalarType? dtype)
                : base(nameof(GroupNorm))
            {
                this.num_groups = num_groups;
                this.eps = eps;
                this.affine = affine;
                if (!affine) return;
                weight = torch.ones(num_channels, dtype, device).AsParameter();
                bias = torch.zeros(num_channels, dtype, device).AsParameter();
            }

            public long num_groups { get; set; }
            public double eps { get; set; }
            public bool affine { get; set; }

            public Parameter weight
            {
                get => _weight;
                set => Replace(nameof(weight), ref _weight, value);
            }

            public Parameter bias
            {
                get => _bias;
                set => Replace(nameof(bias), ref _bias, value);
            }

            public override Tensor forward(Tensor tensor) => F.group_norm(tensor, num_groups, weight, bias, eps);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static Modules.BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true,
                bool track_running_stats = true, Device device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static Modules.InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1,
                bool affine = false, bool track_running_stats = false, Device device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
            public static Modules.LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true,
                bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);
            public static Modules.LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true,
                bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);
            public static Modules.GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true,
                Device device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);
        }
    }
}
