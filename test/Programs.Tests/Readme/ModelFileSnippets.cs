using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Generative;

namespace MLGenerative.Programs.Tests.Readme;

/// <summary>The code of docs/model-file.md. What stands in a region named after a snippet stands there word for word; files are made in the current folder.</summary>
internal static class ModelFileSnippets
{
    public static (float[] Scores, long Drawn) SaveAndLoad(MLContext ml, string[] columns, IDataView rows, IDataView features)
    {
        #region snippet
        var chain = ml.Transforms.Concatenate("Features", columns).Append(ml.Generative.TrainVae()).Fit(rows);
        ml.Generative.Save(chain.LastTransformer, "vae.zip");

        using GenerativeTransformer model = ml.Generative.Load("vae.zip");
        IDataView scored = model.Transform(features);
        IDataView synthetic = model.Sample(10_000, seed: 1);
        #endregion
        return ([.. scored.GetColumn<float>("Score")], synthetic.GetColumn<float[]>("Features").LongCount());
    }

    public static void ContinueTraining(MLContext ml, IDataView fewRows)
    {
        #region snippet
        using GenerativeTransformer general = ml.Generative.Load("vae.zip");
        using GenerativeTransformer special = ml.Generative.ContinueTraining(general, new TransferOptions
        {
            Freeze = ["encoder", "posterior"],                  // these weights stay, bit by bit
            Training = new TrainingOptions { Steps = 300, LearningRate = 5e-4 },
        }).Fit(fewRows);
        ml.Generative.Save(special, "special.zip");
        #endregion
    }
}
