namespace Microsoft.ML.Generative;

/// <summary>A fitted generative model that can draw new rows.</summary>
public interface IGenerativeTransformer : ITransformer, IDisposable
{
    /// <summary>Draws new rows. They are made while they are read, in constant memory; reading them again gives the same rows.</summary>
    /// <param name="rows">How many rows, 0 or more.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit. The same seed gives the same rows.</param>
    /// <param name="options">Which label, whether to mark the rows, …; null for the defaults.</param>
    /// <returns>A view with the columns that the model was trained on (and the label that it was conditioned on).</returns>
    IDataView Sample(long rows, int? seed = null, SampleOptions? options = null);

    /// <summary>Draws variations of given rows: row i of the result is a draw from the model's posterior around row i modulo their number.</summary>
    /// <param name="source">Rows to vary, with the columns that the model was trained on.</param>
    /// <param name="rows">How many rows to draw.</param>
    /// <param name="seed">Seed of the draws; null takes the seed of the fit.</param>
    /// <param name="options">Temperature, mark, …; null for the defaults.</param>
    /// <returns>A view with the columns that the model was trained on (and the label that it was conditioned on).</returns>
    IDataView Vary(IDataView source, long rows, int? seed = null, SampleOptions? options = null);
}
