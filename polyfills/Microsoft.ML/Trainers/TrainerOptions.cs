using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>The columns that a trainer reads.</summary>
public abstract class TrainerInputBase
{
    /// <summary>The column of features.</summary>
    public string FeatureColumnName = "Features";

    private protected TrainerInputBase()
    {
    }
}

/// <summary>The columns that a supervised trainer reads.</summary>
public abstract class TrainerInputBaseWithLabel : TrainerInputBase
{
    /// <summary>The column of labels.</summary>
    public string LabelColumnName = "Label";

    private protected TrainerInputBaseWithLabel()
    {
    }
}

/// <summary>The columns that a supervised trainer reads.</summary>
public abstract class TrainerInputBaseWithWeight : TrainerInputBaseWithLabel
{
    /// <summary>The column of row weights; null means that all rows weigh one.</summary>
    public string ExampleWeightColumnName;

    private protected TrainerInputBaseWithWeight()
    {
    }
}

/// <summary>What trainers ask of their columns.</summary>
internal static class TrainerColumns
{
    public static SchemaShape.Column Features(string name) => new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);

    public static SchemaShape.Column BooleanLabel(string name) => new(name, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false);

    public static SchemaShape.Column KeyLabel(string name) => new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true);

    public static SchemaShape.Column Weight(string name) =>
        name == null ? default : new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false);

    /// <summary>The columns that a scorer of two classes adds.</summary>
    public static SchemaShape.Column[] BinaryOutputs(bool calibrated)
    {
        SchemaShape.Column score = new("Score", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, new SchemaShape(ScoreAnnotations.Shapes()));
        SchemaShape.Column predicted = new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false, new SchemaShape(ScoreAnnotations.Shapes()));
        SchemaShape.Column probability = new("Probability", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, new SchemaShape(ScoreAnnotations.Shapes(isNormalized: true)));
        return calibrated ? [score, probability, predicted] : [score, predicted];
    }
}
