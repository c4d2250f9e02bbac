using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>z = L·U·x + b with a unit lower and an upper triangular matrix, so that log |det| is the sum over log U_ii
/// (Oliva et al., 2018; Kingma and Dhariwal, 2018, equation 10). Starts as the identity; a permutation beside it makes the order of the pivots irrelevant.</summary>
internal sealed class LuLinear : Bijection
{
    private readonly Parameter _triangles;    // (features, features): L below the diagonal, U above it
    private readonly Parameter _logDiagonal;  // (features,): log U_ii
    private readonly Parameter _shift;        // (features,)

    public LuLinear(int features, Initializer initializer) : base(nameof(LuLinear))
    {
        _triangles = this.Own("triangles", initializer.Constant(0, features, features));
        _logDiagonal = this.Own("logDiagonal", initializer.Constant(0, features));
        _shift = this.Own("shift", initializer.Constant(0, features));
    }

    public override (Tensor Z, Tensor? LogDeterminant) Forward(Tensor x, Tensor? condition, TrainingStep? step)
    {
        var (lower, upper) = Factors(_triangles, _logDiagonal);
        return (nn.functional.linear(x, lower.mm(upper), _shift), _logDiagonal.sum(0, keepdim: true));
    }

    public override Tensor Inverse(Tensor z, Tensor? condition) => (z - _shift).mm(InverseMatrix().t());

    public override (OnnxValue Z, OnnxValue? LogDeterminant) Forward(OnnxValue x, OnnxValue? condition)
    {
        var (lower, upper) = Factors(_triangles, _logDiagonal);
        return (x.Linear(lower.mm(upper), _shift), x.Graph.Weights(_logDiagonal).Sum(0, keepDimension: true));
    }

    public override OnnxValue Inverse(OnnxValue z, OnnxValue? condition) => (z - z.Graph.Weights(_shift)).Linear(InverseMatrix());

    private static (Tensor Lower, Tensor Upper) Factors(Tensor triangles, Tensor logDiagonal)
    {
        var diagonal = logDiagonal.exp().diag();
        return (triangles.tril(-1) + eye(triangles.shape[0], dtype: triangles.dtype, device: triangles.device), triangles.triu(1) + diagonal);
    }

    // U⁻¹·L⁻¹ in double precision: it is small, and errors would grow along the chain
    private Tensor InverseMatrix()
    {
        var (lower, upper) = Factors(_triangles.detach().to(float64), _logDiagonal.detach().to(float64));
        var identity = eye(lower.shape[0], dtype: float64, device: lower.device);
        var half = linalg.solve_triangular(lower, identity, upper: false, unitriangular: true);   // L⁻¹
        return linalg.solve_triangular(upper, half, upper: true).to(float32);
    }
}
