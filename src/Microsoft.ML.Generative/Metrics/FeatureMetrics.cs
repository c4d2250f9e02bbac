namespace Microsoft.ML.Generative;

/// <summary>How far numbers are from those of real rows, column by column: the exact Wasserstein distances between the two sets of values (Peyré and Cuturi, Computational Optimal Transport, 2019, remark 2.30). 0 is the
/// same; there is no upper bound; lower is better.</summary>
/// <remarks>Rows of the same distribution do not reach 0: for a normal column of deviation 1, n against n values have a <c>W1</c> of about 1.8/√n.</remarks>
/// <param name="Mean">Mean of <see cref="ColumnWasserstein.Scaled"/> over the columns that have values; NaN if none has.</param>
/// <param name="Columns">Each column of numbers or dates, and each slot of a vector.</param>
/// <param name="RealRows">Real rows read.</param>
/// <param name="SyntheticRows">Synthetic rows read.</param>
public sealed record WassersteinMetrics(double Mean, IReadOnlyList<ColumnWasserstein> Columns, int RealRows, int SyntheticRows);

/// <summary>How far a column of numbers is from that of real rows. Missing and infinite numbers are left out; without any left on one side, the distances are NaN.</summary>
/// <param name="ColumnName">The column; a slot of a vector is <c>Name[0]</c>.</param>
/// <param name="W1">∫ |F⁻¹ − G⁻¹|, in the unit of the column (days for dates): how far a value has to be moved on average.</param>
/// <param name="W2">√∫ (F⁻¹ − G⁻¹)², in the unit of the column: the same with large moves counting more.</param>
/// <param name="Scaled"><paramref name="W1"/> in standard deviations of the real values; in the unit of the column where these are all the same.</param>
/// <param name="RealValues">Real values compared.</param>
/// <param name="SyntheticValues">Synthetic values compared.</param>
public sealed record ColumnWasserstein(string ColumnName, double W1, double W2, double Scaled, int RealValues, int SyntheticValues);

/// <summary>The sliced Wasserstein distance: rows are projected on random directions, and the exact distances of the projections averaged (Bonneel et al., 2015). 0 is the same; no upper bound; lower is better.</summary>
/// <remarks>In units of the features, which should have one. A projection of features that are independent, of deviation 1, has deviation 1, whatever their number.</remarks>
/// <param name="W1">Mean of the distances W₁.</param>
/// <param name="W2">Square root of the mean of W₂².</param>
/// <param name="StandardError">Of <paramref name="W1"/>, by the choice of directions alone.</param>
/// <param name="Projections">Directions.</param>
/// <param name="RealRows">Real rows compared: all.</param>
/// <param name="SyntheticRows">Synthetic rows compared: all.</param>
public sealed record SlicedWassersteinMetrics(double W1, double W2, double StandardError, int Projections, int RealRows, int SyntheticRows);

/// <summary>The Sinkhorn divergence: entropic optimal transport with the squared Euclidean distance as the cost, without the bias of the entropy (Feydy et al., 2019, equation 3). 0 is the same; no upper bound; lower is better.</summary>
/// <param name="Divergence">In the squared unit of the features: W₂² for ε towards 0, the squared distance of the means for a large one.</param>
/// <param name="Epsilon">ε, in the squared unit of the features: the share asked for of the median squared distance between real and synthetic rows (the share itself where that is 0). Divergences compare with equal ε only.</param>
/// <param name="MarginalError">How far the plan is from the weights of the rows, 0 to 2: over 0.001, the iteration had not converged when it was stopped.</param>
/// <param name="Iterations">Iterations at the last ε, 200 at most.</param>
/// <param name="RealRows">Real rows compared: all, or as many drawn at random as were allowed.</param>
/// <param name="SyntheticRows">Synthetic rows compared, likewise.</param>
public sealed record SinkhornMetrics(double Divergence, double Epsilon, double MarginalError, int Iterations, int RealRows, int SyntheticRows);

/// <summary>The maximum mean discrepancy by the kernel exp(−‖x − y‖²/(2σ²)), and whether it can be chance (Gretton et al., JMLR 2012, equation 3). Lower is better.</summary>
/// <param name="Squared">MMD², the unbiased estimate from all rows, at most 2: 0 on average for rows of the same distribution, and so often below 0.</param>
/// <param name="Bandwidth">σ, in the unit of the features: the one given, or the median distance between rows, real and synthetic, of at most 2,000 drawn. Discrepancies compare with equal σ only.</param>
/// <param name="PValue">Share of random divisions of the rows that are as far apart, 1/(1 + permutations) to 1: uniform if both kinds are of one distribution, small if they differ. It says whether there is a difference, not how
/// large; many rows find the slightest. null without permutations.</param>
/// <param name="Permutations">Random divisions.</param>
/// <param name="PermutedRealRows">Real rows that the p-value is of: all, or as many drawn at random as were allowed.</param>
/// <param name="PermutedSyntheticRows">Synthetic rows that it is of, likewise.</param>
/// <param name="RealRows">Real rows that the discrepancy is of: all.</param>
/// <param name="SyntheticRows">Synthetic rows that it is of: all.</param>
public sealed record MaximumMeanDiscrepancyMetrics(double Squared, double Bandwidth, double? PValue, int Permutations, int PermutedRealRows, int PermutedSyntheticRows, int RealRows, int SyntheticRows);

/// <summary>The squared Fréchet distance between Gaussians with the means and covariances of the features: ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½) (Heusel et al., NeurIPS 2017, equation 6). 0 is the same; no upper bound; lower is better.</summary>
/// <remarks>With the features of Inception-v3 this is the FID of the papers; with those of another classifier it has the same formula and other values, and compares only with figures of the same features. It sees no more than means
/// and covariances. Few rows make it too large, by about a constant over their number (Chong and Forsyth, CVPR 2020): compare figures of equal numbers of rows, many more than there are features; with fewer rows
/// than features the covariances are singular and the value is mostly this bias.</remarks>
/// <param name="Squared">In the squared unit of the features.</param>
/// <param name="Features">Slots of the column.</param>
/// <param name="RealRows">Real rows: all.</param>
/// <param name="SyntheticRows">Synthetic rows: all.</param>
public sealed record FrechetMetrics(double Squared, int Features, int RealRows, int SyntheticRows);

/// <summary>The inception score, exp(E KL(p(y|x) ‖ p(y))) (Salimans et al., NeurIPS 2016): high where a classifier is sure of each row and finds all classes among them. 1 to the number of classes; higher is better, up to
/// what real rows get.</summary>
/// <remarks>It compares nothing with real rows: one good row of each class, repeated, has the highest score. With few rows in a split it is too low.</remarks>
/// <param name="Mean">Mean over the splits.</param>
/// <param name="Deviation">Standard deviation over the splits (by their number).</param>
/// <param name="Splits">Splits; rows go into them by turns.</param>
/// <param name="Classes">Classes, the most that the score can be.</param>
/// <param name="Rows">Rows: all.</param>
public sealed record InceptionScoreMetrics(double Mean, double Deviation, int Splits, int Classes, int Rows);

/// <summary>Quality and variety apart, by balls around rows that reach to their k-th nearest neighbour of the same kind (Kynkäänniemi et al., NeurIPS 2019; Naeem et al., ICML 2020). Higher is better.</summary>
/// <remarks>Rows on the rim of a ball are within. Real rows compared with others of the same distribution have a density and, for many rows, a coverage of 1 − 2⁻ᵏ if both are as many.</remarks>
/// <param name="Precision">Quality: the share of synthetic rows within the ball of some real row, 0 to 1. An outlier among the real rows makes a large ball, which raises it.</param>
/// <param name="Recall">Variety: the share of real rows within the ball of some synthetic row, 0 to 1.</param>
/// <param name="Density">Quality: the mean number of balls of real rows that a synthetic row is within, by k; 0 or more, 1 for rows of the same distribution, over 1 where they crowd. Outliers matter less than to
/// <paramref name="Precision"/>.</param>
/// <param name="Coverage">Variety: the share of real rows that have a synthetic row in their ball, 0 to 1.</param>
/// <param name="Neighbours">k.</param>
/// <param name="RealRows">Real rows compared: all.</param>
/// <param name="SyntheticRows">Synthetic rows compared: all. Coverage and recall grow with their number.</param>
public sealed record PrecisionRecallMetrics(double Precision, double Recall, double Density, double Coverage, int Neighbours, int RealRows, int SyntheticRows);

/// <summary>Which clusters of the real rows synthetic rows reach: what a generator that has collapsed leaves out. Clusters are those of k-means (greedy k-means++, then Lloyd's algorithm).</summary>
/// <remarks>A row reaches a cluster if it is nearest to its centre and no farther from it than 99 of 100 of the cluster's real rows. Outliers may make clusters of their own.</remarks>
/// <param name="Coverage">The share of clusters reached by a synthetic row at least, 0 to 1; higher is better.</param>
/// <param name="WithinReach">The share of synthetic rows that reach their cluster, 0 to 1; about 0.99 for rows of the same distribution. Higher is better: the others lie between the modes, or apart.</param>
/// <param name="Divergence">Jensen–Shannon divergence between the clusters' shares of real and of synthetic rows (by the nearest centre), in bits, 0 to 1; lower is better. n and m rows of the same distribution have about
/// (clusters − 1)·(1/n + 1/m)/(8 ln 2).</param>
/// <param name="Modes">The clusters, the largest first.</param>
/// <param name="RealRows">Real rows: all; at most 20,000 drawn at random make the clusters.</param>
/// <param name="SyntheticRows">Synthetic rows: all.</param>
public sealed record ModeCoverageMetrics(double Coverage, double WithinReach, double Divergence, IReadOnlyList<ModeShare> Modes, int RealRows, int SyntheticRows);

/// <summary>A cluster of real rows.</summary>
/// <param name="RealShare">The share of real rows nearest to its centre.</param>
/// <param name="SyntheticShare">The share of synthetic rows nearest to it.</param>
/// <param name="Reached">Whether a synthetic row reaches it.</param>
public sealed record ModeShare(double RealShare, double SyntheticShare, bool Reached);
