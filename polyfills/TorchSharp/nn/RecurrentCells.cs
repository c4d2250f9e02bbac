using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        internal static class CellWeights
        {
            public static Parameter New(long hidden, ScalarType? dtype, Device device, params long[] size)
            {
                double bound = hidden > 0 ? 1 / Math.Sqrt(hidden) : 0;
                return (Parameter)torch.nn.init.uniform_(torch.empty(size, dtype, device).AsParameter(), -bound, bound);
            }
        }

        public sealed class GRUCell : torch.nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly long _hidden;
            private Parameter _weightIn, _weightHidden, _biasIn, _biasHidden;

            internal GRUCell(long input, long hidden, bool bias, Device device, ScalarType? dtype) : base(nameof(GRUCell))
            {
                _hidden = hidden;
                weight_ih = CellWeights.New(hidden, dtype, device, 3 * hidden, input);
                weight_hh = CellWeights.New(hidden, dtype, device, 3 * hidden, hidden);
                if (!bias) return;
                bias_ih = CellWeights.New(hidden, dtype, device, 3 * hidden);
                bias_hh = CellWeights.New(hidden, dtype, device, 3 * hidden);
            }

            public Parameter weight_ih
            {
                get => _weightIn;
                set => Replace(nameof(weight_ih), ref _weightIn, value);
            }

            public Parameter weight_hh
            {
                get => _weightHidden;
                set => Replace(nameof(weight_hh), ref _weightHidden, value);
            }

            public Parameter bias_ih
            {
                get => _biasIn;
                set => Replace(nameof(bias_ih), ref _biasIn, value);
            }

            public Parameter bias_hh
            {
                get => _biasHidden;
                set => Replace(nameof(bias_hh), ref _biasHidden, value);
            }

            public override Tensor forward(Tensor input, Tensor h0 = null)
            {
                h0 ??= torch.zeros(input.size(0), _hidden, input.dtype, input.device);
                nint made = Native.ts_gru_cell(input.Handle, h0.Handle, weight_ih.Handle, weight_hh.Handle, bias_ih.HandleOrNone(),
                    bias_hh.HandleOrNone());
                GC.KeepAlive(this);
                return Tensor.Made(made, input, h0);
            }
        }

        public sealed class RNNCell : torch.nn.Module<Tensor, Tensor, Tensor>
        {
            private readonly long _hidden;
            private readonly bool _relu;
            private Parameter _weightIn, _weightHidden, _biasIn, _biasHidden;

            internal RNNCell(long input, long hidden, torch.nn.NonLinearities function, bool bias, Device device, ScalarType? dtype)
                : base(nameof(RNNCell))
            {
                _relu = function == torch.nn.NonLinearities.ReLU;
                _hidden = hidden;
                weight_ih = CellWeights.New(hidden, dtype, device, hidden, input);
                weight_hh = CellWeights.New(hidden, dtype, device, hidden, hidden);
                if (!bias) return;
                bias_ih = CellWeights.New(hidden, dtype, device, hidden);
                bias_hh = CellWeights.New(hidden, dtype, device, hidden);
            }

            public Parameter weight_ih
            {
                get => _weightIn;
                set => Replace(nameof(weight_ih), ref _weightIn, value);
            }

            public Parameter weight_hh
            {
                get => _weightHidden;
                set => Replace(nameof(weight_hh), ref _weightHidden, value);
            }

            public Parameter bias_ih
            {
                get => _biasIn;
                set => Replace(nameof(bias_ih), ref _biasIn, value);
            }

            public Parameter bias_hh
            {
                get => _biasHidden;
                set => Replace(nameof(bias_hh), ref _biasHidden, value);
            }

            public override Tensor forward(Tensor input, Tensor h0 = null)
            {
                h0 ??= torch.zeros(input.size(0), _hidden, input.dtype, input.device);
                nint made = Native.ts_rnn_cell(input.Handle, h0.Handle, _relu, weight_ih.Handle, weight_hh.Handle, bias_ih.HandleOrNone(),
                    bias_hh.HandleOrNone());
                GC.KeepAlive(this);
                return Tensor.Made(made, input, h0);
            }
        }

        public sealed unsafe class LSTMCell : torch.nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
        {
            private readonly long _hidden;
            private Parameter _weightIn, _weightHidden, _biasIn, _biasHidden;

            internal LSTMCell(long input, long hidden, bool bias, Device device, ScalarType? dtype) : base(nameof(LSTMCell))
            {
                _hidden = hidden;
                weight_ih = CellWeights.New(hidden, dtype, device, 4 * hidden, input);
                weight_hh = CellWeights.New(hidden, dtype, device, 4 * hidden, hidden);
                if (!bias) return;
                bias_ih = CellWeights.New(hidden, dtype, device, 4 * hidden);
                bias_hh = CellWeights.New(hidden, dtype, device, 4 * hidden);
            }

            public Parameter weight_ih
            {
                get => _weightIn;
                set => Replace(nameof(weight_ih), ref _weightIn, value);
            }

            public Parameter weight_hh
            {
                get => _weightHidden;
                set => Replace(nameof(weight_hh), ref _weightHidden, value);
            }

            public Parameter bias_ih
            {
                get => _biasIn;
                set => Replace(nameof(bias_ih), ref _biasIn, value);
            }

            public Parameter bias_hh
            {
                get => _biasHidden;
                set => Replace(nameof(bias_hh), ref _biasHidden, value);
            }

            public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

            public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
            {
                Tensor Start() => torch.zeros(input.size(0), _hidden, input.dtype, input.device);
                var (h, c) = h0_c0 ?? (Start(), Start());
                var r = stackalloc nint[2];
                Native.Check(Native.ts_lstm_cell(input.Handle, h.Handle, c.Handle, weight_ih.Handle, weight_hh.Handle,
                    bias_ih.HandleOrNone(), bias_hh.HandleOrNone(), r));
                GC.KeepAlive(this);
                GC.KeepAlive(input);
                GC.KeepAlive(h);
                GC.KeepAlive(c);
                return (new Tensor(r[0]), new Tensor(r[1]));
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);

            public static Modules.RNNCell RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity = NonLinearities.Tanh,
                bool bias = true, Device device = null, ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, nonLinearity, bias, device, dtype);

            public static Modules.LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device device = null,
                ScalarType? dtype = null) =>
                new(inputSize, hiddenSize, bias, device, dtype);
        }
    }
}
