using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLGenerative.Bench.Data;

/// <summary>Rows of numbers in memory, each with a label that is true or false.</summary>
internal sealed class LabelledRows(IReadOnlyList<string> featureNames, IReadOnlyList<LabelledRow> rows)
{
    public IReadOnlyList<string> FeatureNames { get; } = featureNames;

    public IReadOnlyList<LabelledRow> Rows { get; } = rows;

    public int Count => Rows.Count;

    /// <summary>Reads the columns <c>Features</c> and <c>Label</c> of a view.</summary>
    public static LabelledRows Read(IDataView view, IReadOnlyList<string> featureNames) =>
        new(featureNames, [.. LabelledRow.Read(view)]);

    public IDataView View(MLContext ml)
    {
        var schema = SchemaDefinition.Create(typeof(LabelledRow));
        schema[nameof(LabelledRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, FeatureNames.Count);
        return ml.Data.LoadFromEnumerable(Rows, schema);
    }

    public LabelledRows Select(IEnumerable<int> indices) => new(FeatureNames, [.. indices.Select(i => Rows[i])]);

    /// <summary>This and other rows, standardised by the mean and the deviation of this.</summary>
    public (LabelledRows Own, LabelledRows Others) Standardise(MLContext ml, LabelledRows others)
    {
        var view = View(ml);
        var normalizer = ml.Transforms.NormalizeMeanVariance("Features", fixZero: false).Fit(view);
        return (Read(normalizer.Transform(view), FeatureNames), Read(normalizer.Transform(others.View(ml)), FeatureNames));
    }

    public void Write(TextWriter writer)
    {
        writer.WriteLine(string.Join(',', FeatureNames.Select(CsvFile.Quote).Append("label")));
        foreach (var row in Rows)
        {
            foreach (var value in row.Features)
            {
                writer.Write(value.ToString(CultureInfo.InvariantCulture));
                writer.Write(',');
            }
            writer.WriteLine(row.Label ? '1' : '0');
        }
    }
}

internal sealed class LabelledRow
{
    public float[] Features = [];
    public bool Label;

    public static IEnumerable<LabelledRow> Read(IDataView view)
    {
        using var cursor = view.GetRowCursor([view.Schema["Features"], view.Schema["Label"]]);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var label = cursor.GetGetter<bool>(view.Schema["Label"]);
        VBuffer<float> values = default;
        bool labelValue = false;
        while (cursor.MoveNext())
        {
            features(ref values);
            label(ref labelValue);
            yield return new LabelledRow { Features = [.. values.DenseValues()], Label = labelValue };
        }
    }
}
