using MLGenerative.Bench.Data;

namespace MLGenerative.Programs.Tests.Bench;

public class NumpyPermutationTests
{
    // what numpy.random.RandomState(seed).permutation(count)[:10] gives
    [Theory]
    [InlineData(0, 10, new[] { 2, 8, 4, 9, 1, 6, 7, 3, 0, 5 })]
    [InlineData(7, 1000, new[] { 778, 334, 271, 802, 216, 408, 812, 94, 487, 170 })]
    [InlineData(123456, 5, new[] { 0, 4, 3, 2, 1 })]
    public void Gives_the_numbers_of_numpy(int seed, int count, int[] first) =>
        Assert.Equal(first, new NumpyPermutation(seed).Next(count).Take(10));

    [Fact]
    public void Holds_every_number_once() => Assert.Equal(Enumerable.Range(0, 5000), new NumpyPermutation(3).Next(5000).Order());
}
