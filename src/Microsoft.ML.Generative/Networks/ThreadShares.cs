using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>Shares work outside of libtorch out among as many threads as libtorch may use.</summary>
internal static class ThreadShares
{
    /// <param name="count">How many things there are to do.</param>
    /// <param name="most">Most threads that are worth starting.</param>
    /// <param name="action">Does those from the first number to below the second.</param>
    public static void Run(int count, long most, Action<int, int> action)
    {
        int threads = (int)Math.Min(Math.Min(get_num_threads(), count), most);
        if (threads <= 1) action(0, count);
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part => action((int)((long)count * part / threads), (int)((long)count * (part + 1) / threads)));
    }
}
