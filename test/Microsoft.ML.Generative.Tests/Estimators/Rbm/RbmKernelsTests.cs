using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>A theory about code for 512-bit registers, which is skipped where the processor has none.</summary>
public sealed class WideRegistersTheoryAttribute : TheoryAttribute
{
    public WideRegistersTheoryAttribute()
    {
        if (!Avx512F.IsSupported) Skip = "this processor has no 512-bit registers (AVX-512)";
    }
}

/// <summary>The products of a step of learning against the same one number at a time.</summary>
public sealed class RbmKernelsTests
{
    private readonly Random _random = new(4);

    private float[] Sparse(int count, double share) => [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble() < share ? (float)_random.NextDouble() : 0)];

    [WideRegistersTheory]
    [InlineData(3, 300, 150, 0.3)]
    [InlineData(3, 300, 150, 0.001)]
    [InlineData(40, 128, 64, 0.5)]
    [InlineData(40, 130, 129, 1)]
    [InlineData(1, 7, 191, 0.5)]
    public void ProductsOfSomeBlocksAreTheirColumnsAndNoOthers(int rows, int inner, int columns, double share)
    {
        float[] left = Sparse(rows * inner, share), right = Sparse(inner * columns, 1), start = Sparse(columns, 1);
        var active = new ActiveUnits();
        active.Collect(Sparse(2 * rows * inner, 1), 2 * rows, inner);   // to be forgotten
        active.Collect(left, rows, inner);
        Assert.Equal(left.Count(value => value != 0), active.Count);

        var blockOf = new int[columns];
        Array.Fill(blockOf, -1);
        for (int block = 0; block < RbmKernels.Blocks(columns); block++)
        {
            var result = new float[rows * columns];
            Array.Fill(result, float.NaN);
            RbmKernels.Product(active, right, start, result, block, block + 1);
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < rows; row++)
                {
                    float found = result[row * columns + column];
                    if (float.IsNaN(found)) continue;
                    Assert.True(blockOf[column] < 0 || blockOf[column] == block, $"column {column} is written by two blocks");
                    blockOf[column] = block;
                    double expected = start[column] + Enumerable.Range(0, inner).Sum(i => (double)left[row * inner + i] * right[i * columns + column]);
                    Assert.Equal(expected, found, 1e-4);
                }
        }
        Assert.DoesNotContain(-1, blockOf);

        var whole = new float[rows * columns];
        RbmKernels.Product(active, right, start, whole, 0, RbmKernels.Blocks(columns));
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                Assert.Equal(start[column] + Enumerable.Range(0, inner).Sum(i => (double)left[row * inner + i] * right[i * columns + column]), whole[row * columns + column], 1e-4);
    }

    [WideRegistersTheory]
    [InlineData(1, 1)]
    [InlineData(3, 40)]
    [InlineData(40, 3)]
    [InlineData(16, 16)]
    [InlineData(17, 47)]
    [InlineData(50, 32)]
    public void TranspositionPutsColumnsWhereRowsWere(int rows, int columns)
    {
        float[] matrix = Sparse(rows * columns, 1), turned = new float[rows * columns];
        Transposition.Apply(matrix, rows, columns, turned);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) Assert.Equal(matrix[row * columns + column], turned[column * rows + row]);
    }
}
