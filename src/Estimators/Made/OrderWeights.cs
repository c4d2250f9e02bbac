namespace Microsoft.ML.Generative;

/// <summary>How an autoregressive model with several orders of its variables goes about their weights.</summary>
public enum OrderWeights
{
    /// <summary>Each order has weights of its own; all are trained side by side. The best densities at equal time on tables.</summary>
    Separate,

    /// <summary>One set of weights; training goes from order to order with every batch (Germain et al., 2015).</summary>
    Shared,

    /// <summary>One set of weights; every batch of training has a new order. Such a model takes any order, and so imputes exactly whatever is known of a row.</summary>
    OrderAgnostic,
}
