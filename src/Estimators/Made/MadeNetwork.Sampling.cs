using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Draws: whole rows, parts of rows, and what is missing of rows.</summary>
internal sealed partial class MadeNetwork
{
    public int RowsAtOnce => Math.Clamp((int)(4 * MostNumbersAtOnce / _widest), 256, 4096);

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        var choice = Orders > 1 ? Noise(generator, rows, 1) : null;
        var noise = VariableNoise(generator, rows);
        return _transform.Invert(Draw(choice, noise, condition, null, null));
    }

    /// <summary>Each row keeps the first variables of an order and has the others drawn anew, given those: as many as <paramref name="temperature"/> times a uniformly drawn share
    /// of all. The model's distribution stays what it is under such steps, as under a Gibbs sampler's.</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        var y = _transform.Apply(x);
        var choice = Orders > 1 ? Noise(generator, y.shape[0], 1) : null;
        int variables = _conditionals.Variables.Count;
        var redrawn = (special.ndtr(Noise(generator, y.shape[0], 1)) * (temperature * variables)).ceil();        // (batch, 1)
        var noise = VariableNoise(generator, y.shape[0]);
        return _transform.Invert(Draw(choice, noise, condition, y, order => Positions(order, 1).lt(variables - redrawn)));
    }

    /// <summary>Draws what is not known from the model's conditional given what is known. A model that takes any order draws it after what is known. Else candidates are drawn under all
    /// orders, each known variable weighs them by its density given those before it, and one is chosen by its weight (sampling importance resampling): exact where the
    /// known ones come first in an order, else the closer the more candidates there are.</summary>
    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        var isKnown = known.gt(0.5);                                                                             // (batch, features)
        var y = _transform.Apply(where(isKnown, x, _transform.Mean));
        long[] starts = _conditionals.Variables.Select(v => (long)v.Start).ToArray();
        var kept = isKnown.index_select(1, tensor(starts, device: y.device));                                    // (batch, variables)
        var drawn = _options.OrderWeights == OrderWeights.OrderAgnostic ? ImputeInOrder(y, kept, condition, generator) : ImputeByWeight(y, kept, condition, generator);
        return where(isKnown, x, _transform.Invert(drawn));
    }

    // rows of which the same is known go together
    private Tensor ImputeInOrder(Tensor y, Tensor kept, Tensor? condition, Generator generator)
    {
        var noise = VariableNoise(generator, y.shape[0]);
        int variables = _conditionals.Variables.Count;
        var result = y.clone();
        foreach (var pattern in kept.to(float32).ToFloats().Chunk(variables).Select((known, row) => (Key: string.Concat(known.Select(k => k > 0.5 ? '1' : '0')), Row: (long)row)).GroupBy(p => p.Key, p => p.Row))
        {
            using var scope = NewDisposeScope();
            var rows = tensor(pattern.ToArray(), device: y.device);
            int[] order = [.. Enumerable.Range(0, variables).OrderBy(v => pattern.Key[v] == '1' ? 0 : 1)];
            var part = DrawInOrder(0, order, pattern.Key.Count(c => c == '1'), noise.index_select(0, rows), condition?.index_select(0, rows), y.index_select(0, rows));
            result.index_copy_(0, rows, part);
        }
        return result;
    }

    private Tensor ImputeByWeight(Tensor y, Tensor kept, Tensor? condition, Generator generator)
    {
        long rows = y.shape[0];
        int perOrder = (_options.ImputationCandidates + Orders - 1) / Orders;
        var best = full(rows, 1, double.NegativeInfinity, float32, y.device);
        var result = y;
        for (int order = 0; order < Orders; order++)
            for (int candidate = 0; candidate < perOrder; candidate++)
            {
                using var scope = NewDisposeScope();
                var logWeight = zeros(rows, 1, float32, y.device);
                var drawn = DrawInOrder(order, VariableNoise(generator, rows), condition, y, kept, logWeight);
                // the greatest of weights with Gumbel noise is each one with its own chance
                var uniform = empty_like(logWeight).uniform_(1e-7, 1, generator);
                logWeight = logWeight - uniform.log().neg().log();
                var better = logWeight.gt(best);
                result = where(better, drawn, result).MoveToOuterDisposeScope();
                best = where(better, logWeight, best).MoveToOuterDisposeScope();
            }
        return result;
    }

    // each row under the order that its noise chooses
    private Tensor Draw(Tensor? choice, Tensor noise, Tensor? condition, Tensor? given, Func<int, Tensor>? keptUnder)
    {
        if (choice is null) return DrawInOrder(0, noise, condition, given, keptUnder?.Invoke(0), null);
        var chosen = (special.ndtr(choice.squeeze(1)) * Orders).to(int64).clamp_max(Orders - 1);                  // (batch,)
        var parts = new List<Tensor>();
        var places = new List<Tensor>();
        for (int order = 0; order < Orders; order++)
        {
            var rows = chosen.eq(order).nonzero().squeeze(1);
            if (rows.shape[0] == 0) continue;
            places.Add(rows);
            parts.Add(DrawInOrder(order, noise.index_select(0, rows), condition?.index_select(0, rows), given?.index_select(0, rows), keptUnder?.Invoke(order).index_select(0, rows), null));
        }
        return cat(parts).index_select(0, cat(places).argsort());
    }

    /// <param name="noise">(batch, variables, noise of a variable)</param>
    /// <param name="given">(batch, features), transformed, of which the variables are kept that <paramref name="kept"/>, (batch, variables), says; null for none.</param>
    /// <param name="logWeight">(batch, 1) to add the log-densities of what is kept to; null where they are not wanted.</param>
    /// <returns>(batch, features), transformed</returns>
    private Tensor DrawInOrder(int order, Tensor noise, Tensor? condition, Tensor? given, Tensor? kept, Tensor? logWeight)
    {
        var pass = _stack.Begin(order, noise.shape[0], condition);
        int position = 0;
        foreach (int variable in VariableOrders.Inverse(_positions[order]))
        {
            using var scope = NewDisposeScope();
            var place = _conditionals.Variables[variable];
            var parameters = pass.Outputs(position, _conditionals.FirstParameter(variable), _conditionals.ParametersOf(variable));
            var value = _conditionals.Draw(variable, parameters, noise.select(1, variable));
            if (kept is not null)
            {
                var isKept = kept.narrow(1, variable, 1);                                                         // (batch, 1)
                var before = given!.narrow(1, place.Start, place.Width);
                value = where(isKept, before, value);
                logWeight?.add_(_conditionals.LogDensity(variable, before, parameters) * isKept);
            }
            pass.Learn(position++, place.Start, value);
        }
        return pass.X;
    }

    // the first ones of the order are given
    private Tensor DrawInOrder(int member, int[] order, int known, Tensor noise, Tensor? condition, Tensor given)
    {
        var pass = _stack.Begin(member, noise.shape[0], condition);
        for (int position = 0; position < order.Length; position++)
        {
            using var scope = NewDisposeScope();
            int variable = order[position];
            var place = _conditionals.Variables[variable];
            pass.Learn(position, place.Start, position < known
                ? given.narrow(1, place.Start, place.Width)
                : _conditionals.Draw(variable, pass.Outputs(position, _conditionals.FirstParameter(variable), _conditionals.ParametersOf(variable)), noise.select(1, variable)));
        }
        return pass.X;
    }

    private Tensor VariableNoise(Generator generator, long rows) => Noise(generator, rows, NoiseWidths[^1]).unflatten(1, -1, _conditionals.NoisePerVariable);

    private Tensor Noise(Generator generator, long rows, long width) => empty(rows, width, device: _transform.Mean.device).normal_(0, 1, generator);
}
