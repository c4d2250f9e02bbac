using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Brings the rows of a view into memory.</summary>
internal static class TrainingRowsReader
{
    /// <summary>Rows with a missing label, features that are not finite or a weight that is not positive are left out, with a warning.</summary>
    public static TrainingRows Read(IChannel channel, IDataView data, string features, string label, string weight, string noRowsMessage)
    {
        var schema = data.Schema;
        var rows = new TrainingRows(schema[features].Type.ValueCount());
        List<DataViewSchema.Column> active = [schema[features], schema[label]];
        if (weight != null) active.Add(schema[weight]);

        long skipped = 0;
        using (var cursor = data.GetRowCursor(active))
        {
            var getFeatures = cursor.GetGetter<VBuffer<float>>(schema[features]);
            var getLabel = ScoredColumns.LabelGetter(cursor, schema[label]);
            var getWeight = weight == null ? null : cursor.GetGetter<float>(schema[weight]);
            var featureValues = default(VBuffer<float>);
            float labelValue = 0, weightValue = 1;
            while (cursor.MoveNext())
            {
                getFeatures(ref featureValues);
                getLabel(ref labelValue);
                getWeight?.Invoke(ref weightValue);
                if (!float.IsFinite(labelValue) || !(weightValue > 0 && float.IsFinite(weightValue)) || !AllFinite(featureValues.GetValues()))
                {
                    skipped++;
                    continue;
                }
                Contracts.Check(featureValues.Length == rows.FeatureCount,
                    $"Column '{features}': expected {rows.FeatureCount} features, but got {featureValues.Length}");
                rows.Add(featureValues.GetValues(), featureValues.GetIndices(), labelValue, weightValue);
            }
        }
        Contracts.Check(rows.Count > 0, noRowsMessage);
        if (skipped > 0) channel.Warning(MessageSensitivity.None, "Skipped {0} instances with missing features/label/weight during training", skipped);
        return rows;
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value)) return false;
        return true;
    }
}
