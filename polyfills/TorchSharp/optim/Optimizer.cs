using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The optimizers that are worth comparing with; all parameters are one group.</summary>
    public static partial class optim
    {
        public interface ILearningRateController
        {
            double LearningRate { get; set; }
            double InitialLearningRate { get; set; }
        }

        public abstract class Optimizer : IDisposable
        {
            private protected sealed class Rate(double value) : ILearningRateController
            {
                public double LearningRate { get; set; } = value;
                public double InitialLearningRate { get; set; } = value;
            }

            private readonly Parameter[] _parameters;
            private readonly Rate _rate;
            private readonly List<Tensor> _state = [];

            private protected Optimizer(IEnumerable<Parameter> parameters, double learningRate)
            {
                _parameters = parameters.ToArray();
                _rate = new Rate(learningRate);
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => [_rate];

            public virtual IEnumerable<Parameter> parameters() => _parameters;

            public virtual void zero_grad()
            {
                foreach (var parameter in _parameters) parameter.grad = null;
            }

            public virtual Tensor step(Func<Tensor> closure = null)
            {
                Tensor loss = null;
                if (closure is not null)
                    using (enable_grad()) loss = closure();
                using var scope = NewDisposeScope();
                using var quiet = no_grad();
                for (int i = 0; i < _parameters.Length; i++)
                    if (_parameters[i].grad is { } gradient) Update(i, _parameters[i], gradient, _rate.LearningRate);
                return loss;
            }

            private protected abstract void Update(int index, Parameter parameter, Tensor gradient, double rate);

            /// <summary>Zeros for every parameter, which live as long as the optimizer.</summary>
            private protected Tensor[] State()
            {
                var made = Array.ConvertAll(_parameters, p => zeros_like(p).DetachFromDisposeScope());
                _state.AddRange(made);
                return made;
            }

            protected virtual void Dispose(bool disposing)
            {
                foreach (var tensor in _state) tensor.Dispose();
                _state.Clear();
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }
        }
    }
}
