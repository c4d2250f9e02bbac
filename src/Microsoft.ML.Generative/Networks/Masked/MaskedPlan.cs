using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>
/// The trained layers of a <see cref="MaskedStack"/> under all its orders, laid out to be computed by the processor's 512-bit registers: a few rows go through all layers of all orders
/// at a time, and what is masked for a whole group of outputs takes no time.
/// </summary>
/// <remarks>A row's result does not depend on the rows beside it. The weights are copied: a plan is good for weights that no longer change.</remarks>
internal sealed class MaskedPlan
{
    // fewer rows are not worth another thread
    private const int RowsPerThread = 512;

    // a product of so many numbers from 1 to 2 is a float still
    private const int FactorsPerLogarithm = 100;

    private readonly MaskedPlanLayer[][] _members;
    private readonly int _inputs, _outputs, _places;

    /// <param name="members">The layers of each order, of which the last gives its outputs.</param>
    /// <param name="inputs">Numbers of a row; they have the first places of the workspace.</param>
    public MaskedPlan(MaskedPlanLayer[][] members, int inputs)
    {
        _members = members;
        _inputs = inputs;
        _outputs = members[0][^1].Outputs;
        _places = members[0].Max(layer => layer.EndPlace);
    }

    /// <summary>Outputs for every order.</summary>
    /// <param name="x">(batch, inputs)</param>
    /// <returns>(orders, batch, outputs)</returns>
    public Tensor Outputs(Tensor x)
    {
        var result = empty([_members.Length, x.shape[0], _outputs], float32);
        ForRows(x, (workspace, first, rows) =>
        {
            var y = MemoryMarshal.Cast<byte, float>(result.bytes);
            for (int member = 0; member < _members.Length; member++)
            {
                var last = Compute(member, workspace);
                var block = y.Slice((member * (int)x.shape[0] + first) * _outputs, rows * _outputs);
                for (int output = 0; output < _outputs; output++)
                {
                    var column = workspace.AsSpan(last.PlaceOf(output) * DenseTile.Rows, rows);
                    for (int row = 0; row < column.Length; row++) block[row * _outputs + output] = column[row];
                }
            }
        });
        return result;
    }

    /// <summary>Log-densities of zeros and ones, each of which has one output, its logit.</summary>
    /// <param name="x">(batch, inputs), of which the first ones are those that the outputs speak of, in the same order.</param>
    /// <returns>(orders, batch)</returns>
    public Tensor BernoulliLogDensity(Tensor x)
    {
        var result = empty([_members.Length, x.shape[0]], float32);
        ForRows(x, (workspace, first, rows) =>
        {
            var y = MemoryMarshal.Cast<byte, float>(result.bytes);
            Span<float> block = stackalloc float[DenseTile.Rows];
            for (int member = 0; member < _members.Length; member++)
            {
                var last = Compute(member, workspace);
                for (int row = 0; row < DenseTile.Rows; row += Vector512<float>.Count) BernoulliLogDensity(workspace, last, row).CopyTo(block[row..]);
                block[..rows].CopyTo(y[(member * (int)x.shape[0] + first)..]);
            }
        });
        return result;
    }

    // Σ x·logit − max(logit, 0) − log(1 + e^−|logit|), the logarithms taken of products
    private Vector512<float> BernoulliLogDensity(float[] workspace, MaskedPlanLayer last, int row)
    {
        Vector512<float> sum = Vector512<float>.Zero, product = Vector512<float>.One;
        for (int output = 0; output < _outputs; output++)
        {
            var x = Vector512.Create(workspace, output * DenseTile.Rows + row);
            var logit = Vector512.Create(workspace, last.PlaceOf(output) * DenseTile.Rows + row);
            sum += Vector512.FusedMultiplyAdd(x, logit, -Vector512.Max(logit, Vector512<float>.Zero));
            product *= Vector512<float>.One + ActivationInPlace.Exp(-Vector512.Abs(logit));
            if (output % FactorsPerLogarithm != FactorsPerLogarithm - 1) continue;
            sum -= Vector512.Log(product);
            product = Vector512<float>.One;
        }
        return sum - Vector512.Log(product);
    }

    private MaskedPlanLayer Compute(int member, float[] workspace)
    {
        var layers = _members[member];
        foreach (var layer in layers) layer.Apply(workspace);
        return layers[^1];
    }

    // rows that fill a tile at a time: the workspace with their numbers in it, the first of them, and how many there are
    private void ForRows(Tensor x, Action<float[], int, int> compute)
    {
        using var contiguous = x.contiguous();
        int rows = checked((int)x.shape[0]);
        ThreadShares.Run(rows, rows / RowsPerThread, ForRows);

        void ForRows(int start, int end)
        {
            float[] workspace = ArrayPool<float>.Shared.Rent(_places * DenseTile.Rows);
            for (int first = start; first < end; first += DenseTile.Rows)
            {
                int count = Math.Min(DenseTile.Rows, end - first);
                var values = MemoryMarshal.Cast<byte, float>(contiguous.bytes).Slice(first * _inputs, count * _inputs);
                DenseTile.ToColumns(values, count, _inputs, workspace);
                compute(workspace, first, count);
            }
            ArrayPool<float>.Shared.Return(workspace);
        }
    }
}
