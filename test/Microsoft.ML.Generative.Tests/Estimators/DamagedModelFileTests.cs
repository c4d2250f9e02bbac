using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Tests.Persistence;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Estimators;

/// <summary>A file that is not as a model was saved is refused, with the reason, before anything is made of it.</summary>
public sealed class DamagedModelFileTests
{
    public static TheoryData<string> Names => Models.Names;

    private static readonly MLContext Ml = new(1);

    // of each model, with a label of two texts, saved once
    private static readonly Lazy<Dictionary<string, byte[]>> Files = new(() =>
    {
        var rows = Rows.Make(60);
        foreach (var row in rows) row.Name = row.Label ? "rare" : "common";
        var files = new Dictionary<string, byte[]>();
        foreach (string name in Models.Names)
        {
            using var model = Models.Create(Ml, name, nameof(Row.Name), new TrainingOptions { Steps = 3 }).Fit(Ml.Data.LoadFromEnumerable(rows));
            files.Add(name, ModelZip.Of(Ml, model));
        }
        return files;
    });

    private static byte[] Vae => Files.Value["vae"];

    [Theory]
    [MemberData(nameof(Names))]
    public void FilesCutShortAreRefused(string name)
    {
        byte[] file = Files.Value[name];
        for (int length = 0; length < file.Length; length += 1 + file.Length / 40)
            Assert.StartsWith("the stream is no model file, or a damaged one: ", Refused(file[..length]), StringComparison.Ordinal);
    }

    [Fact]
    public void OtherFilesAreRefused()
    {
        using var folder = new TemporaryFolder();
        string Load(string path) => Assert.Throws<InvalidDataException>(() => Ml.Generative.Load(path)).Message;

        File.WriteAllText(folder["rows.csv"], "age,job,income\n41,clerk,3000\n");
        Assert.StartsWith($"'{folder["rows.csv"]}' is no model file, or a damaged one: ", Load(folder["rows.csv"]), StringComparison.Ordinal);

        var view = Rows.View(Ml, 5);
        Ml.Model.Save(Ml.Transforms.CopyColumns("Copy", "Label").Fit(view), view.Schema, folder["stock.zip"]);
        Assert.Equal($"'{folder["stock.zip"]}' is no model file: it has no entry 'model.json'.", Load(folder["stock.zip"]));

        File.WriteAllBytes(folder["foreign.zip"], Zip("model.json", """{"model": "vae"}"""));
        Assert.Equal($"The model.json of '{folder["foreign.zip"]}' cannot be read: it does not say \"format\": \"mlgenerative-model\".", Load(folder["foreign.zip"]));

        Assert.Throws<FileNotFoundException>(() => Ml.Generative.Load(folder["nothing"]));
        Assert.Throws<ArgumentException>(() => Ml.Generative.Load(""));
        Assert.Throws<ArgumentNullException>(() => Ml.Generative.Load((Stream)null!));
        Assert.Throws<ArgumentNullException>(() => Ml.Generative.Save(null!, "model.zip"));
    }

    [Theory]
    [InlineData("formatVersion", "2", "The model.json of the stream cannot be read: it has format version 2, written by Microsoft.ML.Generative *; this library, *, reads version 1.")]
    [InlineData("model", "\"System.String\"", "it holds a model of kind 'System.String'; this library reads autoencoder, *")]
    [InlineData("model", "\"autoencoder\"", "its options cannot be used: The JSON property 'Image' could not be mapped *")]
    [InlineData("trainingDataFingerprint", "\"rows=10\"", "its trainingDataFingerprint is 'rows=10' instead of 16 hexadecimal digits.")]
    [InlineData("options.Beta", "-1", "its options cannot be used: VaeOptions: Beta is -1; it must be 0 or more.")]
    [InlineData("options.Beta", "\"many\"", "its options cannot be used: The JSON value could not be converted to System.Double. Path: $.Beta.")]
    [InlineData("options.Training.Optimizer", "\"Lion\"", "its options cannot be used: The JSON value could not be converted to *Optimizer*. Path: $.Training.Optimizer.")]
    [InlineData("options.Training", "null", "its options cannot be used: *Training*")]
    [InlineData("options.FeatureColumnName", "\"Inputs\"", "its columns are 'Features', 'Name', and its options name 'Inputs', 'Name'.")]
    [InlineData("options.LabelColumnName", "null", "its columns are 'Features', 'Name', and its options name 'Features'.")]
    [InlineData("options.LatentSize", "3", "Tensor 'posterior.weight' of the stream has the shape (4, 64); the model that it describes needs (6, 64).")]
    [InlineData("options.LatentSize", "1", "Tensor 'posterior.weight' of the stream has the shape (4, 64); the model that it describes needs (2, 64).")]
    [InlineData("options.LatentSize", "65536", "the network that it describes is far larger than its weights.")]
    [InlineData("options.HiddenSizes", "[65536, 65536, 65536]", "the network that it describes is far larger than its weights.")]
    [InlineData("options.HiddenSizes", "[]", "Tensor 'posterior.weight' of the stream has the shape *; the model that it describes needs (4, 6).")]
    [InlineData("options.ImportanceSamples", "10000", "Tensor 'noise' of the stream has the shape (16, 2); the model that it describes needs (10000, 2).")]
    [InlineData("options.Image", "{\"Height\": 1, \"Width\": 4}", "its options cannot be used: VaeOptions: Image.Height is 1; it must be from 2 to 4096.")]
    [InlineData("options.Image", "{\"Height\": 3, \"Width\": 2}", "The model of the stream cannot be used: Column 'Features' is Vector<Single> of 4; Image is 3 × 2 × 1, which takes 6.*")]
    [InlineData("options.Image", "{\"Height\": 4096, \"Width\": 4096, \"Channels\": 1024}", "The model of the stream cannot be used: Column 'Features' is Vector<Single> of 4; Image is 4096 × 4096 × 1024, which takes 17179869184.*")]
    [InlineData("options.Image", "{\"Height\": 2, \"Width\": 2}", "Tensor 'encoder.0.weight' of the stream has the shape *")]
    [InlineData("options.HalfWhitening", "false", "it has a tensor 'transform.unwhiten', which the network that it describes has not.")]
    [InlineData("input.Columns", "[]", "it names no column of features.")]
    [InlineData("input.Columns", "[null]", "it names no column of features.")]
    [InlineData("input.Columns.0.Kind", "\"image\"", "column 'Features' is of kind 'image'; there are 'vector' and 'table'.")]
    [InlineData("input.Columns.0.Name", "\"\"", "a column has no name.")]
    [InlineData("input.Columns.0.Name", "\"Name\"", "column 'Name' is there twice.")]
    [InlineData("input.Columns.0.Width", "0", "column 'Features' has 0 slots.")]
    [InlineData("input.Columns.0.Width", "5", "its columns have 5 features, of which there are 4 means and 4 scales.")]
    [InlineData("input.Columns.0.Width", "2147483647", "its columns have 2147483647 features, of which there are 4 means and 4 scales.")]
    [InlineData("input.Columns.0.SlotNames", "[\"a\", \"b\", null, \"d\"]", "column 'Features' has 3 names for 4 slots.")]
    [InlineData("input.Label", "null", "its columns are 'Features', and its options name 'Features', 'Name'.")]
    [InlineData("input.Label.Type", "\"System.IO.File\"", "there is no type 'System.IO.File'; there are Text, Boolean, Single, *, UInt64.")]
    [InlineData("input.Label.Type", "\"Int32\"", "label column 'Name' has the value 'rare', which is no Int32.")]
    [InlineData("input.Label.KeyCount", "2", "label column 'Name' has keys of type Text; Byte, UInt16, UInt32 and UInt64 can be keys.")]
    [InlineData("input.Label.Values", "[\"rare\"]", "label column 'Name' has 1 values instead of 2 or more.")]
    [InlineData("input.Label.Values", "[\"rare\", \"rare\"]", "label column 'Name' has the value 'rare' twice.")]
    [InlineData("input.Label.Values", "[\"rare\", null]", "label column 'Name' has the value '', which is no Text.")]
    [InlineData("input.Label.Values", "[\"a\", \"b\", \"c\"]", "it has 2 shares for 3 labels.")]
    [InlineData("input.Label.KeyValues", "{\"Type\": \"Text\", \"Values\": []}", "label column 'Name' has values for keys but is no key column.")]
    [InlineData("input.Spans", "[]", "its spans hold 0 of 4 features.")]
    [InlineData("input.Spans", "[null]", "its spans go beyond its 4 features.")]
    [InlineData("input.Spans.0.Start", "1", "a span of column 'Features' starts at 1 and has 4 features; one of column 'Features' from 0 to 4 at most was expected.")]
    [InlineData("input.Spans.0.Width", "3", "its spans hold 3 of 4 features.")]
    [InlineData("input.Spans.0.Width", "5", "a span of column 'Features' starts at 0 and has 5 features; one of column 'Features' from 0 to 4 at most was expected.")]
    [InlineData("input.Spans.0.Column", "\"Name\"", "a span of column 'Name' starts at 0 and has 4 features; one of column 'Features' from 0 to 4 at most was expected.")]
    [InlineData("input.Spans.0.Kind", "\"Token\"", "a span of column 'Features' is Token, which a vector cannot be.")]
    [InlineData("input.Spans.0.Kind", "17", "a span of column 'Features' is 17, which a vector cannot be.")]
    [InlineData("input.Mean", "[1, 2, 3]", "its columns have 4 features, of which there are 3 means and 4 scales.")]
    [InlineData("input.Mean.1", "\"NaN\"", "the mean of slot 1 of column 'Features' is NaN.")]
    [InlineData("input.Mean.1", "17", "its weights standardise the features by other means and scales than it says.")]
    [InlineData("input.Scale.3", "0", "the scale of slot 3 of column 'Features' is 0; it must be above 0.")]
    [InlineData("input.Scale.3", "1e39", "the scale of slot 3 of column 'Features' is Infinity; it must be above 0.")]
    [InlineData("input.Rows", "1", "it has learnt from 1 rows.")]
    [InlineData("input.Rows", "null", "its input cannot be read: *Rows*")]
    [InlineData("fit.Threshold", "\"NaN\"", "its threshold is not a number.")]
    [InlineData("fit.LabelShares", "[0.5]", "it has 1 shares for 2 labels.")]
    [InlineData("fit.LabelShares", "[0.5, 0.6]", "the shares of its labels are not from 0 to 1, or do not add up to 1.")]
    [InlineData("fit.LabelShares", "[-0.5, 1.5]", "the shares of its labels are not from 0 to 1, or do not add up to 1.")]
    [InlineData("fit.Report.Steps", "-1", "its training report has a number below 0 or an end that there is not.")]
    [InlineData("fit.Report", "null", "its fit cannot be read: *Report*")]
    [InlineData("fit.Report.Extra", "1", "its fit cannot be read: The JSON property 'Extra' could not be mapped *")]
    public void WhatCannotBeIsNamed(string path, string value, string message)
    {
        var document = ModelZip.Document(Vae);
        Set(document, path, JsonNode.Parse(value));
        string refused = Refused(ModelZip.With(Vae, document.ToJsonString()));
        if (!char.IsUpper(message[0])) message = "The model of the stream cannot be used: " + message;
        Assert.Matches("^" + Regex.Escape(message).Replace("\\*", ".*", StringComparison.Ordinal) + "$", refused);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WeightsThatDoNotFitAreNamed(string name)
    {
        byte[] file = Files.Value[name];
        string Changed(Action<Dictionary<string, Tensor>> edit) => Refused(ModelZip.With(file, edit));

        string bias = "";
        long length = 0;
        ModelZip.With(file, tensors => (bias, length) = tensors.Where(t => t.Key.EndsWith(".bias", StringComparison.Ordinal)).Select(t => (t.Key, t.Value.numel())).Last());
        Assert.Equal($"the stream has no tensor '{bias}'; the model that it describes needs one of shape ({length}).", Changed(tensors => tensors.Remove(bias)));
        Assert.Equal($"Tensor '{bias}' of the stream has the shape ({length + 1}); the model that it describes needs ({length}).", Changed(tensors => tensors[bias] = zeros(length + 1)));
        Assert.Equal($"Tensor '{bias}' of the stream is of type Float64; the model that it describes needs Float32.", Changed(tensors => tensors[bias] = zeros(length, float64)));
        Assert.Equal($"The model of the stream cannot be used: tensor '{bias}' holds numbers that are not finite.", Changed(tensors => tensors[bias][length - 1] = float.NaN));
        Assert.Equal("The model of the stream cannot be used: it has a tensor 'extra', which the network that it describes has not.", Changed(tensors => tensors["extra"] = zeros(1)));
        if (Models.IsOfTables(name)) return;   // tokens are not standardised
        Assert.Equal("The model of the stream cannot be used: tensor 'transform.mean' holds numbers that are not finite.", Changed(tensors => tensors["transform.mean"][1] = float.PositiveInfinity));
        Assert.Equal("The model of the stream cannot be used: its weights standardise the features by other means and scales than it says.",
                     Changed(tensors => tensors["transform.scale"] = ones(4)));
    }

    [Theory]
    [InlineData("options.HiddenSize", "0", "its options cannot be used: TableOptions: HiddenSize is 0; it must be from 1 to 65536.")]
    [InlineData("options.HiddenSize", "65536", "the network that it describes is far larger than its weights.")]
    [InlineData("options.HiddenSize", "128", "Tensor 'input.embedding' of the stream has the shape (*, 256); the model that it describes needs (*, 128).")]
    [InlineData("options.ColumnHiddenSize", "33", "Tensor 'column.weight' of the stream has the shape (4, 256, 32); the model that it describes needs (4, 256, 33).")]
    [InlineData("options.InputColumnNames", "null", "its columns are 'Features', 'Name', and its options name 'Name'.")]
    [InlineData("options.InputColumnNames", "[\"Other\"]", "its columns are 'Features', 'Name', and its options name 'Other', 'Name'.")]
    [InlineData("input.Columns.0.Width", "5", "column 'Features' has a width of 5; its tokens need 8.")]
    [InlineData("input.Columns.0.Tokens.Codes.0.Missing", "3", "a span of column 'Features' is Token of * categories; Token of * categories was expected.")]
    [InlineData("input.Columns.0.Tokens.Codes.0.Numbers.Rows.0", "-1", "slot 0 of column 'Features' has a cell with -1 rows.")]
    [InlineData("input.Spans.1.Kind", "\"Continuous\"", "a span of column 'Features' is Continuous; Position was expected.")]
    public void WhatATableCannotBeIsNamed(string path, string value, string message)
    {
        var document = ModelZip.Document(Files.Value["table"]);
        Set(document, path, JsonNode.Parse(value));
        string refused = Refused(ModelZip.With(Files.Value["table"], document.ToJsonString()));
        if (!char.IsUpper(message[0])) message = "The model of the stream cannot be used: " + message;
        Assert.Matches("^" + Regex.Escape(message).Replace("\\*", ".*", StringComparison.Ordinal) + "$", refused);
    }

    [Fact]
    public void ColumnsOfTheOtherKindAreNamed()
    {
        byte[] table = Files.Value["table"];
        string With(byte[] file, byte[] columns)
        {
            var (document, other) = (ModelZip.Document(file), ModelZip.Document(columns));
            foreach (string part in new[] { "Columns", "Spans", "Mean", "Scale" }) document["input"]![part] = other["input"]![part]!.DeepClone();
            return Refused(ModelZip.With(file, document.ToJsonString()));
        }
        Assert.Equal("The model of the stream cannot be used: column 'Features' is one of a table, which its options do not name so.", With(Vae, table));
        Assert.Equal("The model of the stream cannot be used: column 'Features' is no column of a table, which its options do not name so.", With(table, Vae));
    }

    // more tokens than the weights are for
    [Fact]
    public void TokensThatTheWeightsAreNotForAreNamed()
    {
        var document = ModelZip.Document(Files.Value["table"]);
        Set(document, "input.Columns.0.Tokens.Codes.0.Missing", 3);
        var spans = document["input"]!["Spans"]!;
        spans[0]!["Categories"] = (int)spans[0]!["Categories"]! + 1;
        Assert.Matches(@"^Tensor 'input.embedding' of the stream has the shape \(\d+, 256\); the model that it describes needs \(\d+, 256\).$",
                       Refused(ModelZip.With(Files.Value["table"], document.ToJsonString())));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OneDocumentInAThousandWaysIsReadOrRefused(string name)
    {
        string[] values = ["null", "-1", "0", "1", "2", "0.5", "3000000000", "1e300", "-1e300", "true", "\"\"", "\"x\"", "\"NaN\"", "\"Infinity\"", "[]", "{}", "[null]", "[[1]]", "[{}]", "\"no Unicode\""];
        byte[] file = Files.Value[name];
        var original = ModelZip.Document(file);
        var paths = Paths(original, "").ToList();
        var random = new Random(5);
        long tensors = LiveTensors.Count;
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            var document = original.DeepClone();
            for (int edits = random.Next(1, 3); edits > 0; edits--)
            {
                Set(document, paths[random.Next(paths.Count)], JsonNode.Parse(values[random.Next(values.Length)]));
            }
            try
            {
                using var model = ModelZip.Load(Ml, ModelZip.With(file, document.ToJsonString().Replace("no Unicode", "\\ud800", StringComparison.Ordinal)));
                if (model.Model.Network is ISampler) Assert.Equal(5, model.Sample(5).Preview(10).RowView.Length);   // what is read works
            }
            catch (InvalidDataException)
            {
                refused++;
            }
            Assert.Equal(tensors, LiveTensors.Count);
        }
        Assert.InRange(refused, 500, 999);   // some change nothing that matters
    }

    private static string Refused(byte[] file)
    {
        long tensors = LiveTensors.Count;
        string message = Assert.Throws<InvalidDataException>(() => ModelZip.Load(Ml, file)).Message;
        Assert.Equal(tensors, LiveTensors.Count);
        return message;
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => Paths(m.Value, $"{path}.{m.Key}")).Append(path),
        JsonArray items => items.SelectMany((item, i) => Paths(item, $"{path}.{i}")).Append(path),
        _ => [path],
    } is var all ? all.Where(p => p.Length > 0).Select(p => p.TrimStart('.')) : [];

    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (string step in path.Split('.'))
            node = node is JsonArray items ? int.TryParse(step, out int i) && i < items.Count ? items[i] : null : node is JsonObject members ? members[step] : null;
        return node;
    }

    // nothing where an earlier edit has taken the place away
    private static void Set(JsonNode document, string path, JsonNode? value)
    {
        int last = path.LastIndexOf('.');
        var parent = last < 0 ? document : Find(document, path[..last]);
        string step = path[(last + 1)..];
        if (parent is JsonArray items && int.TryParse(step, out int i) && i < items.Count) items[i] = value;
        else if (parent is JsonObject members) members[step] = value;
    }

    private static byte[] Zip(string name, string content)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = new StreamWriter(zip.CreateEntry(name).Open())) entry.Write(content);
        return stream.ToArray();
    }
}
