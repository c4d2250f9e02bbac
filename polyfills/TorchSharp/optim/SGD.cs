namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Gradient descent with momentum.</summary>
        public class SGD : torch.optim.Optimizer
        {
            private readonly double _momentum, _dampening, _decay;
            private readonly bool _nesterov, _maximize;
            private readonly torch.Tensor[] _velocity;
            private readonly bool[] _moving;

            public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
                : base(parameters, lr)
            {
                (_momentum, _dampening, _decay, _nesterov, _maximize) = (momentum, dampening, weight_decay, nesterov, maximize);
                _velocity = momentum != 0 ? State() : null;
                _moving = momentum != 0 ? new bool[_velocity.Length] : null;
            }

            private protected override void Update(int index, Parameter parameter, torch.Tensor gradient, double rate)
            {
                if (_maximize) gradient = -gradient;
                if (_decay != 0) gradient = gradient.add(parameter, _decay);
                if (_momentum != 0)
                {
                    var velocity = _velocity[index].mul_(_momentum).add_(gradient, _moving[index] ? 1 - _dampening : 1);
                    _moving[index] = true;
                    gradient = _nesterov ? gradient.add(velocity, _momentum) : velocity;
                }
                parameter.add_(gradient, -rate);
            }
        }
    }

    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.SGD SGD(IEnumerable<Modules.Parameter> parameters, double learningRate, double momentum = 0,
                double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
