using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp
{
    // Dropout while the module is training, from the global generator.
    namespace Modules
    {
        public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout(double p, bool inplace) : base(nameof(Dropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }
            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => F.dropout(tensor, p, training, inplace);
        }

        public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }
            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => F.dropout1d(tensor, p, training, inplace);
        }

        public sealed class Dropout2d : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }
            public bool inplace { get; set; }

            public override Tensor forward(Tensor input) => F.dropout2d(input, p, training, inplace);
        }

        public sealed class AlphaDropout : ParameterLessModule<Tensor, Tensor>
        {
            internal AlphaDropout(double p, bool inplace) : base(nameof(AlphaDropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }
            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => F.alpha_dropout(tensor, p, training, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Modules.Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Modules.Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);
            public static Modules.AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
