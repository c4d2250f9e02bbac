using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Adds columns that are computed together from a vector of features.</summary>
internal abstract class ScoringMapper : RowMapper
{
    private readonly DataViewSchema.Column _features;

    protected ScoringMapper(DataViewSchema inputSchema, string featureColumn, int featureCount) : base(inputSchema)
    {
        _features = inputSchema.GetColumnOrNull(featureColumn)
            ?? throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "feature", featureColumn);
        if (_features.Type is not VectorDataViewType vector || !vector.ItemType.Equals(NumberDataViewType.Single) || vector.Size != featureCount)
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "feature", featureColumn,
                new VectorDataViewType(NumberDataViewType.Single, featureCount).ToString(), _features.Type.ToString());
        SetId = ScoreAnnotations.NextSetId(inputSchema);
    }

    protected uint SetId { get; }

    public sealed override IEnumerable<int> InputsOf(int outputColumn) => [_features.Index];

    public sealed override Delegate[] MakeGetters(DataViewRow input, bool[] active, out Action disposer)
    {
        disposer = null;
        if (!active.Contains(true)) return new Delegate[active.Length];

        // all columns of a row share one computation
        var getter = input.GetGetter<VBuffer<float>>(input.Schema[_features.Index]);
        var features = default(VBuffer<float>);
        long scored = -1;
        var getters = MakeGetters(score => () =>
        {
            if (input.Position == scored && scored >= 0) return;
            getter(ref features);
            score(features);
            scored = input.Position;
        });
        return [.. getters.Select((made, column) => active[column] ? made : null)];
    }

    protected delegate void Scorer(in VBuffer<float> features);

    /// <summary>The getters of all columns. The argument turns a scorer into an action that scores the row unless that was done.</summary>
    protected abstract Delegate[] MakeGetters(Func<Scorer, Action> once);

    protected sealed override Delegate MakeGetter(DataViewRow input, int outputColumn) => throw new NotSupportedException();
}
