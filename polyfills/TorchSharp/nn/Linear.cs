namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>x Wᵀ + b.</summary>
        public sealed class Linear : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private Parameter _weight, _bias;

            public long in_features { get; set; }
            public long out_features { get; set; }

            internal Linear(Parameter weight, Parameter bias) : base(nameof(Linear))
            {
                in_features = weight.size(1);
                out_features = weight.size(0);
                this.weight = weight;
                this.bias = bias;
            }

            internal Linear(long inputSize, long outputSize, bool hasBias, torch.Device device, torch.ScalarType? dtype)
                : base(nameof(Linear))
            {
                in_features = inputSize;
                out_features = outputSize;
                weight = torch.empty(outputSize, inputSize, dtype, device).AsParameter();
                torch.nn.init.kaiming_uniform_(weight, a: Math.Sqrt(5));
                if (!hasBias) return;
                bias = torch.empty(outputSize, dtype, device).AsParameter();
                double bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                torch.nn.init.uniform_(bias, -bound, bound);
            }

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

            public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.linear(tensor, _weight, _bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public partial class Module
            {
                /// <summary>
                /// The setter of a parameter that a module of ours keeps in a field: the old one goes, the new one is the module's.
                /// </summary>
                private protected void Replace(string name, ref Modules.Parameter field, Modules.Parameter value)
                {
                    if (ReferenceEquals(field, value)) return;
                    field?.Dispose();
                    field = value;
                    value?.DetachFromDisposeScope();
                    ConditionallyRegisterParameter(name, value);
                }

                private protected void Replace(string name, ref Tensor field, Tensor value)
                {
                    if (ReferenceEquals(field, value)) return;
                    field?.Dispose();
                    field = value;
                    value?.DetachFromDisposeScope();
                    ConditionallyRegisterBuffer(name, value);
                }
            }

            public static Modules.Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Modules.Linear Linear(Modules.Parameter weight, Modules.Parameter bias = null) => new(weight, bias);
        }
    }
}
