using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>
/// Multinomial diffusion of the tokens of a table, each column by itself (Hoogeboom et al., 2021): q(x_t|x_0) = α·δ(x_0) + (1 − α)·π, so that a token stays with the chance α of the time, and otherwise is drawn anew
/// from π: all tokens of its column alike, or by their shares of the rows to learn from.
/// </summary>
/// <remarks>Tokens are numbered among those of all columns. α falls from 1 to 0; "earlier" is nearer to the row.</remarks>
internal sealed partial class TokenTransitions : IDisposable
{
    // of every token, so that none is impossible
    private const double MadeUpRows = 0.5;

    private const float Least = 1e-30f;

    private readonly int[] _offsets, _sizes;
    private readonly Tensor _chances;   // (tokens,) π
    private readonly Tensor _ends;      // (tokens,) number of the column, plus the sum of its chances up to there; in double precision

    /// <param name="areAlike">Whether all tokens of a column are alike.</param>
    public TokenTransitions(IReadOnlyList<TokenColumn> columns, bool areAlike, Initializer initializer)
    {
        _sizes = [.. columns.Select(column => column.Categories)];
        _offsets = [.. columns.Select((_, j) => _sizes.Take(j).Sum())];
        var chances = columns.Select(column => Shares(column, areAlike)).ToArray();
        _chances = initializer.Derived(tensor(chances.SelectMany(own => own).Select(chance => (float)chance).ToArray(), device: initializer.Device));
        _ends = initializer.Derived(tensor(chances.SelectMany((own, j) => own.Select((_, i) => i == own.Length - 1 ? j + 1.0 : j + own.Take(i + 1).Sum())).ToArray(), device: initializer.Device));
    }

    /// <summary>Tokens from π.</summary>
    /// <param name="uniform">(batch, columns)</param>
    /// <returns>(batch, columns) Int64</returns>
    public Tensor Fresh(Tensor uniform)
    {
        using var scope = NewDisposeScope();
        var place = uniform.to(float64) + arange(_sizes.Length, float64, uniform.device);
        return place.bucketize(_ends, right: true).clamp_(0, _ends.shape[0] - 1).MoveToOuterDisposeScope();
    }

    /// <summary>Puts noise on tokens.</summary>
    /// <param name="stay">The chance of each to stay, or (batch, 1) of them: α, or the ratio of two for a part of the way.</param>
    /// <param name="fresh">(batch, columns) from <see cref="Fresh(Tensor)"/>.</param>
    public static Tensor AddNoise(Tensor tokens, Tensor stay, Tensor uniform, Tensor fresh) => where(uniform.lt(stay), tokens, fresh);

    /// <summary>An earlier state, q(x_s|x_t, x_0): it is the token behind the noise, or the one that there is, or noise, with chances in the ratio of α_s·(k·[x_0 = x_t] + (1 − k)·π(x_t)), k·(1 − α_s)·π(x_t) and
    /// (1 − k)·(1 − α_s)·π(x_t), k = α_t/α_s.</summary>
    /// <param name="state">(batch, columns) x_t</param>
    /// <param name="clean">(batch, columns) x_0, or what it is taken to be: with one drawn from what the denoiser says the result is drawn from the model.</param>
    /// <param name="earlier">α_s</param>
    /// <param name="now">α_t</param>
    /// <param name="uniform">(batch, columns)</param>
    /// <param name="fresh">(batch, columns) from <see cref="Fresh(Tensor)"/>.</param>
    public Tensor Back(Tensor state, Tensor clean, double earlier, double now, Tensor uniform, Tensor fresh)
    {
        using var scope = NewDisposeScope();
        double stay = now / earlier;
        var chance = _chances.index_select(0, state.flatten()).view(state.shape);
        var ofClean = (state.eq(clean).to(float32) * stay + chance * (1 - stay)) * earlier;
        var ofState = chance * (stay * (1 - earlier));
        var place = uniform * (ofClean + chance * (1 - earlier));
        return where(place.lt(ofClean), clean, where(place.lt(ofClean + ofState), state, fresh)).MoveToOuterDisposeScope();
    }

    /// <summary>KL(q(x_s|x_t, x_0) ‖ Σ over x̂ of q(x_s|x_t, x̂)·p(x̂)), the sum over the columns: a term of the variational bound.</summary>
    /// <param name="logits">(batch, tokens) what the denoiser says of the tokens behind the noise</param>
    /// <inheritdoc cref="Back(Tensor, Tensor, double, double, Tensor, Tensor)"/>
    /// <returns>(batch,), nats</returns>
    public Tensor Divergence(Tensor logits, Tensor state, Tensor clean, double earlier, double now)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(state.shape[0], device: state.device);
        for (int j = 0; j < _sizes.Length; j++)
        {
            using var columnScope = NewDisposeScope();
            var (truth, model) = Earlier(j, logits, state, clean, earlier, now);
            sum.add_((truth * (truth.clamp_min(Least).log() - model.clamp_min(Least).log())).sum(-1));
        }
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>The two distributions of an earlier state of a column: given the token behind the noise, and given what the denoiser says of it.</summary>
    /// <returns>(batch, its tokens) each</returns>
    internal (Tensor Truth, Tensor Model) Earlier(int column, Tensor logits, Tensor state, Tensor clean, double earlier, double now)
    {
        double stay = now / earlier;
        var chances = _chances.narrow(0, _offsets[column], _sizes[column]);                       // (tokens,)
        var numbers = arange(_offsets[column], _offsets[column] + _sizes[column], int64, state.device);
        var isState = state.narrow(1, column, 1).eq(numbers).to(float32);                         // (batch, tokens)
        var isClean = clean.narrow(1, column, 1).eq(numbers).to(float32);
        var chance = (isState * chances).sum(-1, keepdim: true);                                  // (batch, 1)
        var ofNow = isState * now + chance * (1 - now);                                           // q(x_t|x_0) by x_0
        var ofStep = isState * stay + chance * (1 - stay);                                        // q(x_t|x_s) by x_s
        var truth = ofStep * (isClean * earlier + chances * (1 - earlier)) / (ofNow * isClean).sum(-1, keepdim: true);
        var weights = logits.narrow(1, _offsets[column], _sizes[column]).softmax(-1) / ofNow;
        var model = ofStep * (weights * earlier + chances * (1 - earlier) * weights.sum(-1, keepdim: true));
        return (truth, model);
    }

    private static double[] Shares(TokenColumn column, bool areAlike)
    {
        double[] counts = [.. column.Counts.Select(count => areAlike ? 1 : count + MadeUpRows)];
        double total = counts.Sum();
        return [.. counts.Select(count => count / total)];
    }

    public void Dispose()
    {
        _chances.Dispose();
        _ends.Dispose();
    }
}
