using Microsoft.ML.Data;

namespace Polyfills.Tests.MicrosoftML;

public sealed class VBufferTests
{
    private static readonly VBuffer<float> Sparse = new(6, 2, [7f, 8f], [1, 4]);

    [Fact]
    public void SparseVectorHasZerosBetweenItsValues()
    {
        Assert.False(Sparse.IsDense);
        Assert.Equal([0f, 7, 0, 0, 8, 0], Sparse.DenseValues());
        Assert.Equal([1, 4], Sparse.GetIndices().ToArray());
        Assert.Equal([KeyValuePair.Create(1, 7f), KeyValuePair.Create(4, 8f)], Sparse.Items());
        Assert.Equal(6, Sparse.Items(all: true).Count());
        Assert.Equal((0f, 7f, 8f), (Sparse.GetItemOrDefault(0), Sparse.GetItemOrDefault(1), Sparse.GetItemOrDefault(4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(6));
    }

    [Fact]
    public void VectorWithAllValuesIsDenseAndHasNoIndices()
    {
        var dense = new VBuffer<float>(2, 2, [1, 2], [0, 1]);
        Assert.True(dense.IsDense);
        Assert.True(dense.GetIndices().IsEmpty);
    }

    [Fact]
    public void CopyToKeepsTheArraysOfTheDestination()
    {
        var destination = new VBuffer<float>(8, new float[8]);
        var before = destination.GetValues();
        new VBuffer<float>(3, [1, 2, 3]).CopyTo(ref destination);
        Assert.Equal([1f, 2, 3], destination.DenseValues());
        Assert.True(before[..3] == destination.GetValues()); // the same memory
    }

    [Fact]
    public void CopyToMakesACopy()
    {
        float[] values = [1, 2];
        VBuffer<float> copy = default;
        new VBuffer<float>(2, values).CopyTo(ref copy);
        values[0] = 9;
        Assert.Equal([1f, 2], copy.DenseValues());
    }

    [Theory]
    [InlineData(0, 6, new[] { 0f, 7, 0, 0, 8, 0 })]
    [InlineData(1, 3, new[] { 7f, 0, 0 })]
    [InlineData(2, 2, new[] { 0f, 0 })]
    [InlineData(4, 1, new[] { 8f })]
    [InlineData(6, 0, new float[0])]
    public void PartOfASparseVector(int start, int length, float[] expected)
    {
        VBuffer<float> part = default;
        Sparse.CopyTo(ref part, start, length);
        Assert.Equal(expected, part.DenseValues());
    }

    [Fact]
    public void CopyToSpanFillsWhatIsLeftOut()
    {
        Span<float> target = stackalloc float[7];
        Sparse.CopyTo(target, 1, -1f);
        Assert.Equal([0f, -1, 7, -1, -1, 8, -1], target.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[5]));
    }

    [Fact]
    public void CopyToDenseMakesADenseVector()
    {
        VBuffer<float> dense = default;
        Sparse.CopyToDense(ref dense);
        Assert.True(dense.IsDense);
        Assert.Equal(Sparse.DenseValues(), dense.GetValues().ToArray());
    }

    [Fact]
    public void EditorReusesArraysThatAreLongEnough()
    {
        var vector = new VBuffer<float>(4, new float[4]);
        Assert.False(VBufferEditor.Create(ref vector, 3).CreatedNewValues);
        Assert.True(VBufferEditor.Create(ref vector, 5).CreatedNewValues);
        var sparse = VBufferEditor.Create(ref vector, 9, 2);
        Assert.True(sparse.CreatedNewIndices);
        Assert.Equal(2, sparse.Values.Length);
    }

    [Fact]
    public void EditorKeepsOldValuesWhenAsked()
    {
        var vector = new VBuffer<int>(2, [5, 6]);
        var editor = VBufferEditor.Create(ref vector, 3, keepOldOnResize: true);
        Assert.Equal([5, 6, 0], editor.Values.ToArray());
    }

    [Fact]
    public void EditorCommitsFewerValuesThanItWasMadeFor()
    {
        VBuffer<float> vector = default;
        var editor = VBufferEditor.Create(ref vector, 10, 4);
        (editor.Values[0], editor.Indices[0]) = (1.5f, 3);
        var truncated = editor.CommitTruncated(1);
        Assert.Equal((10, 1), (truncated.Length, truncated.GetValues().Length));
        Assert.Equal(1.5f, truncated.GetItemOrDefault(3));
    }

    [Fact]
    public void ImpossibleVectorsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 4, new float[4], new int[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 2, [1, 2], [0]));
        VBuffer<float> vector = default;
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = VBufferEditor.Create(ref vector, 2, 3).Values.Length);
    }
}
