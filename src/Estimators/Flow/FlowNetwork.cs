using System.Globalization;
using Microsoft.ML.Generative.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative;

/// <summary>Normalizing flows: several of them, each trained with noise of its own, whose densities are averaged with weights that rows held out from training decide.</summary>
internal sealed partial class FlowNetwork : GenerativeNetwork, ISampler, IVariationSampler, ILogDensity, IEncoder, IImputer, IScorer, IHeldOutCalibrated
{
    // rows that go through the flows at a time where it is not for the caller to say: bounds memory
    private const int MostRows = 16384;

    // greatest by least eigenvalue of the correlation from which on rows are half-whitened
    private const double LeastUnevenness = 10;

    // of expectation-maximisation for the weights of the members
    private const int WeightSteps = 300;

    private readonly FlowOptions _options;
    private readonly InputTransform _transform;
    private readonly Dequantization _dequantization;
    private readonly FlowChain[] _members;
    private readonly Tensor _logWeights;   // (members,)
    private readonly Tensor _started;      // (1,) 1 once the bijections have had their first look at the rows

    public FlowNetwork(FlowOptions options, NetworkInput input, Initializer initializer) : base("flow", input)
    {
        _options = options;
        register_module("transform", _transform = new InputTransform(WhitenIfUneven(input), options.HalfWhitening != false && input.CanBeWhitened, initializer));
        register_module("dequantization", _dequantization = new Dequantization(input, options.Dequantize, options.DequantizationSamples, initializer));
        _members = new FlowChain[options.NoiseScales.Count];
        for (int i = 0; i < _members.Length; i++)
            register_module("member" + i.ToString(CultureInfo.InvariantCulture), _members[i] = new FlowChain(options, input, i, initializer));
        _logWeights = this.Own("logWeights", initializer.Fixed(Enumerable.Repeat((float)-Math.Log(_members.Length), _members.Length).ToArray()));
        _started = this.Own("started", initializer.Zeros(1));
    }

    public int LatentSize => Input.Features;

    public DensityKind DensityKind => _dequantization.IsNeeded ? DensityKind.Bound : DensityKind.Exact;

    public override IReadOnlyList<Objective> Objectives => [new Objective("negative log-likelihood", Loss)];

    public override Tensor Prepare(Tensor x) => _transform.Apply(x);

    /// <summary>−log p, the mean over the batch, nats of transformed rows: of every member by itself in training, of all of them together on rows held out.</summary>
    private Tensor Loss(Batch batch, TrainingStep step)
    {
        var y = batch.X;                                                            // (batch, features), transformed
        if (_dequantization.IsNeeded) y = y + _transform.Apply(_transform.Mean + _dequantization.Noise(y, step.Generator));
        if (step.Validating) return -LogDensityOf(y, batch.Condition).mean();
        if (step.Step == 0 && _started.item<float>() == 0) Start(y, batch.Condition);
        Tensor? sum = null;
        for (int i = 0; i < _members.Length; i++)
        {
            double noise = _options.NoiseScales[i];
            var disturbed = noise > 0 ? y + empty_like(y, requires_grad: false).normal_(0, noise, step.Generator) : y;
            var logDensity = _members[i].LogDensity(disturbed, batch.Condition, step).mean();
            sum = sum is null ? logDensity : sum + logDensity;
        }
        return sum! * (-1.0 / _members.Length);
    }

    private void Start(Tensor y, Tensor? condition)
    {
        foreach (var member in _members) member.Start(y, condition);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        _started.fill_(1);
    }

    /// <summary>Weights that make the rows most likely, by expectation-maximisation.</summary>
    public void Calibrate(IEnumerable<Batch> heldOut)
    {
        if (_members.Length == 1) return;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var densities = new List<Tensor>();
        using (var noise = new Generator(1, _started.device))
            foreach (var batch in heldOut)
            {
                using var batchScope = NewDisposeScope();
                var y = _transform.Apply(_dequantization.IsNeeded ? batch.X + _dequantization.Noise(batch.X, noise) : batch.X);
                densities.Add(ByMember(y, batch.Condition).MoveToOuterDisposeScope());
            }
        var all = cat(densities, 1);                                                // (members, rows)
        var logWeights = _logWeights.clone();
        for (int i = 0; i < WeightSteps; i++) logWeights = (all + logWeights.unsqueeze(1)).softmax(0).mean([1]).clamp_min(1e-6).log();
        _logWeights.copy_(logWeights.log_softmax(0));
    }

    public Tensor LogDensity(Tensor x, Tensor? condition) =>
        RowBlocks.Compute(x, condition, _dequantization.IsNeeded ? Math.Max(1, MostRows / _dequantization.Samples) : MostRows, LogDensityOfBlock);

    /// <summary>−log p(x), nats.</summary>
    public Tensor Score(Tensor x, Tensor? condition) => -LogDensity(x, condition);

    /// <summary>z of the member that weighs most.</summary>
    public Tensor Encode(Tensor x, Tensor? condition) => _members[Heaviest].Encode(_transform.Apply(x), condition);

    public Tensor Sample(long rows, Tensor? condition, Generator generator)
    {
        rows = condition?.shape[0] ?? rows;
        return _dequantization.Undo(Draw(Noise(rows, generator), condition));
    }

    /// <summary>A step in the noise that makes the row, which leaves the model's distribution as it is: √(1 − t²)·ε + t·ε′ (the preconditioned Crank-Nicolson proposal).</summary>
    public Tensor Vary(Tensor x, Tensor? condition, double temperature, Generator generator)
    {
        double share = Math.Min(1, temperature);
        var y = _transform.Apply(_dequantization.IsNeeded ? x + _dequantization.Noise(x, generator) : x);
        var member = _members.Length == 1 ? null
            : multinomial((ByMember(y, condition) + _logWeights.unsqueeze(1)).softmax(0).t(), 1, true, generator).view(-1);
        var varied = Each(member, y, condition, (chain, rows, conditions) =>
        {
            var noise = chain.ToNoise(rows, conditions, generator);
            return chain.FromNoise(noise * Math.Sqrt(1 - share * share) + empty_like(noise).normal_(0, share, generator), conditions);
        });
        return _dequantization.Undo(_transform.Invert(varied));
    }

    public Tensor Impute(Tensor x, Tensor known, Tensor? condition, Generator generator)
    {
        var chain = new ConditionalChain(
            rows => LogDensityOf(_transform.Apply(rows), condition),
            (count, conditions) => Draw(Noise(count, generator), conditions),
            _transform.Scale, _options.ImputationSteps);
        var mask = known.to(@bool);
        // a known value of a discrete feature stands for its cell
        var rows = _dequantization.IsNeeded ? x + _dequantization.Noise(x, generator) : x;
        return where(mask, x, _dequantization.Undo(chain.Draw(rows, mask, condition, generator)));
    }

    // (batch,) nats in the units of the rows; with discrete features the mean density over points of the cell
    private Tensor LogDensityOfBlock(Tensor x, Tensor? condition)
    {
        if (!_dequantization.IsNeeded) return LogDensityOf(_transform.Apply(x), condition) - _transform.LogVolume;
        long samples = _dequantization.Samples;
        var points = (x + _dequantization.Offsets().unsqueeze(1)).view(-1, Input.Features);                    // (samples·batch, features)
        var repeated = condition?.unsqueeze(0).expand(samples, -1, -1).reshape(-1, Input.ConditionSize);
        var densities = LogDensityOf(_transform.Apply(points), repeated).view(samples, -1);                     // (samples, batch)
        return densities.logsumexp(0) - Math.Log(samples) - _transform.LogVolume;
    }

    // (batch,) nats of transformed rows
    private Tensor LogDensityOf(Tensor y, Tensor? condition) =>
        _members.Length == 1 ? _members[0].LogDensity(y, condition, null) : (ByMember(y, condition) + _logWeights.unsqueeze(1)).logsumexp(0);

    // (members, batch)
    private Tensor ByMember(Tensor y, Tensor? condition) => stack(_members.Select(member => member.LogDensity(y, condition, null)).ToArray());

    // by default, features that are nearly uncorrelated are left as they are
    private NetworkInput WhitenIfUneven(NetworkInput input)
    {
        if (_options.HalfWhitening is not null || input.Correlation is null) return input;
        using var scope = NewDisposeScope();
        var values = linalg.eigvalsh(tensor(input.Correlation).to(float64).view(input.Features, input.Features));
        if (values.max().item<double>() > LeastUnevenness * values.min().item<double>()) return input;
        return input with { Correlation = eye(input.Features, dtype: float32).ToFloats() };
    }

    private int Heaviest => (int)_logWeights.argmax().item<long>();

    private Tensor Noise(long rows, Generator generator) =>
        cat(NoiseWidths.Select(width => empty(rows, width, device: _started.device).normal_(0, 1, generator)).ToArray(), 1);

    // x before discrete features are rounded
    private Tensor Draw(Tensor noise, Tensor? condition)
    {
        if (_members.Length == 1) return _transform.Invert(_members[0].FromNoise(noise, condition));
        var level = special.ndtr(noise.narrow(1, 0, 1));                                                        // (batch, 1) uniform
        var member = level.ge(Levels()).sum(-1);                                                                // (batch,)
        return _transform.Invert(Each(member, noise.narrow(1, 1, _members[0].NoiseWidth), condition, (chain, rows, conditions) => chain.FromNoise(rows, conditions)));
    }

    // shares of the members, summed up, but for the last
    private Tensor Levels() => _logWeights.exp().cumsum(0).narrow(0, 0, _members.Length - 1);

    // what a row's own member makes of it
    private Tensor Each(Tensor? member, Tensor rows, Tensor? condition, Func<FlowChain, Tensor, Tensor?, Tensor> make)
    {
        if (member is null) return make(_members[0], rows, condition);
        var result = empty(rows.shape[0], Input.Features, device: rows.device);
        for (int i = 0; i < _members.Length; i++)
        {
            using var scope = NewDisposeScope();
            var places = member.eq(i).nonzero().view(-1);
            if (places.shape[0] > 0) result.index_copy_(0, places, make(_members[i], rows.index_select(0, places), condition?.index_select(0, places)));
        }
        return result;
    }
}
