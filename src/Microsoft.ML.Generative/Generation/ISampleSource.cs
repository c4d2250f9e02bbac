namespace Microsoft.ML.Generative.Generation;

/// <summary>Draws rows in batches. Every batch is a function of its number alone, whatever was drawn before. Safe for several threads.</summary>
internal interface ISampleSource
{
    /// <summary>Floats in a row.</summary>
    int Width { get; }

    /// <summary>Rows in a batch; the last one may be shorter. With more of them the memory of a network's layers outgrows the cache.</summary>
    int BatchRows => 256;

    /// <summary>Draws a batch.</summary>
    /// <param name="batch">Its number, from 0: its first row is row <paramref name="batch"/> × <see cref="BatchRows"/>.</param>
    /// <param name="rows">How many rows of it are wanted.</param>
    /// <param name="destination">Row after row, at least <paramref name="rows"/> × <see cref="Width"/> long.</param>
    void Generate(long batch, int rows, float[] destination);

    /// <summary>A source for one cursor alone, for those that read something themselves: it is asked for rising batches, on one thread, and
    /// disposed with the cursor if it is <see cref="IDisposable"/>.</summary>
    ISampleSource ForCursor() => this;
}
