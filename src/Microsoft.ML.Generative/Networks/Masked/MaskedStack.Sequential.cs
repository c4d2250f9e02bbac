using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>The same, while the variables become known one after the other.</summary>
internal sealed partial class MaskedStack
{
    /// <param name="order">Whose weights, where each order has its own.</param>
    public SequentialPass Begin(int order, long rows, Tensor? condition) => new(this, _input.SharedWeights ? 0 : order, rows, condition);

    /// <summary>
    /// A pass in which a hidden unit is computed once, as soon as all that it sees is known, so that whole rows take the arithmetic of one ordinary pass. Works under any
    /// order: what is not known yet is 0, which is all that masks do.
    /// </summary>
    internal sealed class SequentialPass
    {
        private readonly MaskedStack _stack;
        private readonly int _member;
        private readonly Tensor? _condition;
        private readonly Tensor _seen;          // (batch, inputs + conditions)
        private readonly Tensor[] _units;       // (batch, units) of each layer, as far as they are computed
        private readonly int[] _computed;

        internal SequentialPass(MaskedStack stack, int member, long rows, Tensor? condition)
        {
            _stack = stack;
            _member = member;
            _condition = condition;
            var device = stack._output.Weight.device;
            _seen = zeros(rows, stack._input.VariableOfInput.Length, float32, device).BesideCondition(condition);
            _units = stack._degrees.Select(degrees => zeros(rows, degrees.Length, float32, device)).ToArray();
            _computed = new int[_units.Length];
        }

        /// <summary>(batch, inputs) what is known so far, 0 elsewhere.</summary>
        public Tensor X => _seen.narrow(1, 0, _stack._input.VariableOfInput.Length);

        /// <summary>Makes the inputs of the next variable of the order known.</summary>
        /// <param name="position">Of the variable: one more than in the call before.</param>
        /// <param name="start">The first of its inputs.</param>
        /// <param name="values">(batch, width)</param>
        public void Learn(int position, int start, Tensor values)
        {
            using var scope = NewDisposeScope();
            Advance(position);   // units that must not see it
            _seen.narrow(1, start, values.shape[1]).copy_(values);
        }

        /// <summary>Outputs that see the variables before a position, all of which have to be known.</summary>
        /// <param name="position">Not less than in the call before.</param>
        /// <returns>(batch, count), from the output at <paramref name="start"/> on.</returns>
        public Tensor Outputs(int position, int start, int count)
        {
            using var scope = NewDisposeScope();
            Advance(position);
            var result = Part(_stack._output, _units[^1].narrow(1, 0, _computed[^1]), start, count);
            if (_stack._direct is { } direct) result = result + Part(direct, _stack._shape.Direct ? _seen : _condition!, start, count);
            return result.MoveToOuterDisposeScope();
        }

        private void Advance(int position)
        {
            int plain = _stack._shape.HiddenSizes.Count;
            for (int layer = 0; layer < _units.Length; layer++)
            {
                int first = _computed[layer], count = 0;
                var degrees = _stack._degrees[layer];
                while (first + count < degrees.Length && degrees[first + count] <= position) count++;
                if (count <= 0) continue;
                var source = layer == 0 ? _seen : _units[layer - 1].narrow(1, 0, _computed[layer - 1]);
                var result = Part(layer == 0 ? _stack._first : _stack._hidden[layer - 1], source, first, count);
                bool endsBlock = layer >= plain && (layer - plain) % 2 == 1;
                result = endsBlock ? result + _units[layer - 2].narrow(1, first, count) : _stack._shape.Activation.Apply(result);
                _units[layer].narrow(1, first, count).copy_(result);
                _computed[layer] = first + count;
            }
        }

        // some of a layer's units, from the first of what it reads
        private Tensor Part(MaskedDense layer, Tensor source, int start, int count)
        {
            var weight = layer.Weight.select(0, _member);                                                        // (outputs, inputs)
            var bias = layer.Bias.narrow(0, _member * weight.shape[0] + start, count);
            return nn.functional.linear(source, weight.narrow(0, start, count).narrow(1, 0, source.shape[1]), bias);
        }
    }
}
