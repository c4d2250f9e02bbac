using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Generation;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Generative;

/// <summary>A fitted model as steps of stock ML.NET that together add the same columns: the label becomes a vector, the ONNX graph is run, and its vectors of
/// one number become scalars.</summary>
/// <remarks>
/// The ONNX step gives vectors only, and the one stock step that makes a number of a vector is a linear predictor: with a weight of 1 and a bias of 0 it gives the
/// number itself as <c>Score</c>, and whether it exceeds a threshold as <c>PredictedLabel</c>. Those names are fixed; other columns are copies of them.
/// </remarks>
internal sealed class StockStep : IDisposable
{
    // no column of a user is called so
    private const string Prefix = "MLGenerative.";

    private static readonly string[] PredictorColumns = ["Score", "PredictedLabel"];

    private readonly FittedModel _model;
    private readonly MLContext _ml = new();   // not the user's: nothing is to be computed on a GPU
    private readonly List<ITransformer> _steps = [];
    private readonly List<string> _held = [];
    private readonly string[] _others;
    private IDataView _view;

    private StockStep(FittedModel model)
    {
        _model = model;
        _others = [.. PredictorColumns.Where(name => model.TrainingColumns.Contains(name) && model.Outputs.All(output => output.Name != name))];
        // steps that copy are fitted to any type
        var others = _others.Except(model.InputColumns).Select(name => new ConstantSampleColumn<float>(name, NumberDataViewType.Single, 0));
        _view = new SampleDataView(new Numbers(model.InputWidth), [.. model.Encoding.SampleColumns(), .. others], 0);
    }

    /// <summary>Writes the steps where the model was to be written. Whatever can go wrong with the model does so before the first byte.</summary>
    /// <exception cref="NotSupportedException">There are no such steps; the message says why.</exception>
    public static void Save(FittedModel model, ModelSaveContext ctx)
    {
        byte[] graph = OnnxExport.ExportColumns(model);
        // ML.NET would copy a stream into a file that it leaves behind, and reads the file again when it saves
        var folder = Directory.CreateTempSubdirectory("mlgenerative-");   // which nobody else may read
        try
        {
            string path = Path.Combine(folder.FullName, "model.onnx");
            File.WriteAllBytes(path, graph);
            using var steps = new StockStep(model);
            steps.Build(path);
            ((ICanSaveModel)new TransformerChain<ITransformer>([.. steps._steps])).Save(ctx);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Name of an input of the graph: that of the column, or of its ticks, where it holds dates or spans of time, which a graph cannot have.</summary>
    public static string GraphInput(FeatureColumn column) => column.Type is DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType ? $"{Prefix}Ticks.{column.Name}" : column.Name;

    /// <summary>Name of an output of the graph: that of the column if it can be the column, which it can't if it is a scalar, or if the graph reads that column.</summary>
    public static string GraphOutput(FittedModel model, string column) =>
        model.InputColumns.Contains(column) || model.Outputs.Any(output => output.Name == column && output.Type is not VectorDataViewType) ? VectorOf(column) : column;

    /// <summary>Name of a column as a vector: of the label, one-hot, and of the scalars that the graph gives.</summary>
    public static string VectorOf(string column) => Prefix + "Vector." + column;

    public void Dispose()
    {
        foreach (var step in _steps.OfType<IDisposable>()) step.Dispose();
    }

    private void Build(string graph)
    {
        var options = _model.Options;
        var outputs = _model.Outputs.Select(output => output.Name).ToHashSet();
        foreach (string name in _others) Hold(name, name);
        if (_model.Encoding.Label is not null) AddLabel();
        foreach (var column in _model.Encoding.Columns.Where(column => GraphInput(column) != column.Name))
            Add(_ml.Transforms.Conversion.ConvertType(GraphInput(column), column.Name, DataKind.Int64));
        Add(_ml.Transforms.ApplyOnnxModel(graph));
        if (_model.Network is ILogDensity)
        {
            AddPredictor(options.LogDensityColumnName, 0);
            Hold(options.LogDensityColumnName, "Score");
        }
        if (_model.Network is IScorer)
        {
            AddPredictor(options.ScoreColumnName, _model.Threshold);
            string[] names = [options.ScoreColumnName, options.PredictedLabelColumnName];
            if (!names.SequenceEqual(PredictorColumns))
                for (int i = 0; i < names.Length; i++) Hold(names[i], PredictorColumns[i]);
        }

        foreach (string name in _held) Copy(name, Prefix + name);
        foreach (var output in _model.Outputs.Where(output => output.Type is VectorDataViewType && _model.InputColumns.Contains(output.Name)))
            Copy(output.Name, VectorOf(output.Name));
        string[] left = [.. _view.Schema.Select(column => column.Name).Distinct().Where(IsLeftOver)];
        if (left.Length > 0) Add(_ml.Transforms.DropColumns(left));

        bool IsLeftOver(string name) => name.StartsWith(Prefix, StringComparison.Ordinal)
            || PredictorColumns.Contains(name) && !outputs.Contains(name) && !_held.Contains(name);
    }

    // a label that the model does not know has no key, and as a vector zeros only
    private void AddLabel()
    {
        var label = _model.Encoding.Label!;
        var values = new SampleDataView(new Numbers(1), [label.ToSampleColumn(0)], label.Count);
        Add(_ml.Transforms.Conversion.MapValueToKey(Prefix + label.Name, label.Name, keyData: values));
        Add(_ml.Transforms.Conversion.MapKeyToVector(VectorOf(label.Name), Prefix + label.Name));
    }

    private void AddPredictor(string column, float threshold)
    {
        var vector = _view.Schema[VectorOf(column)];
        var schema = SchemaDefinition.Create(typeof(Example));
        var value = schema[nameof(Example.Value)];
        (value.ColumnName, value.ColumnType) = (vector.Name, vector.Type);
        // The perceptron starts with zeros. The first row adds 0.5 to the weight and 1 to the bias; the second, whose margin of 0.75 is less than 1, adds 0.5 and -1.
        Example[] rows = [new() { Value = [0.5f], IsPositive = true }, new() { Value = [-0.5f], IsPositive = false }];
        var identity = _ml.BinaryClassification.Trainers.AveragedPerceptron(new AveragedPerceptronTrainer.Options
        {
            FeatureColumnName = vector.Name, LabelColumnName = nameof(Example.IsPositive), NumberOfIterations = 1, Averaged = false, Shuffle = false,
        }).Fit(_ml.Data.LoadFromEnumerable(rows, schema));
        if (identity.Model.Weights[0] != 1 || identity.Model.Bias != 0)
            throw new NotSupportedException("This version of ML.NET has no step that makes a scalar of what the model gives. Use mlContext.Generative.Save.");
        Add(_ml.BinaryClassification.ChangeModelThreshold(identity, threshold));
    }

    // keeps what a column holds now until the predictors are done with their names
    private void Hold(string name, string source)
    {
        Copy(Prefix + name, source);
        _held.Add(name);
    }

    private void Copy(string name, string source) => Add(_ml.Transforms.CopyColumns(name, source));

    private void Add(IEstimator<ITransformer> step) => Add(step.Fit(_view));

    private void Add(ITransformer step)
    {
        _steps.Add(step);
        _view = step.Transform(_view);
    }

    private sealed class Example
    {
        public float[] Value { get; set; } = [];

        public bool IsPositive { get; set; }
    }

    /// <summary>Rows that hold their own number.</summary>
    private sealed class Numbers(int width) : ISampleSource
    {
        public int Width => width;

        public void Generate(long batch, int rows, float[] destination)
        {
            for (int i = 0; i < rows; i++) destination.AsSpan(i * width, width).Fill(batch * ((ISampleSource)this).BatchRows + i);
        }
    }
}
