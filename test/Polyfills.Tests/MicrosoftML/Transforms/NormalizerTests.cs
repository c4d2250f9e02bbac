using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Polyfills.Tests.MicrosoftML.Transforms;

public class NormalizerTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Mean_variance_leaves_zero_alone_and_makes_the_mean_square_one()
    {
        // 1, 2, 3, 4: mean 2.5, variance 1.25, mean square 7.5
        double scale = 1 / Math.Sqrt(7.5);
        Assert.Equal([scale, 2 * scale, 3 * scale, 4 * scale], Apply(_ml.Transforms.NormalizeMeanVariance("X"), 1, 2, 3, 4), Near);
    }

    [Fact]
    public void Centred_mean_variance_uses_the_population_variance()
    {
        double deviation = Math.Sqrt(1.25);
        Assert.Equal([-1.5 / deviation, -0.5 / deviation, 0.5 / deviation, 1.5 / deviation],
            Apply(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 1, 2, 3, 4), Near);
    }

    [Fact]
    public void Min_max_divides_by_the_largest_magnitude_or_the_range()
    {
        Assert.Equal([-0.5, 0, 1], Apply(_ml.Transforms.NormalizeMinMax("X"), -2, 0, 4), Near);
        Assert.Equal([0, 1 / 3.0, 1], Apply(_ml.Transforms.NormalizeMinMax("X", fixZero: false), -2, 0, 4), Near);
    }

    [Fact]
    public void Robust_scaling_takes_half_the_range_and_the_median()
    {
        // median of an even number is the mean of the middle two; range 9, times 0.5
        Assert.Equal([-4 / 4.5, -1 / 4.5, 1 / 4.5, 5 / 4.5], Apply(_ml.Transforms.NormalizeRobustScaling("X"), 1, 4, 6, 10), Near);
        Assert.Equal([1 / 4.5, 10 / 4.5], Apply(_ml.Transforms.NormalizeRobustScaling("X", centerData: false), 1, 10), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Log_mean_variance_gives_the_share_of_the_normal_distribution_below()
    {
        // logarithms -1, 0, 1 have variance 2/3; the share one and a quarter deviations below is 0.1103
        var values = Apply(_ml.Transforms.NormalizeLogMeanVariance("X"), (float)Math.Exp(-1), 1, (float)Math.Exp(1));
        Assert.Equal([0.11034, 0.5, 0.88966], values, (a, b) => Math.Abs(a - b) < 3e-4);
    }

    [Fact]
    public void Values_without_a_logarithm_become_zero()
    {
        var values = Apply(_ml.Transforms.NormalizeLogMeanVariance("X"), 1, 2, 0, -3);
        Assert.Equal(0, values[2]);
        Assert.Equal(0, values[3]);
        Assert.Equal(Apply(_ml.Transforms.NormalizeLogMeanVariance("X"), 1, 2), values.Take(2));
    }

    [Fact]
    public void A_constant_column_becomes_zero()
    {
        Assert.Equal([0, 0, 0], Apply(_ml.Transforms.NormalizeMeanVariance("X"), 5, 5, 5));
        Assert.Equal([0, 0, 0], Apply(_ml.Transforms.NormalizeMinMax("X"), 5, 5, 5));
        Assert.Equal([0, 0, 0], Apply(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 5, 5, 5));
    }

    [Fact]
    public void Missing_values_do_not_count_and_stay_missing()
    {
        var values = Apply(_ml.Transforms.NormalizeMeanVariance("X", fixZero: false), 1, float.NaN, 3);
        Assert.Equal([-1, double.NaN, 1], values);
        Assert.Equal([0, double.NaN, 1], Apply(_ml.Transforms.NormalizeMinMax("X", fixZero: false), 1, float.NaN, 3));
    }

    [Fact]
    public void The_number_of_rows_to_learn_from_can_be_limited() =>
        Assert.Equal([0.5, 1, 4], Apply(_ml.Transforms.NormalizeMinMax("X", maximumExampleCount: 2), 1, 2, 8), Near);

    [Fact]
    public void Each_slot_of_a_vector_has_its_own_scale_and_they_can_be_read()
    {
        var view = _ml.Data.LoadFromEnumerable((VectorRow[])[new() { V = [1, 10, 7] }, new() { V = [3, -30, 7] }]);
        var transformer = _ml.Transforms.NormalizeMeanVariance("V", fixZero: false).Fit(view);

        float[][] expected = [[-1, 1, 0], [1, -1, 0]];
        Assert.Equal(expected, transformer.Transform(view).GetColumn<float[]>("V"));
        var parameters = Assert.IsType<NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<float>>>(transformer.GetNormalizerModelParameters(0));
        float[] offset = [2, -10, 0], scale = [1, 0.05f, 0];
        Assert.Equal(offset, parameters.Offset);
        Assert.Equal(scale, parameters.Scale);
    }

    [Fact]
    public void Sparse_vectors_stay_sparse_while_zero_is_left_alone()
    {
        var view = _ml.Data.LoadFromEnumerable((SparseRow[])[new() { V = new(4, 1, [2], [1]) }, new() { V = new(4, 1, [-4], [3]) }]);
        Assert.Equal("Sparse vector of size 4, 1 explicit values", First(_ml.Transforms.NormalizeMinMax("V")).ToString());
        float[] expected = [0, 1, 0, 1];   // zero is the largest value of the last slot
        Assert.Equal(expected, First(_ml.Transforms.NormalizeMinMax("V", fixZero: false)).DenseValues());

        VBuffer<float> First(IEstimator<ITransformer> normalizer)
        {
            var normalized = normalizer.Fit(view).Transform(view);
            using var cursor = normalized.GetRowCursor([normalized.Schema["V"]]);
            cursor.MoveNext();
            var value = default(VBuffer<float>);
            cursor.GetGetter<VBuffer<float>>(normalized.Schema["V"])(ref value);
            return value;
        }
    }

    [Fact]
    public void Columns_of_other_types_and_sizes_are_errors_that_name_them()
    {
        var view = _ml.Data.LoadFromEnumerable((VectorRow[])[new() { V = [1, 2, 3], T = "x" }]);
        var text = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("T").Fit(view));
        Assert.Contains("'T'", text.Message);
        var wider = _ml.Transforms.Concatenate("V", "V", "V").Fit(view).Transform(view);
        var size = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("V").Fit(view).GetOutputSchema(wider.Schema));
        Assert.Contains("Schema mismatch for input column 'V': expected Vector<Single, 3>, got Vector<Single, 6>", size.Message);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-6;

    private List<double> Apply(IEstimator<ITransformer> normalizer, params float[] values)
    {
        var view = _ml.Data.LoadFromEnumerable(values.Select(x => new Row { X = x }));
        return [.. normalizer.Fit(view).Transform(view).GetColumn<float>("X").Select(x => (double)x)];
    }

    private sealed class Row
    {
        public float X { get; set; }
    }

    private sealed class VectorRow
    {
        [VectorType(3)]
        public float[] V { get; set; } = [];

        public string T { get; set; } = "";
    }

    private sealed class SparseRow
    {
        [VectorType(4)]
        public VBuffer<float> V { get; set; }
    }
}
