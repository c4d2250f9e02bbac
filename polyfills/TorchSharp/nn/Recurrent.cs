using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        // Named as in PyTorch: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, with _reverse for the other direction.
        internal sealed unsafe class RecurrentWeights
        {
            private readonly torch.nn.Module _module;
            private readonly string[] _names;

            public readonly long Hidden, Layers;
            public readonly bool Bias, BatchFirst, Bidirectional;
            public readonly double Dropout;

            public RecurrentWeights(torch.nn.Module module, int gates, long input, long hidden, long layers, bool bias, bool batchFirst,
                double dropout, bool bidirectional, Device device, ScalarType? dtype)
            {
                (_module, Hidden, Layers, Bias, BatchFirst, Dropout, Bidirectional) = (module, hidden, layers, bias, batchFirst, dropout,
                    bidirectional);
                var names = new List<string>();
                double bound = hidden > 0 ? 1 / Math.Sqrt(hidden) : 0;
                void Add(string name, params long[] size)
                {
                    var parameter = torch.empty(size, dtype, device).AsParameter();
                    torch.nn.init.uniform_(parameter, -bound, bound);
                    parameter.DetachFromDisposeScope();
                    module.register_parameter(name, parameter);
                    names.Add(name);
                }
                int directions = bidirectional ? 2 : 1;
                for (int layer = 0; layer < layers; layer++)
                    for (int direction = 0; direction < directions; direction++)
                    {
                        string end = $"l{layer}" + (direction == 1 ? "_reverse" : "");
                        Add($"weight_ih_{end}", gates * hidden, layer == 0 ? input : hidden * directions);
                        Add($"weight_hh_{end}", gates * hidden, hidden);
                        if (!bias) continue;
                        Add($"bias_ih_{end}", gates * hidden);
                        Add($"bias_hh_{end}", gates * hidden);
                    }
                _names = [.. names];
            }

            public nint[] Handles => Array.ConvertAll(_names, name => _module.get_parameter(name).Handle);

            public Tensor Start(Tensor input) =>
                torch.zeros((Bidirectional ? 2 : 1) * Layers, BatchFirst ? input.size(0) : input.size(1), Hidden, input.dtype,
                    input.device);
        }

        public sealed unsafe class GRU : torch.nn.Module<Tensor, Tensor, (Tensor, Tensor)>
        {
            private readonly RecurrentWeights _weights;

            internal GRU(long input, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool bidirectional,
                Device device, ScalarType? dtype) : base(nameof(GRU)) =>
                _weights = new RecurrentWeights(this, 3, input, hidden, layers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public new (Tensor, Tensor) call(Tensor input, Tensor h0 = null) => base.call(input, h0);

            public override (Tensor, Tensor) forward(Tensor input, Tensor h0 = null)
            {
                h0 ??= _weights.Start(input);
                var r = stackalloc nint[2];
                var handles = _weights.Handles;
                fixed (nint* p = handles)
                    Native.Check(Native.ts_gru(input.Handle, h0.Handle, new Ins(p, handles.Length), _weights.Bias, _weights.Layers,
                        _weights.Dropout, training, _weights.Bidirectional, _weights.BatchFirst, r));
                GC.KeepAlive(input);
                GC.KeepAlive(h0);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }

            public void flatten_parameters() { }
        }

        public sealed unsafe class RNN : torch.nn.Module<Tensor, Tensor, (Tensor, Tensor)>
        {
            private readonly RecurrentWeights _weights;
            private readonly bool _relu;

            internal RNN(long input, long hidden, long layers, torch.nn.NonLinearities function, bool bias, bool batchFirst, double dropout,
                bool bidirectional, Device device, ScalarType? dtype) : base(nameof(RNN))
            {
                _relu = function == torch.nn.NonLinearities.ReLU;
                _weights = new RecurrentWeights(this, 1, input, hidden, layers, bias, batchFirst, dropout, bidirectional, device, dtype);
            }

            public new (Tensor, Tensor) call(Tensor input, Tensor h0 = null) => base.call(input, h0);

            public override (Tensor, Tensor) forward(Tensor input, Tensor h0)
            {
                h0 ??= _weights.Start(input);
                var r = stackalloc nint[2];
                var handles = _weights.Handles;
                fixed (nint* p = handles)
                    Native.Check(Native.ts_rnn(input.Handle, h0.Handle, _relu, new Ins(p, handles.Length), _weights.Bias, _weights.Layers,
                        _weights.Dropout, training, _weights.Bidirectional, _weights.BatchFirst, r));
                GC.KeepAlive(input);
                GC.KeepAlive(h0);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }

            public void flatten_parameters() { }
        }

        public sealed unsafe class LSTM : torch.nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
        {
            private readonly RecurrentWeights _weights;

            internal LSTM(long input, long hidden, long layers, bool bias, bool batchFirst, double dropout, bool bidirectional,
                Device device, ScalarType? dtype) : base(nameof(LSTM)) =>
                _weights = new RecurrentWeights(this, 4, input, hidden, layers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

            public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
            {
                var (h, c) = h0_c0 ?? (_weights.Start(input), _weights.Start(input));
                var r = stackalloc nint[3];
                var handles = _weights.Handles;
                fixed (nint* p = handles)
                    Native.Check(Native.ts_lstm(input.Handle, h.Handle, c.Handle, new Ins(p, handles.Length), _weights.Bias,
                        _weights.Layers, _weights.Dropout, training, _weights.Bidirectional, _weights.BatchFirst, r));
                GC.KeepAlive(input);
                GC.KeepAlive(h);
                GC.KeepAlive(c);
                return (new Tensor(r[0]), new Tensor(r[1]), new Tensor(r[2]));
            }

            public void flatten_parameters() { }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public enum NonLinearities
            {
                ReLU = 0,
                Tanh = 1,
            }

            public static Modules.GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false,
                double dropout = 0, bool bidirectional = false, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static Modules.LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false,
                double dropout = 0, bool bidirectional = false, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional, device, dtype);

            public static Modules.RNN RNN(long inputSize, long hiddenSize, long numLayers = 1,
                NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0,
                bool bidirectional = false, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, numLayers, nonLinearity, bias, batchFirst, dropout, bidirectional, device, dtype);
        }
    }
}
