using Microsoft.ML.Generative.Metrics;
using TorchSharp;

namespace Microsoft.ML.Generative.Tests.Metrics;

public class FrechetDistanceTests
{
    private static torch.Tensor Zero(int size) => torch.zeros(size, torch.ScalarType.Float64);

    [Fact]
    public void OfIndependentFeaturesItIsTheDistanceOfMeansAndDeviations()
    {
        using var scope = torch.NewDisposeScope();
        var (first, second) = (torch.tensor(new double[] { 1, 2, 3 }), torch.tensor(new double[] { 2, 0, 3 }));
        var (a, b) = (torch.diag(torch.tensor(new double[] { 4, 9, 0 })), torch.diag(torch.tensor(new double[] { 1, 25, 4 })));
        // 1 + 4 and (2 − 1)² + (3 − 5)² + (0 − 2)²
        Assert.Equal(5 + 9, FrechetDistance.Squared(first, a, second, b), 1e-9);
    }

    [Fact]
    public void OfTwoDependentFeaturesTheRootHasAClosedForm()
    {
        using var scope = torch.NewDisposeScope();
        // the trace of the root of a matrix of two rows is √(tr + 2√det)
        var (a, b) = (torch.tensor(new double[,] { { 4, 1.5 }, { 1.5, 2 } }), torch.tensor(new double[,] { { 1, -0.4 }, { -0.4, 3 } }));
        double determinant = (4 * 2 - 1.5 * 1.5) * (1 * 3 - 0.4 * 0.4), trace = 4 * 1 - 2 * 1.5 * 0.4 + 2 * 3;
        double expected = 6 + 4 - 2 * Math.Sqrt(trace + 2 * Math.Sqrt(determinant));
        Assert.Equal(expected, FrechetDistance.Squared(Zero(2), a, Zero(2), b), 1e-9);
        Assert.Equal(expected, FrechetDistance.Squared(Zero(2), b, Zero(2), a), 1e-9);
    }

    [Fact]
    public void SingularCovariancesAreTaken()
    {
        using var scope = torch.NewDisposeScope();
        // of one direction each: √(Σ₁Σ₂) has the trace |⟨u, v⟩|
        torch.Tensor u = torch.tensor(new double[,] { { 3 }, { 4 }, { 0 } }), v = torch.tensor(new double[,] { { 0 }, { 1 }, { 2 } });
        Assert.Equal(25 + 5 - 2 * 4, FrechetDistance.Squared(Zero(3), u.mm(u.t()), Zero(3), v.mm(v.t())), 1e-6);
        Assert.Equal(0, FrechetDistance.Squared(Zero(3), u.mm(u.t()), Zero(3), u.mm(u.t())), 1e-6);
    }

    [Fact]
    public void MomentsOfBatchesAreThoseOfAllRows()
    {
        using var scope = torch.NewDisposeScope();
        var rows = Cloud.Tensor(Cloud.Normal(100, 4, 1, shift: 1e4));
        using var moments = new FeatureMoments(rows.narrow(0, 0, 7));
        moments.Add(rows.narrow(0, 7, 60));
        moments.Add(rows.narrow(0, 67, 33));
        Assert.Equal(100, moments.Rows);
        Assert.True(moments.Mean().allclose(rows.mean([0])));
        Assert.True(moments.Covariance().allclose(torch.cov(rows.t()), rtol: 1e-9));
    }
}
