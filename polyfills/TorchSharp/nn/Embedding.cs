using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A row of a table for every index.</summary>
        public sealed class Embedding : torch.nn.Module<Tensor, Tensor>
        {
            private readonly long _padding;
            private readonly bool _scale;
            private Parameter _weight;

            internal Embedding(Tensor weight, bool trained, long? padding_idx, bool scale_grad_by_freq) : base(nameof(Embedding))
            {
                _padding = padding_idx ?? -1;
                _scale = scale_grad_by_freq;
                this.weight = new Parameter(weight, trained);
            }

            public Parameter weight
            {
                get => _weight;
                set => Replace(nameof(weight), ref _weight, value);
            }

            public override Tensor forward(Tensor input) =>
                Tensor.Made(Native.ts_embedding(weight.Handle, input.Handle, _padding, _scale), weight, input);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null,
                double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device device = null,
                ScalarType? dtype = null)
            {
                NothingElse(max_norm, sparse);
                var weight = randn(num_embeddings, embedding_dims, dtype, device);
                if (padding_idx.HasValue)
                {
                    using var padding = weight[padding_idx.Value];
                    padding.zero_();
                }
                return new Modules.Embedding(weight, true, padding_idx, scale_grad_by_freq);
            }

            public static Modules.Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null,
                double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device device = null,
                ScalarType? dtype = null)
            {
                NothingElse(max_norm, sparse);
                return new Modules.Embedding(embeddings.to(dtype ?? embeddings.dtype, device ?? embeddings.device).detach(), !freeze,
                    padding_idx, scale_grad_by_freq);
            }

            private static void NothingElse(double? max_norm, bool sparse)
            {
                if (max_norm.HasValue || sparse)
                    throw new NotSupportedException("Embedding: max_norm and sparse gradients are not part of this stand-in.");
            }
        }
    }
}
