using Microsoft.ML.Generative.Encoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Networks;

/// <summary>
/// The conditionals of an autoregressive model, p(x_i | …), for transformed rows: Bernoulli for binary variables and proportions, softmax for categories, a mixture of Gaussians for
/// continuous ones. A network gives for each row the parameters of all variables side by side, (…, <see cref="Parameters"/>); those of one variable are neighbours
/// (<see cref="FirstParameter"/>), so that a network can be asked for them alone.
/// </summary>
/// <remarks>Variables with the same kind of distribution are worked on together, whatever their number: the cost is that of a few calls.</remarks>
internal sealed partial class SpanConditionals : nn.Module
{
    private readonly VariableGroup[] _groups;
    private readonly int[] _firstParameter;     // of each group
    private readonly (int Group, int Number)[] _places;
    private readonly int[][] _features;         // of each group, padding included
    private readonly Tensor?[] _gather;         // (features of the group,); null where they are neighbours
    private readonly Tensor?[] _variables;      // (variables of the group,); null if there is one group
    private readonly Tensor?[] _isOwn;          // (features of the group,) 0 for padding; null where there is none
    private readonly int[]? _backToFeatures;    // (features,) where each stands in the groups put side by side; null if the order is the same
    private readonly (Tensor? OfFeatures, Tensor? OfVariables) _order;   // the same, for each; not fields of their own, which would become state
    private readonly List<Tensor> _indices = [];

    /// <param name="components">Components of a continuous variable's mixture.</param>
    public SpanConditionals(NetworkInput input, int components, Initializer initializer) : base(nameof(SpanConditionals))
    {
        Variables = Variable.Of(input.Spans);
        _groups = Group(components, initializer).ToArray();
        _features = _groups.Select(g => g.Variables.SelectMany(v => Enumerable.Range(0, g.Width).Select(i => Variables[v].Start + Math.Min(i, Variables[v].Width - 1))).ToArray()).ToArray();
        _firstParameter = new int[_groups.Length];
        _places = new (int, int)[Variables.Count];
        _gather = new Tensor?[_groups.Length];
        _variables = new Tensor?[_groups.Length];
        _isOwn = new Tensor?[_groups.Length];
        for (int g = 0; g < _groups.Length; g++)
        {
            var group = _groups[g];
            register_module($"group{g}", group);
            _firstParameter[g] = Parameters;
            Parameters += group.Count * group.ParametersPerVariable;
            for (int i = 0; i < group.Count; i++) _places[group.Variables[i]] = (g, i);
            if (!AreNeighbours(_features[g])) _gather[g] = Keep(initializer.Indices(_features[g]));
            if (_groups.Length > 1) _variables[g] = Keep(initializer.Indices(group.Variables));
            var isOwn = group.Variables.SelectMany(v => Enumerable.Range(0, group.Width).Select(i => i < Variables[v].Width ? 1f : 0)).ToArray();
            if (isOwn.Contains(0)) _isOwn[g] = this.Own($"isOwn{g}", initializer.Fixed(isOwn));
        }
        NoisePerVariable = _groups.Max(g => g.NoisePerVariable);
        _backToFeatures = Unsorted(Enumerable.Range(0, Variables.Count).SelectMany(v => Enumerable.Range(0, Variables[v].Width).Select(i => PlaceOfFeature(v, i))));
        int[]? backToVariables = Unsorted(Enumerable.Range(0, Variables.Count).Select(PlaceOfVariable));
        _order = (_backToFeatures is null ? null : Keep(initializer.Indices(_backToFeatures)), backToVariables is null ? null : Keep(initializer.Indices(backToVariables)));
    }

    public IReadOnlyList<Variable> Variables { get; }

    /// <summary>How many numbers a network has to give for a row.</summary>
    public int Parameters { get; }

    /// <summary>Standard normal numbers that a draw of a variable takes; some variables use the first alone.</summary>
    public int NoisePerVariable { get; }

    /// <summary>Whether every number of a row is a variable with the logit of a Bernoulli distribution as its one parameter, in the same order.</summary>
    public bool AreBernoulli => _groups is [BernoulliGroup];

    /// <summary>Where the parameters of a variable begin.</summary>
    public int FirstParameter(int variable) => _firstParameter[_places[variable].Group] + _places[variable].Number * ParametersOf(variable);

    /// <summary>How many parameters a variable has.</summary>
    public int ParametersOf(int variable) => _groups[_places[variable].Group].ParametersPerVariable;

    /// <summary>Which variable each parameter belongs to.</summary>
    public int[] VariableOfParameter() => _groups.SelectMany(g => g.Variables.SelectMany(v => Enumerable.Repeat(v, g.ParametersPerVariable))).ToArray();

    /// <summary>Which variable each number of a row belongs to.</summary>
    public int[] VariableOfFeature() => Variables.SelectMany((variable, v) => Enumerable.Repeat(v, variable.Width)).ToArray();

    /// <summary>What the bias of a network's last layer should start from.</summary>
    public float[] StartingParameters(NetworkInput input)
    {
        var average = input.Average ?? new float[input.Features];
        return _groups.SelectMany((group, g) => group.StartingParameters(_features[g].Select(f => average[f]).ToArray(), input.Rows)).ToArray();
    }

    /// <summary>Log-density of each row.</summary>
    /// <param name="y">(…, features), transformed</param>
    /// <param name="parameters">(…, parameters); shapes broadcast before the last axis.</param>
    /// <returns>(…,), nats of transformed rows</returns>
    public Tensor LogDensity(Tensor y, Tensor parameters)
    {
        var total = OfGroup(0).sum(-1);   // (…,)
        for (int g = 1; g < _groups.Length; g++) total = total + OfGroup(g).sum(-1);
        return total;

        Tensor OfGroup(int g) => _groups[g].LogDensities(FeaturesOf(g, y), ParametersOf(g, parameters));
    }

    /// <summary>Log-density of each variable of each row.</summary>
    /// <inheritdoc cref="LogDensity(Tensor, Tensor)"/>
    /// <returns>(…, variables), nats of transformed rows</returns>
    public Tensor LogDensities(Tensor y, Tensor parameters)
    {
        var all = Join(_groups.Select((group, g) => group.LogDensities(FeaturesOf(g, y), ParametersOf(g, parameters))));
        return _order.OfVariables is { } order ? all.index_select(-1, order) : all;
    }

    /// <summary>Log-density of one variable.</summary>
    /// <param name="y">(…, its width), transformed</param>
    /// <param name="parameters">(…, its parameters)</param>
    /// <returns>(…, 1), nats of transformed rows</returns>
    public Tensor LogDensity(int variable, Tensor y, Tensor parameters)
    {
        var (group, number) = _places[variable];
        return _groups[group].LogDensities(y, parameters, number);
    }

    /// <summary>The sum of <see cref="LogDensity(Tensor, Tensor)"/> over a batch, in as few operations as it takes.</summary>
    /// <returns>A scalar, nats.</returns>
    public Tensor TotalLogDensity(Tensor y, Tensor parameters)
    {
        var total = OfGroup(0);
        for (int g = 1; g < _groups.Length; g++) total = total + OfGroup(g);
        return total;

        Tensor OfGroup(int g) => _groups[g].TotalLogDensity(FeaturesOf(g, y), ParametersOf(g, parameters));
    }

    /// <summary>Draws one variable.</summary>
    /// <param name="parameters">(…, its parameters)</param>
    /// <param name="noise">(…, noise of a variable), standard normal</param>
    /// <returns>(…, its width), transformed</returns>
    public Tensor Draw(int variable, Tensor parameters, Tensor noise)
    {
        var (group, number) = _places[variable];
        return _groups[group].Draw(parameters, noise.unsqueeze(-2), number);
    }

    /// <summary>Draws all variables, each by itself.</summary>
    /// <param name="noise">(…, variables, noise of a variable), standard normal</param>
    /// <returns>(…, features), transformed</returns>
    public Tensor Draw(Tensor parameters, Tensor noise)
    {
        var all = Join(_groups.Select((group, g) => group.Draw(
            ParametersOf(g, parameters), _variables[g] is { } variables ? noise.index_select(-2, variables) : noise)));
        return _order.OfFeatures is { } order ? all.index_select(-1, order) : all;
    }

    /// <summary>The mean of every number of a row: the chance of a 1, or of each category.</summary>
    /// <returns>(…, features), transformed</returns>
    public Tensor Mean(Tensor parameters)
    {
        var all = Join(_groups.Select((group, g) => group.Mean(ParametersOf(g, parameters))));
        return _order.OfFeatures is { } order ? all.index_select(-1, order) : all;
    }

    // Categories of up to twice as many values share a group, so that padding at most doubles them.
    private IEnumerable<VariableGroup> Group(int components, Initializer initializer)
    {
        int[] Having(params SpanKind[] kinds) => Enumerable.Range(0, Variables.Count).Where(v => kinds.Contains(Variables[v].Kind)).ToArray();
        if (Having(SpanKind.Binary, SpanKind.Proportion) is { Length: > 0 } binary) yield return new BernoulliGroup(binary);
        if (Having(SpanKind.Continuous) is { Length: > 0 } continuous) yield return new MixtureGroup(continuous, components);
        foreach (var alike in Having(SpanKind.Categorical).GroupBy(v => Math.ILogB(Variables[v].Width)).OrderBy(g => g.Key))
            yield return new CategoricalGroup([.. alike], alike.Select(v => Variables[v].Width).ToArray(), initializer);
    }

    private Tensor ParametersOf(int group, Tensor parameters) => _groups.Length == 1 ? parameters
        : parameters.narrow(-1, _firstParameter[group], _groups[group].Count * _groups[group].ParametersPerVariable);

    private Tensor FeaturesOf(int group, Tensor y)
    {
        var features = _gather[group] is { } gather ? y.index_select(-1, gather)
            : _groups.Length == 1 ? y
            : y.narrow(-1, _features[group][0], _features[group].Length);
        return _isOwn[group] is { } isOwn ? features * isOwn : features;
    }

    private static Tensor Join(IEnumerable<Tensor> parts)
    {
        var all = parts.ToList();
        return all is [var single] ? single : cat(all, -1);
    }

    private int PlaceOfVariable(int variable) => _groups.Take(_places[variable].Group).Sum(g => g.Count) + _places[variable].Number;

    private int PlaceOfFeature(int variable, int index)
    {
        var (group, number) = _places[variable];
        return _groups.Take(group).Sum(g => g.Count * g.Width) + number * _groups[group].Width + index;
    }

    private Tensor Keep(Tensor indices)
    {
        _indices.Add(indices);
        return indices;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) foreach (var indices in _indices) indices.Dispose();
        base.Dispose(disposing);
    }

    private static bool AreNeighbours(int[] indices) => indices.Select((index, i) => index == indices[0] + i).All(same => same);

    private static int[]? Unsorted(IEnumerable<int> places) => places.ToArray() is var all && all.Select((place, i) => place == i).All(same => same) ? null : all;
}
