using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Training;

/// <summary>Encoded rows to learn from, in memory or streamed.</summary>
internal interface ITrainingRows : IDisposable
{
    long Count { get; }

    /// <summary>One pass over the rows. Each batch is valid until the next is asked for.</summary>
    /// <param name="batchSize">Rows per batch.</param>
    /// <param name="shuffle">Null for the rows as they come; else the generator of their order.</param>
    /// <param name="prepare">Done to the features of many rows at a time, before they are parted into batches; null for nothing.</param>
    IEnumerable<Batch> Batches(int batchSize, Generator? shuffle, Func<Tensor, Tensor>? prepare = null);
}
