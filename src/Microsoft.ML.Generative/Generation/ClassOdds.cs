using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Generative.Generation;

/// <summary>
/// How likely drawn rows are to be of the class that they were drawn for: the product of a linear classifier's probability and, where the model has a
/// density for each label, of the model's own by Bayes' rule, both with the shares of the classes as they are.
/// </summary>
/// <remarks>Rows that fill up a rare class move the decision boundary into the common class where the classes overlap. Keeping candidates by these odds
/// leaves the boundary where the real rows have it. The linear odds are honest where those of a model with many weights are overfitted; the model's see
/// what is not linear.</remarks>
internal sealed class ClassOdds
{
    private const string LabelKey = "ClassOdds.Label", Features = "ClassOdds.Features";

    // keeps one of the two from ruling a row out alone
    private const double LeastProbability = 1e-4;

    private readonly LabelCensus _census;
    private readonly ITransformer _classifier;
    private readonly ILogDensityColumn? _model;   // null where none has a density

    /// <param name="labelled">The real rows that have a label.</param>
    /// <param name="columns">What the classifier goes by.</param>
    /// <param name="model">A model conditioned on the label; null to go by the linear classifier alone.</param>
    public ClassOdds(MLContext context, IDataView labelled, LabelCensus census, IReadOnlyList<string> columns, IGenerativeTransformer? model)
    {
        _census = census;
        _model = model is ILogDensityColumn { LogDensityColumnName: not null } density ? density : null;
        var keyed = census.Labels.Type is KeyDataViewType
            ? context.Transforms.CopyColumns(LabelKey, census.Labels.Name).Fit(labelled).Transform(labelled)
            : context.Transforms.Conversion.MapValueToKey(LabelKey, census.Labels.Name).Fit(labelled).Transform(labelled);
        _classifier = TableFeatures.Estimator(context, labelled.Schema, columns, Features)
            .Append(context.Transforms.NormalizeMeanVariance(Features, fixZero: false))
            .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(LabelKey, Features, l1Regularization: 0))
            .Fit(keyed);
    }

    /// <summary>Logarithms of the odds of rows that were drawn for a class.</summary>
    public double[] Log(IDataView candidates, int number)
    {
        var linear = LinearProbabilities(candidates, number);
        if (_model is null) return [.. linear.Select(p => Math.Log(p + LeastProbability))];
        var own = ModelProbabilities(candidates, number, linear.Length);
        return [.. linear.Zip(own, (p, q) => Math.Log(p + LeastProbability) + Math.Log(q + LeastProbability))];
    }

    private double[] LinearProbabilities(IDataView candidates, int number)
    {
        // keys made here count the labels as the census does; those of the user's column are their own
        int slot = _census.Labels.Type is KeyDataViewType ? Convert.ToInt32(_census.Labels.ValueOf(number), CultureInfo.InvariantCulture) - 1 : number;
        var scored = _classifier.Transform(candidates);
        var result = new List<double>();
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        VBuffer<float> probabilities = default;
        while (cursor.MoveNext())
        {
            getter(ref probabilities);
            float p = probabilities.GetItemOrDefault(slot);
            result.Add(float.IsFinite(p) ? p : 0);
        }
        return [.. result];
    }

    // p(class | row) = p(row | class)·share / Σ over the classes
    private double[] ModelProbabilities(IDataView candidates, int number, int rows)
    {
        double total = _census.Rows.Sum();
        var logJoint = _census.Rows.Select((count, label) =>
        {
            object value = _census.Labels.ValueOf(label);
            var constants = new Dictionary<string, object> { [_census.Labels.Name] = value is string text ? text.AsMemory() : value };
            var scored = _model!.AddForComparison(new ConformedView(candidates, candidates.Schema, constants));
            return scored.GetColumn<float>(_model.LogDensityColumnName!).Select(d => d + Math.Log(count / total)).ToArray();
        }).ToArray();
        var result = new double[rows];
        for (int i = 0; i < rows; i++)
        {
            double highest = logJoint.Max(j => j[i]);
            result[i] = double.IsFinite(highest) ? Math.Exp(logJoint[number][i] - highest) / logJoint.Sum(j => Math.Exp(j[i] - highest)) : 0;
        }
        return result;
    }
}
