using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace MLGenerative.Bench.Speed;

/// <summary>The same work in PyTorch: a Python process that measures on request, so that it takes turns with ours in one run.</summary>
internal sealed class PyTorch : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly Process _process;

    public PyTorch(int threads)
    {
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "pytorch_step.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        // OpenBLAS takes slow kernels for processors that are newer than itself, unless it is told
        if (Avx512F.IsSupported && Avx512DQ.IsSupported) start.Environment.TryAdd("OPENBLAS_CORETYPE", "SKYLAKEX");
        else if (Avx2.IsSupported && Fma.IsSupported) start.Environment.TryAdd("OPENBLAS_CORETYPE", "HASWELL");
        if (!File.Exists(Python)) throw new BadRequestException($"--against-pytorch needs {Python} with PyTorch");
        _process = Process.Start(start)!;
        if (_process.StandardOutput.ReadLine() != $"ready {threads}")
            throw new BadRequestException($"--against-pytorch needs {Python} with PyTorch (Debian: python3-torch), running with {threads} threads");
    }

    /// <summary>Some work to measure: seconds per unit of it; see pytorch_step.py.</summary>
    public Func<double> Work(string request) => () => Measure(request);

    private double Measure(string request)
    {
        _process.StandardInput.WriteLine(request);
        return double.Parse(_process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"PyTorch failed at '{request}'"), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
