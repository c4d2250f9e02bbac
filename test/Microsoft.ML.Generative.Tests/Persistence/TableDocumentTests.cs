using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Persistence;
using Microsoft.ML.Generative.Tests.Encoding;

namespace Microsoft.ML.Generative.Tests.Persistence;

/// <summary>Columns of a table in a model file: the same after it, nothing of a single row in it, and no other file taken for one.</summary>
public sealed class TableDocumentTests
{
    private sealed class Person
    {
        public string Name { get; set; } = "";

        public string Job { get; set; } = "";

        public string City { get; set; } = "";

        public bool Married { get; set; }

        public int Age { get; set; }

        public ulong Number { get; set; }

        public double Height { get; set; }

        public float Weight { get; set; }

        public double Income { get; set; }

        public DateTime Born { get; set; }

        [VectorType(3)]
        public float[] Scores { get; set; } = [];
    }

    private static readonly string[] Names = ["Name", "Job", "City", "Married", "Age", "Number", "Height", "Weight", "Income", "Born", "Scores"];

    private static readonly IDataView People = Make();

    private static readonly Lazy<RowEncoding> Encoding = new(() => new RowEncoding(TableColumn.Learn(People, Names, new TableEncodingOptions { MostCategories = 3 }), null));

    private static IDataView Make()
    {
        var random = new Random(1);
        var people = Coding.Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1500).Select(i => new Person
        {
            Name = $"Q{i:x}",
            Job = random.Next(20) is 0 and var none ? "" : $"job {random.Next(2 + random.Next(6))}",
            City = i < 3 ? $"hamlet {i}" : $"city {i % 3}",
            Married = i % 3 == 0,
            Age = 17 + random.Next(60),
            Number = 70_000 + (ulong)i,
            Height = Math.Round(170 + 10 * Rows.Normal(random), 1),
            Weight = random.Next(9) == 0 ? float.NaN : (float)(70 + 9.3 * Rows.Normal(random)),
            Income = random.Next(3) == 0 ? 0 : Math.Exp(8 + Rows.Normal(random)),
            Born = new DateTime(1950, 1, 1).AddDays(random.Next(20_000)),
            Scores = [random.Next(4), random.NextSingle(), float.NaN],
        }).ToList());
        return Coding.Ml.Transforms.Conversion.MapValueToKey("City").Fit(people).Transform(people);
    }

    private static string Written() => ModelJson.ToElement(InputDocument.Of(Encoding.Value, Input(Encoding.Value))).GetRawText();

    private static NetworkInput Input(RowEncoding encoding)
    {
        var statistics = new FeatureStatistics(encoding.Features);
        foreach (var row in Encode(encoding)) statistics.Add(row);
        return encoding.Describe(statistics, asProportions: false);
    }

    private static List<float[]> Encode(RowEncoding encoding)
    {
        using var cursor = People.GetRowCursor(encoding.InputColumns.Select(name => People.Schema[name]));
        var encoder = encoding.CreateEncoder(cursor);
        var rows = new List<float[]>();
        while (cursor.MoveNext())
        {
            rows.Add(new float[encoding.Width]);
            encoder.Encode(rows[^1]);
        }
        return rows;
    }

    private static (RowEncoding Encoding, NetworkInput Input) Read(string json)
    {
        var document = ModelJson.Read<InputDocument>(JsonDocument.Parse(json).RootElement);
        var encoding = document.ToEncoding();
        return (encoding, document.ToNetworkInput(encoding));
    }

    [Fact]
    public void ColumnsAreTheSameAfterAFile()
    {
        string json = Written();
        var (again, input) = Read(json);
        var expected = Input(Encoding.Value);
        Assert.Equal(expected.Spans, input.Spans);
        Assert.Equal(Encoding.Value.Columns.Sum(column => column.Width), input.Features);
        Assert.Equal(JsonSerializer.Serialize(expected.TokenColumns), JsonSerializer.Serialize(input.TokenColumns));
        Assert.Equal(Encode(Encoding.Value), Encode(again));
        Assert.Equal(json, ModelJson.ToElement(InputDocument.Of(again, input)).GetRawText());
        foreach (var (before, after) in Encoding.Value.SampleColumns().Zip(again.SampleColumns()))
        {
            Assert.Equal(before.Type, after.Type);
            Assert.Equal(KeyValues.Of(before.Annotations)?.Values, KeyValues.Of(after.Annotations)?.Values);
        }
        Assert.Equal(["hamlet 0", "hamlet 1", "hamlet 2", "city 0", "city 1", "city 2"], KeyValues.Of(again.SampleColumns().ElementAt(2).Annotations)!.Values);
    }

    [Fact]
    public void NoValueOfASingleRowIsInAFile()
    {
        string json = Written();
        Assert.DoesNotContain("Q2a", json, StringComparison.Ordinal);   // an identifier
        var seen = new[] { "Height", "Income" }.SelectMany(name => People.GetColumn<double>(name)).GroupBy(value => value).Where(same => same.Count() == 1);
        var numbers = JsonNode.Parse(json)!["Columns"]!.AsArray().Where(column => (string)column!["Name"]! == "Income")
            .SelectMany(column => new[] { "First", "Last" }.SelectMany(end => column!["Tokens"]!["Codes"]![0]!["Numbers"]![end]!.AsArray())).Select(text => (string)text!).ToHashSet();
        Assert.NotEmpty(numbers);
        Assert.DoesNotContain(seen, value => numbers.Contains(FormattableString.Invariant($"{value.Key}")));
    }

    [Theory]
    [InlineData("Job", "Kind", "\"vector\"", "column 'Job' of kind 'vector' has tokens")]
    [InlineData("Job", "Tokens", "null", "column 'Job' of kind 'table' has no tokens")]
    [InlineData("Job", "Width", "1", "column 'Job' has a width of 1; its tokens need 2")]
    [InlineData("Job", "SlotNames", "[\"a\"]", "column 'Job' has names of slots but is no vector")]
    [InlineData("Job", "Tokens.Type", "\"System.IO.File\"", "column 'Job' is of type 'System.IO.File', which a table can't have")]
    [InlineData("Job", "Tokens.Type", "\"Int32\"", "column 'Job' has 76 rows without a value")]
    [InlineData("Married", "Tokens.Type", "\"Int32\"", "column 'Married' has tokens of a kind that Int32 can't have")]
    [InlineData("Job", "Tokens.KeyCount", "7", "column 'Job' is of type 'Text' with keys, which a table can't have")]
    [InlineData("Job", "Tokens.Codes", "[]", "column 'Job' has the tokens of 0 columns")]
    [InlineData("Job", "Tokens.Codes", "[null]", "column 'Job' has tokens that are null")]
    [InlineData("Job", "Tokens.Codes.0.Missing", "-1", "column 'Job' has -1 rows without a value")]
    [InlineData("Job", "Tokens.Codes.0.Identifiers", "5", "column 'Job' has not one of numbers, categories and identifiers")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Values.1", "\"job 0\"", "column 'Job' has the value 'job 0' twice")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Values.1", "\"\"", "column 'Job' has the value '', which it can't have")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Values.1", "null", "column 'Job' has the value '', which it can't have")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Rows.1", "0", "column 'Job' has 0 rows with the value 'job 1'")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Rows.1", "\"Infinity\"", "column 'Job' has Infinity rows with the value 'job 1'")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Rows", "[1]", "column 'Job' has 3 values, and rows of 1")]
    [InlineData("Job", "Tokens.Codes.0.Categories.PooledRows", "null", "column 'Job' has 4 values to draw for rare ones, of which there are none")]
    [InlineData("Job", "Tokens.Codes.0.Categories.PooledRows", "-2", "column 'Job' has -2 rows with rare values")]
    [InlineData("Job", "Tokens.Codes.0.Categories.Drawn.0", "\"job 0\"", "column 'Job' has a value that is rare and is not")]
    [InlineData("City", "Tokens.KeyCount", "0", "column 'City' has 0 keys of type UInt32; there can be 1 to 4294967295")]
    [InlineData("City", "Tokens.KeyCount", "4", "column 'City' has 6 values for 4 keys")]
    [InlineData("City", "Tokens.Codes.0.Categories.Values.0", "\"7\"", "column 'City' has the value '7', which it can't have")]
    [InlineData("City", "Tokens.Codes.0.Categories.Values.0", "\"0\"", "column 'City' has the value '0', which it can't have")]
    [InlineData("Married", "Tokens.Codes.0.Missing", "3", "column 'Married' has 3 rows without a value")]
    [InlineData("Married", "Tokens.Codes.0.Categories.Values.0", "\"maybe\"", "column 'Married' has the value 'maybe', which it can't have")]
    [InlineData("Married", "Tokens.KeyValues", "{\"Type\": \"Text\", \"Values\": []}", "column 'Married' has values for keys but is no key column")]
    [InlineData("Name", "Tokens.Codes.0.Identifiers", "0", "column 'Name' has 0 rows with identifiers")]
    [InlineData("Age", "Tokens.Type", "\"SByte\"", null)]
    [InlineData("Age", "Tokens.Type", "\"DateTime\"", null)]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Grid", "null", "column 'Age' has tokens of a kind that Int32 can't have")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Grid.Decimals", "2", "column 'Age' has a grid of 2 decimals; there can be 0 to 0")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Grid.Step", "0", "column 'Age' has a grid with steps of 0 from 0 on")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Grid.Offset", "1", "column 'Age' has a grid with steps of 1 from 1 on")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.First.0", "\"-9999999999\"", "column 'Age' has a cell at '-9999999999', which it can't have")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.First.0", "\"old\"", "column 'Age' has a cell at 'old', which it can't have")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.First.0", "null", "column 'Age' has a cell at '', which it can't have")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Last.1", "\"17\"", "column 'Age' has cells that overlap, or are not in order, at 18")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Last.1", "\"19\"", "column 'Age' has cells that overlap, or are not in order, at 19")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Tokens.0", "77", "column 'Age' has cells of tokens that are not there")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Tokens.0", "-1", "column 'Age' has cells of tokens that are not there")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Rows.3", "0", "column 'Age' has a cell with 0 rows")]
    [InlineData("Age", "Tokens.Codes.0.Numbers.Rows", "[]", "column 'Age' has 60 cells with 60 first and 60 last numbers and rows of 0")]
    [InlineData("Weight", "Tokens.Codes.0.Numbers.First.0", "\"NaN\"", "column 'Weight' has a cell at 'NaN', which it can't have")]
    [InlineData("Weight", "Tokens.Codes.0.Numbers.First.0", "\"1e99\"", "column 'Weight' has a cell at '1e99', which it can't have")]
    [InlineData("Height", "Tokens.Codes.0.Numbers.Grid.Decimals", "13", "column 'Height' has a grid of 13 decimals; there can be 0 to 12")]
    [InlineData("Scores", "Tokens.Codes", "[]", "column 'Scores' has 0 slots")]
    [InlineData("Scores", "Tokens.KeyCount", "3", "column 'Scores' is a vector with keys, which a table can't have")]
    [InlineData("Scores", "SlotNames", "[\"a\"]", "column 'Scores' has 1 names for 3 slots")]
    [InlineData("Scores", "Tokens.Codes.2.Missing", "0", "slot 2 of column 'Scores' has tokens of a kind that Single can't have")]
    public void FilesThatSayWhatCannotBeAreRefused(string column, string path, string value, string? reason)
    {
        var json = JsonNode.Parse(Written())!;
        var node = json["Columns"]!.AsArray().First(c => (string)c!["Name"]! == column)!;
        string[] names = path.Split('.');
        foreach (string name in names[..^1]) node = (int.TryParse(name, out int at) ? node[at] : node[name])!;
        if (int.TryParse(names[^1], out int index)) node[index] = JsonNode.Parse(value);
        else node[names[^1]] = JsonNode.Parse(value);
        if (reason is null) Read(json.ToJsonString());   // as good as what there was
        else Assert.Equal(reason, Assert.Throws<InvalidDataException>(() => Read(json.ToJsonString())).Message);
    }

    [Fact]
    public void SpansOtherThanThoseOfTheColumnsAreRefused()
    {
        string Refused(Action<JsonArray> change)
        {
            var json = JsonNode.Parse(Written())!;
            change(json["Spans"]!.AsArray());
            return Assert.Throws<InvalidDataException>(() => Read(json.ToJsonString())).Message;
        }
        Assert.Equal("a span of column 'Job' is Token of 9 categories; Token of 5 categories was expected", Refused(spans => spans[1]!["Categories"] = 9));
        Assert.Equal("a span of column 'Job' is Binary; Position was expected", Refused(spans => spans[2]!["Kind"] = "Binary"));
        Assert.Equal("its spans hold 3 of 20 features", Refused(spans =>
        {
            while (spans.Count > 3) spans.RemoveAt(3);
        }));
    }

    // any number or text of the file replaced by another: it is read, or refused with the exception that is documented
    [Fact]
    public void DamagedDocumentsAreReadOrRefused()
    {
        var original = JsonNode.Parse(Written())!;
        var random = new Random(7);
        string[] others = ["0", "-1", "1", "17", "1e300", "\"NaN\"", "\"x\"", "\"\"", "null", "[]", "\"9223372036854775807\"", "\"-9223372036854775808\"", "9223372036854775807", "0.5", "true"];
        int refused = 0;
        for (int i = 0; i < 1500; i++)
        {
            var json = original.DeepClone();
            JsonNode node = json;
            while (node is JsonObject or JsonArray { Count: > 0 })
            {
                var parent = node;
                int at = random.Next(node is JsonObject o ? o.Count : node.AsArray().Count);
                string? key = node is JsonObject named ? named.ElementAt(at).Key : null;
                var next = key is null ? node[at] : node[key];
                if (next is null or JsonValue || random.Next(12) == 0)
                {
                    var other = JsonNode.Parse(others[random.Next(others.Length)]);
                    if (key is null) parent[at] = other;
                    else parent[key] = other;
                    break;
                }
                node = next;
            }
            try
            {
                var (encoding, input) = Read(json.ToJsonString());
                foreach (var token in input.TokenColumns) Assert.Equal(token.Categories, token.CellEnds.Count);
                foreach (var column in encoding.Columns.OfType<TableColumn>())
                    Coding.Decode(column, [new float[column.Width]]).Preview();   // all of it works
            }
            catch (Exception e) when (e is InvalidDataException or JsonException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 600, 1450);
    }
}
