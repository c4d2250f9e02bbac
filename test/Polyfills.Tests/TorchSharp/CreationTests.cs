using TorchSharp;
using static TorchSharp.torch;

namespace Polyfills.Tests.Torch;

public class CreationTests
{
    [Fact]
    public void ArraysAreCopied()
    {
        using var scope = NewDisposeScope();
        float[] array = [1, 2, 3, 4, 5, 6];
        var flat = torch.tensor(array);
        var matrix = torch.tensor(array, [2, 3]);
        array[0] = 9;
        Expect.Equal([1, 2, 3, 4, 5, 6], flat.alias());
        Assert.Equal([2, 3], matrix.shape);
        Expect.Equal([4, 5, 6], matrix[1]);
        Assert.Throws<ArgumentException>(() => torch.tensor(array, [2, 4]));
    }

    [Fact]
    public void FromArraySharesTheArray()
    {
        float[] array = [1, 2, 3];
        using (var shared = from_array(array))
        {
            array[0] = 9;
            shared[2] = torch.tensor(7f);
            Expect.Equal([9, 2, 7], shared.alias());
            using var converted = from_array(array, float64);
            array[1] = 5;
            Expect.Equal([9, 2, 7], converted.alias());
        }
        Assert.Equal([9f, 5, 7], array);
        using var part = frombuffer(array, float32, 2, 1);
        Expect.Equal([5, 7], part.alias());
    }

    [Fact]
    public void EveryElementTypeComesAndGoes()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1.5, 2.5], torch.tensor(new[] { 1.5, 2.5 }).data<double>().ToArray());
        Assert.Equal([1L, -2], torch.tensor(new[] { 1L, -2 }).data<long>().ToArray());
        Assert.Equal([1, -2], torch.tensor(new[] { 1, -2 }).data<int>().ToArray());
        Assert.Equal([1, -2], torch.tensor(new short[] { 1, -2 }).data<short>().ToArray());
        Assert.Equal([1, 255], torch.tensor(new byte[] { 1, 255 }).data<byte>().ToArray());
        Assert.Equal([1, -1], torch.tensor(new sbyte[] { 1, -1 }).data<sbyte>().ToArray());
        Assert.Equal([true, false], torch.tensor(new[] { true, false }).data<bool>().ToArray());
        Assert.Equal([(Half)0.5f], torch.tensor(new[] { (Half)0.5f }).data<Half>().ToArray());
        Assert.Equal([1f, 2], torch.tensor(new List<float> { 1, 2 }).data<float>().ToArray());
        Assert.Equal([3f, 4], torch.tensor(new[,] { { 1f, 2 }, { 3, 4 } })[1].data<float>().ToArray());
        Assert.Equal(ScalarType.Float32, torch.tensor(2f).dtype);
        Assert.Equal(ScalarType.Float64, torch.tensor(2.0).dtype);
        Assert.Equal(ScalarType.Int64, torch.tensor(2L).dtype);
        Assert.Equal(ScalarType.Int32, torch.tensor(2).dtype);
        Assert.Empty(torch.tensor(2).shape);
    }

    [Fact]
    public void SizesAndTypesAreThoseAskedFor()
    {
        using var scope = NewDisposeScope();
        Expect.Shape(zeros(2, 3), 2, 3);
        Expect.Shape(ones([2, 3, 4]), 2, 3, 4);
        Expect.Shape(empty(3, 0), 3, 0);
        Expect.Equal([7, 7], full(2, 7.0));
        Assert.Equal(ScalarType.Int64, full(2, 7).dtype);
        Expect.Equal([0, 1, 2, 3], arange(4));
        Assert.Equal(ScalarType.Int64, arange(4).dtype);
        Expect.Equal([1, 1.5, 2, 2.5], arange(1.0, 3.0, 0.5));
        Expect.Equal([0, 0.25, 0.5, 0.75, 1], linspace(0, 1, 5));
        Expect.Equal([1, 0, 0, 1, 0, 0], eye(3, 2));
        Assert.Equal(ScalarType.Float64, zeros(2, float64).dtype);
        var like = zeros_like(ones(2, 2, int64));
        Assert.Equal((ScalarType.Int64, 4), (like.dtype, like.numel()));
        Assert.True(zeros(2, requires_grad: true).requires_grad);
    }

    [Fact]
    public void ElementsAreReadInTheOrderOfTheShapeWhateverTheStrides()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(6).view(2, 3);
        var transposed = matrix.t();
        Assert.False(transposed.is_contiguous());
        Assert.Equal([0L, 3, 1, 4, 2, 5], transposed.data<long>().ToArray());
        Assert.Equal(5, transposed.data<long>()[2, 1]);
        Assert.Equal(4, transposed.data<long>()[3]);
        Assert.Equal([0L, 3, 1, 4, 2, 5], transposed.data<long>());
        transposed.data<long>().CopyFrom(new long[] { 10, 11, 12, 13, 14, 15 });
        Assert.Equal([10L, 12, 14, 11, 13, 15], matrix.data<long>().ToArray());
        var some = new long[4];
        matrix.data<long>().CopyTo(some, 1, 3);
        Assert.Equal([0L, 11, 13, 15], some);
        Assert.Equal([1L, 3], matrix.stride().Reverse());
        Assert.Equal(new long[,] { { 10, 12, 14 }, { 11, 13, 15 } }, matrix.data<long>().ToNDArray());
    }

    [Fact]
    public void SingleElementsBecomeNumbers()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(2.5f, torch.tensor(2.5f).item<float>());
        Assert.Equal(2.5, torch.tensor(2.5f).ToDouble());
        Assert.Equal(3, torch.tensor(3L).ToInt32());
        Assert.True(torch.tensor(true).ToBoolean());
        Assert.Equal(2.5f, (float)torch.tensor(2.5));
        Assert.Throws<ArgumentException>(() => torch.tensor(2.5f).item<double>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
    }

    [Fact]
    public void BytesAreTheMemoryItself()
    {
        using var tensor = zeros(2);
        BitConverter.TryWriteBytes(tensor.bytes[4..], 1.5f);
        Expect.Equal([0, 1.5], tensor.alias());
        using var stream = new MemoryStream();
        tensor.WriteBytesToStream(stream, 3);
        Assert.Equal(tensor.bytes.ToArray(), stream.ToArray());
        stream.Position = 0;
        using var read = ones(2);
        read.ReadBytesFromStream(stream);
        Expect.Equal([0, 1.5], read.alias());
        using var column = zeros(2, 2).t();
        Assert.Throws<InvalidOperationException>(() => column.bytes.Length);
    }

    [Fact]
    public void ToConvertsOrGivesTheSameMemory()
    {
        using var scope = NewDisposeScope();
        var t = torch.tensor(new[] { 1.7f, -1.7f });
        Expect.Equal([1, -1], t.to(int64));
        Assert.Equal(ScalarType.Float64, t.@double().dtype);
        t.to(float32).zero_();
        Expect.Equal([0, 0], t.alias());
        t.to(float32, copy: true).add_(1);
        Expect.Equal([0, 0], t.alias());
        Assert.Equal("[2], type = Float32, device = cpu", t.ToString());
        Assert.Equal(DeviceType.CPU, t.to("cpu").device_type);
    }
}
