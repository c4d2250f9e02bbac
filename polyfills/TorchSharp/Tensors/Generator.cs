namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers of its own; the same seed gives the same numbers on the same kind of device.</summary>
    public class Generator : IDisposable
    {
        public nint Handle { get; private set; }

        public Device device { get; }

        public Generator(ulong seed = 0, Device device = null)
        {
            this.device = device ?? CPU;
            if (this.device.type != DeviceType.CPU) InitializeDeviceType(this.device.type);
            Handle = Native.ts_generator(seed, (int)this.device.type, this.device.index);
            if (Handle == 0) Native.Throw();
        }

        private Generator(nint handle)
        {
            if (handle == 0) Native.Throw();
            Handle = handle;
            device = CPU;
        }

        /// <summary>The global one of the CPU, which everything draws from that is given no other.</summary>
        public static Generator Default => new(Native.ts_generator_default());

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.ts_generator_set_seed(Handle, (ulong)seed));
            return this;
        }

        /// <summary>Seeds it with a number that nobody can know, and returns that.</summary>
        public long seed() => (long)Native.ts_generator_seed(Handle);

        public long initial_seed() => (long)Native.ts_generator_initial_seed(Handle);
        public Tensor get_state() => Tensor.Made(Native.ts_generator_get_state(Handle));

        public void set_state(Tensor value)
        {
            Native.Check(Native.ts_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(value);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0) return;
            Native.ts_generator_dispose(Handle);
            Handle = 0;
        }

        ~Generator() => Dispose(false);

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }
    }

    internal static nint HandleOrNone(this Generator generator) => generator is null ? 0 : generator.Handle;

    /// <summary>Seeds the global generators, and returns that of the CPU.</summary>
    public static Generator manual_seed(long seed)
    {
        if (cuda.is_available()) cuda.manual_seed_all(seed);
        return Generator.Default.manual_seed(seed);
    }

    public static long seed() => Generator.Default.seed();
    public static long initial_seed() => Generator.Default.initial_seed();
    public static Tensor get_rng_state() => Generator.Default.get_state();
    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long seed() => torch.seed();
        public static long initial_seed() => torch.initial_seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
