using System.Text.Json.Serialization;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Training;

namespace Microsoft.ML.Generative;

/// <summary>What every generative model lets you choose. Options are checked as a whole when the estimator is made and never changed by it.</summary>
public abstract record GenerativeOptions
{
    private protected GenerativeOptions()
    {
    }

    /// <summary>Column of features: <c>Vector&lt;Single&gt;</c> of known size. Ignored if <see cref="InputColumnNames"/> is given. Default: <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>Columns of a table, as they are: texts, keys, Booleans, numbers, dates, and <c>Vector&lt;Single&gt;</c> of known size, with or without missing values. They take
    /// the place of the column of features, for models that can learn them; others refuse it. Default: null, the column of features alone.</summary>
    public IReadOnlyList<string>? InputColumnNames { get; init; }

    /// <summary>Column of the label that the model is conditioned on: a key, Boolean, text or number with few values. Default: null, no condition.</summary>
    public string? LabelColumnName { get; init; }

    /// <summary>Column of numbers that the model is conditioned on: <c>Vector&lt;Single&gt;</c> of known size. They are given in sampling, never drawn:
    /// <see cref="SampleOptions.Context"/>. Default: null, no context.</summary>
    public string? ContextColumnName { get; init; }

    /// <summary>Name of the column <c>Score</c> (Single; higher is more abnormal).</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>Name of the column <c>PredictedLabel</c> (Boolean; true if the score is above the threshold that <see cref="Contamination"/> sets).</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>Name of the column <c>LogDensity</c> (Single, nats), for models that have one.</summary>
    public string LogDensityColumnName { get; init; } = "LogDensity";

    /// <summary>Name of the column <c>Reconstruction</c> (Vector&lt;Single&gt; in the units of the features), for models that have one.</summary>
    public string ReconstructionColumnName { get; init; } = "Reconstruction";

    /// <summary>Name of the column <c>Latent</c> (Vector&lt;Single&gt;), for models that have one.</summary>
    public string LatentColumnName { get; init; } = "Latent";

    /// <summary>Name of the column <c>ColumnScores</c> (Vector&lt;Single&gt;, slots named after the columns: what each adds to the score), for models that have one.</summary>
    public string ColumnScoresColumnName { get; init; } = "ColumnScores";

    /// <summary>Share of the training rows that is taken to be abnormal: it sets the threshold of <c>PredictedLabel</c>. From 0 up to 0.5. Default: 0.1.</summary>
    public double Contamination { get; init; } = 0.1;

    /// <summary>Seed of everything random in the fit. Default: null, drawn from the <see cref="MLContext"/> (whose own seed makes it reproducible).</summary>
    public int? Seed { get; init; }

    /// <summary>How the model is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Names of the columns that the model may add.</summary>
    [JsonIgnore]
    internal IEnumerable<string> OutputColumnNames =>
        [ScoreColumnName, PredictedLabelColumnName, LogDensityColumnName, ReconstructionColumnName, LatentColumnName, ColumnScoresColumnName];

    /// <summary>Throws one exception that names every option out of range.</summary>
    internal void Validate()
    {
        var faults = new OptionFaults();
        faults.Require(!string.IsNullOrEmpty(FeatureColumnName), FeatureColumnName, "the name of a column");
        if (InputColumnNames is not null) ValidateInputColumns(faults, InputColumnNames);
        faults.Require(LabelColumnName != "", LabelColumnName, "the name of a column, or null");
        faults.Require(LabelColumnName is null || !LearntColumnNames.Contains(LabelColumnName), LabelColumnName, "another column than the features");
        faults.Require(ContextColumnName != "", ContextColumnName, "the name of a column, or null");
        faults.Require(ContextColumnName is null || (!LearntColumnNames.Contains(ContextColumnName) && ContextColumnName != LabelColumnName), ContextColumnName, "another column than the features and the label");
        faults.Require(OutputColumnNames.All(n => !string.IsNullOrEmpty(n)), string.Join(", ", OutputColumnNames), "names for all output columns");
        faults.Require(OutputColumnNames.Distinct().Count() == OutputColumnNames.Count(), string.Join(", ", OutputColumnNames), "different names for the output columns");
        faults.Require(Contamination is >= 0 and <= 0.5, Contamination, "from 0 to 0.5");
        faults.RequireValid(Training, options => options.Validate(faults));
        ValidateModel(faults);
        faults.ThrowIfAny(GetType().Name);
    }

    private void ValidateInputColumns(OptionFaults faults, IReadOnlyList<string> names)
    {
        string given = $"[{string.Join(", ", names)}]";
        faults.Require(TakesTokens, given, $"null for a model of kind '{ModelName}', which learns a column of features: name it with {nameof(FeatureColumnName)}", nameof(InputColumnNames));
        faults.Require(names.Count > 0 && names.All(name => !string.IsNullOrEmpty(name)), given, "the names of one or more columns", nameof(InputColumnNames));
        faults.Require(names.Distinct().Count() == names.Count, given, "different names", nameof(InputColumnNames));
        TableEncoding.Validate(faults);
    }

    private protected abstract void ValidateModel(OptionFaults faults);

    /// <summary>Names of the columns that the model learns: those of <see cref="InputColumnNames"/>, or the column of features.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> LearntColumnNames => InputColumnNames ?? (LearnsAllColumns ? [] : [FeatureColumnName]);

    /// <summary>Whether the model learns all columns that there are and that it can learn, but for the label and the context.</summary>
    [JsonIgnore]
    internal virtual bool LearnsAllColumns => false;

    /// <summary>Whether the model learns columns as they are rather than one of features.</summary>
    [JsonIgnore]
    internal bool LearnsTable => InputColumnNames is not null || LearnsAllColumns;

    /// <summary>Whether the network takes the tokens of a table.</summary>
    [JsonIgnore]
    internal virtual bool TakesTokens => false;

    /// <summary>How the columns of a table become tokens.</summary>
    [JsonIgnore]
    internal virtual TableEncodingOptions TableEncoding => new();

    /// <summary>Name of the model in the catalog, in files and in the log: "vae".</summary>
    [JsonIgnore]
    internal abstract string ModelName { get; }

    /// <summary>Type of the network that <see cref="CreateNetwork"/> makes: its interfaces say what the model can do.</summary>
    [JsonIgnore]
    internal abstract Type NetworkType { get; }

    /// <summary>Whether features that are not binary are taken as numbers from 0 to 1 rather than as real ones.</summary>
    [JsonIgnore]
    internal abstract bool TakesProportions { get; }

    /// <summary>The image that the column of features is; null if it is none.</summary>
    [JsonIgnore]
    internal virtual ImageShape? ImageOfFeatures => null;

    /// <summary>Whether the network uses the correlation of the features.</summary>
    [JsonIgnore]
    internal abstract bool UsesCorrelation { get; }

    /// <summary>The training options that the user leaves open.</summary>
    internal abstract TrainingDefaults DefaultTraining(NetworkInput input);

    internal abstract GenerativeNetwork CreateNetwork(NetworkInput input, Initializer initializer);
}
