using Microsoft.ML.Data;
using Microsoft.ML.Generative.Generation;

namespace Microsoft.ML.Generative.Tests.Generation;

/// <summary>A model without a network: draws the mean of its rows, varies rows by adding the temperature. Keeps a diary.</summary>
internal sealed class FakeGenerator(
    string features = "Features", string? label = null, string? drawn = null, bool cannotVary = false, List<string>? diary = null)
    : IEstimator<IGenerativeTransformer>, ILabelConditionable
{
    public List<string> Diary { get; } = diary ?? [];

    public string? LabelColumnName => label;

    public string FeatureColumnName => features;

    public IReadOnlyList<string> LearntColumns(SchemaShape schema) => [features];

    public IEstimator<IGenerativeTransformer> ConditionedOn(string? labelColumnName) => new FakeGenerator(features, labelColumnName, drawn, cannotVary, Diary);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public IGenerativeTransformer Fit(IDataView input)
    {
        var rows = input.GetColumn<float[]>(features).ToList();
        Diary.Add($"fit {rows.Count} rows{(label is null ? "" : $" given {label}")}");
        if (rows.Any(row => row[0] == -99)) throw new ArgumentException("This row can't be learnt.");
        return new FakeModel(drawn ?? features, Diary, rows.Average(row => row[0]), cannotVary);
    }
}

/// <summary>The same, but it can't be conditioned.</summary>
internal sealed class PlainGenerator(FakeGenerator inner) : IEstimator<IGenerativeTransformer>
{
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public IGenerativeTransformer Fit(IDataView input) => inner.Fit(input);
}

internal sealed class FakeModel(string drawn, List<string> diary, float mean, bool cannotVary) : IGenerativeTransformer
{
    public bool IsRowToRowMapper => false;

    public IDataView Sample(long rows, int? seed = null, SampleOptions? options = null)
    {
        diary.Add($"sample {rows}{Of(options)}");
        return View(new ConstantSource([mean, seed!.Value % 1000]), rows);
    }

    public IDataView Vary(IDataView source, long rows, int? seed = null, SampleOptions? options = null)
    {
        if (cannotVary) throw new NotSupportedException("No posterior.");
        var real = source.GetColumn<float[]>("Features").ToList();
        diary.Add($"vary {real.Count} rows into {rows} at {options!.Temperature}{Of(options)}");
        return View(new ShiftingSource(real, (float)options.Temperature), rows);
    }

    private static string Of(SampleOptions? options) => options?.Label is { } label ? $" of {label} ({label.GetType().Name})" : "";

    private SampleDataView View(ISampleSource source, long rows) =>
        new(source, [new FloatSampleColumn(drawn, new VectorDataViewType(NumberDataViewType.Single, 2), 0, 2)], rows);

    public void Dispose() => diary.Add("dispose");

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => throw new NotSupportedException();

    public IDataView Transform(IDataView input) => throw new NotSupportedException();

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();

    private sealed class ConstantSource(float[] row) : ISampleSource
    {
        public int Width => 2;

        public void Generate(long batch, int rows, float[] destination)
        {
            for (int i = 0; i < rows; i++) row.CopyTo(destination, 2 * i);
        }
    }

    private sealed class ShiftingSource(List<float[]> real, float shift) : ISampleSource
    {
        public int Width => 2;

        public void Generate(long batch, int rows, float[] destination)
        {
            for (int i = 0; i < rows; i++)
            {
                destination[2 * i] = real[(int)((batch * ((ISampleSource)this).BatchRows + i) % real.Count)][0] + shift;
                destination[2 * i + 1] = real[0][1];
            }
        }
    }
}
