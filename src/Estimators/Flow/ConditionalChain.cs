using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Draws what is not known of rows from p(unknown | known) of a model with a density: a Metropolis chain for every row, all of them at once. A proposal moves the unknown
/// features along the difference of two draws of the model, chosen among those that lie nearest to the row in the known features (after ter Braak and Vrugt, 2008: differences of
/// an archive have the shape of the target). The draws do not depend on the state, so a move and its reverse are equally likely.
/// </summary>
/// <param name="logDensity">Rows → (rows,), up to a constant.</param>
/// <param name="draw">Draws of the model, one for every condition where there are conditions.</param>
/// <param name="scale">(features,) in which distances are measured.</param>
internal sealed class ConditionalChain(Func<Tensor, Tensor> logDensity, Func<long, Tensor?, Tensor> draw, Tensor scale, int steps)
{
    // draws of the model; those with another condition are out of reach
    private const int ArchiveRows = 2048;
    private const double ConditionWeight = 100;

    // the step adapts to this share of accepted moves in the first half of the chain; every tenth move is a whole difference, which leads to other modes
    private const double AcceptedShare = 0.25, Adaptation = 0.1, WholeStepShare = 0.1;

    /// <param name="known">(rows, features), true where x is to stay.</param>
    /// <returns>(rows, features); x where it is known.</returns>
    public Tensor Draw(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        long rows = x.shape[0], features = x.shape[1];
        using var scope = NewDisposeScope();
        var archive = Archive(condition, generator, out var archiveConditions);
        int neighbours = (int)Math.Min(ArchiveRows, 32 + 2 * features);
        var near = Nearest(where(known, x, 0), known, condition, archive, archiveConditions, neighbours);   // (rows, neighbours)
        var unknown = known.logical_not();
        Tensor Neighbours() => archive.index_select(0, near.gather(1, randint(neighbours, [rows, 1], int64, x.device, generator: generator)).view(-1));

        var state = where(known, x, Neighbours()).MoveToOuterDisposeScope();
        var density = logDensity(state);
        var logStep = (unknown.sum(1, keepdim: true).to(float32).clamp_min(1) * 2).rsqrt().mul_(2.38).log_();   // (rows, 1)
        for (int i = 0; i < steps; i++)
        {
            using var stepScope = NewDisposeScope();
            var whole = empty(rows, 1, device: x.device).uniform_(0, 1, generator).lt(WholeStepShare);
            var spread = empty(rows, 1, device: x.device).normal_(0, 0.5, generator);
            var length = where(whole, zeros_like(logStep), logStep + spread).exp();
            var proposal = where(unknown, state + (Neighbours() - Neighbours()) * length, state);
            var proposedDensity = logDensity(proposal);
            var accepted = empty(rows, device: x.device).uniform_(0, 1, generator).log_().lt(proposedDensity - density);
            state.copy_(where(accepted.unsqueeze(1), proposal, state));
            density.copy_(where(accepted, proposedDensity, density));
            if (i < steps / 2) logStep.add_(where(whole, zeros_like(logStep), accepted.unsqueeze(1).to(float32) - AcceptedShare), Adaptation);
        }
        return state;
    }

    private Tensor Archive(Tensor? condition, Generator generator, out Tensor? conditions)
    {
        conditions = condition?.index_select(0, randint(condition.shape[0], [ArchiveRows], int64, condition.device, generator: generator));
        return draw(ArchiveRows, conditions);
    }

    // Σ over known features of (x − a)², by matrix products
    private Tensor Nearest(Tensor x, Tensor known, Tensor? condition, Tensor archive, Tensor? archiveConditions, int count)
    {
        Tensor mask = known.to(float32), from = x / scale * mask, to = archive / scale;
        var distances = mask.mm(to.square().t()) - 2 * from.mm(to.t());   // (rows, archive), but for what is the same along a row
        if (condition is not null) distances -= 2 * ConditionWeight * condition.mm(archiveConditions!.t());
        return distances.topk(count, 1, largest: false).indexes;
    }
}
