using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Polyfills.Tests.Torch;

public class NativeTests
{
    [Fact]
    public void TheLibraryHasEveryFunctionThatIsDeclared()
    {
        var declared = typeof(torch).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<DllImportAttribute>() is not null).ToList();
        Assert.True(declared.Count > 400);
        foreach (var method in declared) Marshal.Prelink(method);     // throws for one that is not there
    }

    [Fact]
    public void TheVersionIsThatOfLibtorch() => Assert.Matches(@"^\d+\.\d+\.\d+", torch.__version__);

    [Fact]
    public void AnExceptionIsOfItsThreadAlone()
    {
        var failures = new string[4];
        var threads = Enumerable.Range(0, failures.Length).Select(i => new Thread(() =>
        {
            using var scope = torch.NewDisposeScope();
            for (int k = 0; k < 40; k++)
                failures[i] = Assert.Throws<ExternalException>(() => torch.zeros(2, i + 2).matmul(torch.zeros(99, 1))).Message;
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        for (int i = 0; i < failures.Length; i++) Assert.Contains($"(2x{i + 2} and 99x1)", failures[i]);
    }

    [Fact]
    public void ThereIsADeviceOrAClearError()
    {
        if (torch.cuda.is_available()) return;
        Assert.Equal(0, torch.cuda.device_count());
        Assert.Contains("CUDA", Assert.Throws<InvalidOperationException>(() => torch.zeros(2, device: new torch.Device("cuda:0"))).Message);
        Assert.Throws<InvalidOperationException>(() => torch.CUDA);
        Assert.Throws<ArgumentException>(() => torch.device("abacus"));
    }

    [Fact]
    public void ThreadsCanBeCounted()
    {
        int before = torch.get_num_threads();
        torch.set_num_threads(2);
        Assert.Equal(2, torch.get_num_threads());
        torch.set_num_threads(before);
    }
}
