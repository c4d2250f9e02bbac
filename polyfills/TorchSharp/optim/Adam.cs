namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>What Adam and AdamW share: running means of the gradients and of their squares.</summary>
        internal sealed class AdamMoments(torch.Tensor[] means, torch.Tensor[] squares, torch.Tensor[] largest, double beta1, double beta2,
            double eps)
        {
            private readonly int[] _steps = new int[means.Length];

            public void Update(int index, Parameter parameter, torch.Tensor gradient, double rate)
            {
                int step = ++_steps[index];
                means[index].mul_(beta1).add_(gradient, 1 - beta1);
                squares[index].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
                var square = squares[index];
                if (largest is not null) square = largest[index].copy_(largest[index].maximum(square));
                double correction1 = 1 - Math.Pow(beta1, step), correction2 = Math.Sqrt(1 - Math.Pow(beta2, step));
                parameter.addcdiv_(means[index], square.sqrt().div_((Scalar)correction2).add_((Scalar)eps), -rate / correction1);
            }
        }

        /// <summary>Adam; weight decay is added to the gradient.</summary>
        public class Adam : torch.optim.Optimizer
        {
            private readonly AdamMoments _moments;
            private readonly double _decay;
            private readonly bool _maximize;

            public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, lr)
            {
                _moments = new AdamMoments(State(), State(), amsgrad ? State() : null, beta1, beta2, eps);
                (_decay, _maximize) = (weight_decay, maximize);
            }

            private protected override void Update(int index, Parameter parameter, torch.Tensor gradient, double rate)
            {
                if (_maximize) gradient = -gradient;
                if (_decay != 0) gradient = gradient.add(parameter, _decay);
                _moments.Update(index, parameter, gradient, rate);
            }
        }

        /// <summary>Adam with weight decay that is no part of the gradient.</summary>
        public class AdamW : torch.optim.Optimizer
        {
            private readonly AdamMoments _moments;
            private readonly double _decay;
            private readonly bool _maximize;

            public AdamW(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
                double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, lr)
            {
                _moments = new AdamMoments(State(), State(), amsgrad ? State() : null, beta1, beta2, eps);
                (_decay, _maximize) = (weight_decay, maximize);
            }

            private protected override void Update(int index, Parameter parameter, torch.Tensor gradient, double rate)
            {
                if (_decay != 0) parameter.mul_(1 - rate * _decay);
                _moments.Update(index, parameter, _maximize ? -gradient : gradient, rate);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.Adam Adam(IEnumerable<Modules.Parameter> parameters, double lr = 0.001, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Modules.AdamW AdamW(IEnumerable<Modules.Parameter> parameters, double lr = 0.001, double beta1 = 0.9,
                double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
