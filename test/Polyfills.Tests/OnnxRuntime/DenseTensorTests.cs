using Microsoft.ML.OnnxRuntime.Tensors;

namespace Polyfills.Tests.OnnxRuntime;

public class DenseTensorTests
{
    [Fact]
    public void Numbers_lie_row_by_row()
    {
        var tensor = new DenseTensor<int>(new[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);

        Assert.Equal(6, tensor.Length);
        Assert.Equal(2, tensor.Rank);
        Assert.Equal([3, 1], tensor.Strides.ToArray());
        Assert.Equal(4, tensor[1, 0]);
        Assert.Equal(6, tensor.GetValue(5));
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor);
    }

    [Fact]
    public void A_tensor_over_memory_shares_it_and_a_clone_does_not()
    {
        var memory = new float[4];
        var tensor = new DenseTensor<float>(memory, [2, 2]);
        var clone = tensor.Clone();

        tensor[1, 1] = 5;

        Assert.Equal(5, memory[3]);
        Assert.Equal(5, tensor.Reshape([4])[3]);
        Assert.Equal(0, clone[1, 1]);
    }

    [Fact]
    public void A_tensor_is_filled()
    {
        var tensor = new DenseTensor<float>(3);
        tensor.Fill(2);
        Assert.Equal([2f, 2f, 2f], tensor.ToDenseTensor().Buffer.ToArray());
    }

    [Fact]
    public void Sizes_and_indices_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new DenseTensor<float>(new float[3], [2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DenseTensor<float>([-1, 2]));
        var tensor = new DenseTensor<float>([2, 2]);
        Assert.Throws<IndexOutOfRangeException>(() => tensor[0, 2]);
        Assert.Throws<ArgumentException>(() => tensor[0]);
    }
}
