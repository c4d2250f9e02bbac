namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>First values of parameters, drawn from the global generator.</summary>
        public static class init
        {
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            private static Tensor Quietly(Tensor tensor, Action<Tensor> change)
            {
                using (no_grad()) change(tensor);
                return tensor;
            }

            // The real package takes a generator here and draws from the global one all the same: better to hear of it.
            private static void NoGenerator(Generator generator)
            {
                if (generator is not null)
                    throw new NotSupportedException("The functions of nn.init ignore the generator that they are given. Draw with uniform_ or normal_ of the tensor itself.");
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                _ => 1,
            };

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                long field = shape.Skip(2).TotalSize();
                return (shape[1] * field, shape[0] * field);
            }

            public static Tensor zeros_(Tensor tensor) => Quietly(tensor, t => t.zero_());
            public static Tensor ones_(Tensor tensor) => Quietly(tensor, t => t.fill_(1));
            public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(tensor, t => t.fill_(val));

            public static Tensor eye_(Tensor tensor) => Quietly(tensor, t =>
            {
                using var eye = torch.eye(t.size(0), t.size(1), t.dtype, t.device);
                t.copy_(eye);
            });

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator generator = null)
            {
                NoGenerator(generator);
                return Quietly(tensor, t => t.uniform_(low, high));
            }

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator generator = null)
            {
                NoGenerator(generator);
                return Quietly(tensor, t => t.normal_(mean, std));
            }

            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2,
                Generator generator = null)
            {
                NoGenerator(generator);
                return Quietly(tensor, t =>
                {
                    // the inverse of the distribution function, at uniform values between those of the two ends
                    using var ends = torch.tensor(new[] { (a - mean) / std / Math.Sqrt(2), (b - mean) / std / Math.Sqrt(2) });
                    using var area = ends.erf();
                    t.uniform_(area[0].ToDouble(),
                        area[1].ToDouble()).erfinv_().mul_((Scalar)(std * Math.Sqrt(2))).add_((Scalar)mean).clamp_((Scalar)a, (Scalar)b);
                });
            }

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return Quietly(tensor, t => t.uniform_(-bound, bound));
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double deviation = KaimingDeviation(tensor, a, mode, nonlinearity);
                return Quietly(tensor, t => t.normal_(0, deviation));
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                double bound = Math.Sqrt(3) * XavierDeviation(tensor, gain);
                return Quietly(tensor, t => t.uniform_(-bound, bound));
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                double deviation = XavierDeviation(tensor, gain);
                return Quietly(tensor, t => t.normal_(0, deviation));
            }

            private static double XavierDeviation(Tensor tensor, double gain)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return gain * Math.Sqrt(2.0 / (fanIn + fanOut));
            }

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);
            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            public static Tensor orthogonal_(Tensor tensor, double gain = 1) => Quietly(tensor, t =>
            {
                using var scope = NewDisposeScope();
                long rows = t.size(0), columns = t.numel() / rows;
                var random = randn(Math.Max(rows, columns), Math.Min(rows, columns), t.dtype, t.device);
                var (q, r) = linalg.qr(random);
                q = q * r.diag().sign();               // makes it uniform over the orthogonal matrices
                t.copy_((rows < columns ? q.t() : q).reshape(t.shape)).mul_((Scalar)gain);
            });
        }
    }
}
