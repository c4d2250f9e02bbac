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

    private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)_random.NextDouble())];

    private float[] Bits(int count, double share) => [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble() < share ? 1f : 0)];

    [WideRegistersTheory]
    [InlineData(3, 300, 150, 0.3, false)]
    [InlineData(3, 300, 150, 0.001, true)]
    [InlineData(40, 128, 64, 0.5, true)]
    [InlineData(40, 130, 129, 1, false)]
    [InlineData(40, 130, 129, 1, true)]
    [InlineData(1, 7, 191, 0.5, true)]
    [InlineData(5, 70, 20, 0.5, false)]
    [InlineData(5, 9, 63, 0.5, true)]
    [InlineData(2, 1, 1, 0.5, true)]
    public void ProductsOfSomeBlocksAreTheirColumnsAndNoOthers(int rows, int inner, int columns, double share, bool isTransposed)
    {
        float[] left = Bits(rows * inner, share), right = Numbers(inner * columns), start = Numbers(columns), factors = Numbers(rows);
        var bits = new BinaryRows();
        bits.Read(Bits(2 * rows * inner, 1), 2 * rows, inner);   // to be forgotten
        bits.Read(left, rows, inner);
        double Product(int row, int column) => Enumerable.Range(0, inner).Sum(i => (double)left[row * inner + i] * (isTransposed ? right[column * inner + i] : right[i * columns + column]));

        var blockOf = new int[columns];
        Array.Fill(blockOf, -1);
        for (int block = 0; block < RbmKernels.Blocks(columns); block++)
        {
            var result = new float[rows * columns];
            Array.Fill(result, float.NaN);
            RbmKernels.Product(bits, right, isTransposed, start, factors, result, block, block + 1);
            for (int column = 0; column < columns; column++)
                for (int row = 0; row < rows; row++)
                {
                    float found = result[row * columns + column];
                    if (float.IsNaN(found)) continue;
                    Assert.True(blockOf[column] < 0 || blockOf[column] == block, $"column {column} is written by two blocks");
                    blockOf[column] = block;
                    Assert.Equal(factors[row] * start[column] + Product(row, column), found, 1e-4);
                }
        }
        Assert.DoesNotContain(-1, blockOf);

        var whole = new float[rows * columns];
        RbmKernels.Product(bits, right, isTransposed, start, [], whole, 0, RbmKernels.Blocks(columns));
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) Assert.Equal(start[column] + Product(row, column), whole[row * columns + column], 1e-4);
    }

    [WideRegistersTheory]
    [InlineData(1, 1)]
    [InlineData(3, 130)]
    [InlineData(64, 64)]
    [InlineData(200, 65)]
    public void BitsAreTransposed(int rows, int units)
    {
        var matrix = Bits(rows * units, 0.4);
        BinaryRows bits = new(), turned = new();
        bits.Read(matrix, rows, units);
        turned.Transpose(new BinaryRows());
        turned.Transpose(bits);
        Assert.Equal((units, rows), (turned.Rows, turned.Units));
        for (int unit = 0; unit < units; unit++)
            for (int word = 0; word < turned.RowWords; word++)
            {
                ulong expected = 0;
                for (int row = word * BinaryRows.WordUnits; row < Math.Min(rows, (word + 1) * BinaryRows.WordUnits); row++)
                    if (matrix[row * units + unit] == 1) expected |= 1UL << row;
                Assert.Equal(expected, turned.Words[unit * turned.RowWords + word]);
            }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(-0f, true)]
    [InlineData(0.5, false)]
    [InlineData(-1, false)]
    [InlineData(2, false)]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    public void OnlyZerosAndOnesAreHeldAsBits(float value, bool fits)
    {
        for (int place = 0; place < 35; place++)
        {
            var units = Bits(35, 0.5);
            units[place] = value;
            Assert.Equal(fits, BinaryRows.CanHold(units));
        }
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
        const int Gap = 3;
        float[] matrix = Numbers(rows * (columns + Gap)), turned = new float[columns * (rows + Gap)];
        Transposition.Apply(matrix, rows, columns, columns + Gap, turned, rows + Gap);
        for (int column = 0; column < columns; column++)
            for (int row = 0; row < rows + Gap; row++) Assert.Equal(row < rows ? matrix[row * (columns + Gap) + column] : 0, turned[column * (rows + Gap) + row]);
    }
}
