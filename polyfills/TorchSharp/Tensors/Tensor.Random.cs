namespace TorchSharp;

public static partial class torch
{
    // Each draws from the generator that it is given, or else from the global one.
    public partial class Tensor
    {
        private Tensor Drawn(bool ok, Generator generator, Tensor p = null)
        {
            GC.KeepAlive(generator);
            return Done(ok, p);
        }

        private Tensor Sample(nint made, Generator generator, Tensor b = null)
        {
            GC.KeepAlive(generator);
            return Made(made, this, b);
        }

        public Tensor uniform_(double from, double to, Generator generator = null) =>
            Drawn(Native.ts_uniform_(Handle, from, to, generator.HandleOrNone()), generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator generator = null) =>
            Drawn(Native.ts_normal_(Handle, mean, std, generator.HandleOrNone()), generator);
        public Tensor bernoulli_(double p = 0.5, Generator generator = null) =>
            Drawn(Native.ts_bernoulli_(Handle, p, generator.HandleOrNone()), generator);
        public Tensor bernoulli_(Tensor p, Generator generator = null) =>
            Drawn(Native.ts_bernoulli_tensor_(Handle, p.Handle, generator.HandleOrNone()), generator, p);
        public Tensor exponential_(double lambda = 1, Generator generator = null) =>
            Drawn(Native.ts_exponential_(Handle, lambda, generator.HandleOrNone()), generator);
        public Tensor geometric_(double p, Generator generator = null) =>
            Drawn(Native.ts_geometric_(Handle, p, generator.HandleOrNone()), generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator generator = null) =>
            Drawn(Native.ts_cauchy_(Handle, median, sigma, generator.HandleOrNone()), generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator generator = null) =>
            Drawn(Native.ts_log_normal_(Handle, mean, std, generator.HandleOrNone()), generator);
        public Tensor random_(double from, double to, Generator generator = null) =>
            Drawn(Native.ts_random_(Handle, (long)from, (long)to, generator.HandleOrNone()), generator);

        public Tensor bernoulli(Generator generator = null) => Sample(Native.ts_bernoulli(Handle, generator.HandleOrNone()), generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator generator = null) =>
            Sample(Native.ts_multinomial(Handle, num_samples, replacement, generator.HandleOrNone()), generator);
        public Tensor poisson(Generator generator = null) => Sample(Native.ts_poisson(Handle, generator.HandleOrNone()), generator);
        public Tensor binomial(Tensor prob, Generator generator = null) =>
            Sample(Native.ts_binomial(Handle, prob.Handle, generator.HandleOrNone()), generator, prob);

        internal Tensor StandardGamma(Generator generator) => Sample(Native.ts_standard_gamma(Handle, generator.HandleOrNone()), generator);
        internal Tensor Dirichlet(Generator generator) => Sample(Native.ts_sample_dirichlet(Handle, generator.HandleOrNone()), generator);
        internal Tensor Normal(Tensor std, Generator generator) =>
            Sample(Native.ts_normal(Handle, std.Handle, generator.HandleOrNone()), generator, std);
    }

    public static Tensor bernoulli(Tensor input, Generator generator = null) => input.bernoulli(generator);
    public static Tensor multinomial(Tensor input, long num_samples, bool replacement = false, Generator generator = null) =>
        input.multinomial(num_samples, replacement, generator);
    public static Tensor poisson(Tensor input, Generator generator = null) => input.poisson(generator);
    public static Tensor binomial(Tensor count, Tensor probs, Generator generator = null) => count.binomial(probs, generator);
    public static Tensor normal(Tensor mean, Tensor std, Generator generator = null) => mean.Normal(std, generator);
    public static Tensor _standard_gamma(Tensor input, Generator generator = null) => input.StandardGamma(generator);
    public static Tensor _sample_dirichlet(Tensor input, Generator generator = null) => input.Dirichlet(generator);
}
