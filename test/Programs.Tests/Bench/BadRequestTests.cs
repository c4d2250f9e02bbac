namespace MLGenerative.Programs.Tests.Bench;

/// <summary>Whatever can't be done is said in one line, with exit status 2, before anything is written.</summary>
public sealed class BadRequestTests : IDisposable
{
    private const string Table = "a,label\n1,0\n2,1\n";
    private readonly BenchRun _bench = new();

    [Fact]
    public void Unknown_model()
    {
        _bench.WriteData("set.csv", Table);

        Refuses("--models: there is no 'energy'", "anomaly", "--models", "vae,energy");
    }

    [Fact]
    public void Unknown_sampler()
    {
        _bench.WriteData("set.csv", Table);

        Refuses("--samplers: there is no 'adasyn'; there are none, smote, autoencoder, ", "oversampling", "--samplers", "adasyn");
    }

    [Fact]
    public void Unknown_data_set()
    {
        _bench.WriteData("set.csv", Table);

        Refuses("there is no other.csv in", "anomaly", "--models", "vae", "--sets", "other");
    }

    [Fact]
    public void Folder_without_data() => Refuses("there is no *.csv or *.csv.gz in", "anomaly", "--models", "vae");

    [Fact]
    public void Unknown_verb() => Refuses("there is no 'fly'", "fly");

    [Fact]
    public void Epochs_out_of_range()
    {
        _bench.WriteData("set.csv", Table);

        Refuses("--epochs must be 1 or more", "anomaly", "--models", "vae", "--epochs", "0");
    }

    [Theory]
    [InlineData("a,b\n1,0\n2,1\n", "must be 'label', the header ends with 'b'")]
    [InlineData("a,a,label\n1,1,0\n2,2,1\n", "there are 2 columns named 'a'")]
    [InlineData("a,label\n1,0\n2,0\n", "column 'label' must have two values, it has 0")]
    [InlineData("a,label\n1,0\n2,1\n3,2\n", "column 'label' must have two values, it has 0, 1, 2")]
    [InlineData("", "is empty")]
    public void Table_that_cannot_be_used(string content, string message)
    {
        _bench.WriteData("good.csv", Table);
        _bench.WriteData("set.csv", content);

        Refuses(message, "anomaly", "--models", "vae");
        Assert.Contains("set.csv", _bench.Errors);
    }

    [Theory]
    [InlineData("1,2\n3,4\n", "1,2,3\n", "has 3 columns")]
    [InlineData("1,2\n3,4\n", "1,x\n", "line 1: 'x' is not a number")]
    [InlineData("1,2\n3\n", "1,2\n", "line 2: 1 columns instead of 2")]
    [InlineData("", "1,2\n", "is empty")]
    [InlineData("1,2\n3,4\n", null, "there is no set.test.data")]
    public void Density_set_that_cannot_be_used(string train, string? test, string message)
    {
        _bench.WriteData("set.train.data", train);
        _bench.WriteData("set.valid.data", "1,2\n");
        if (test is not null) _bench.WriteData("set.test.data", test);

        Refuses(message, "density", "--models", "vae", "--epochs", "1");
    }

    [Fact]
    public void File_to_score_that_does_not_fit()
    {
        foreach (string part in new[] { "train", "valid", "test" }) _bench.WriteData($"set.{part}.data", "1,2\n3,4\n");
        _bench.WriteData("other.data", "1,2,3\n");

        Refuses("other.data has 3 columns, set has 2", "density", "--models", "vae", "--score", Path.Combine(_bench.Data, "other.data"));
        Refuses("there is no file none.data", "density", "--models", "vae", "--score", "none.data");
    }

    [Fact]
    public void Missing_value()
    {
        _bench.WriteData("set.csv", "a,b,label\n1,,0\n2,,0\n3,,0\n4,,0\n5,1,1\n");

        Refuses("set, vae: Row", "anomaly", "--models", "vae");
    }

    public void Dispose() => _bench.Dispose();

    private void Refuses(string message, params string[] args)
    {
        int status = _bench.Run(args);

        Assert.Contains(message, Assert.Single(_bench.ErrorLines, line => line.StartsWith("bench: ", StringComparison.Ordinal)));
        Assert.Equal(2, status);
        Assert.False(Directory.Exists(_bench.Out));
    }
}
