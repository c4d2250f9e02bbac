using Microsoft.ML.Generative.Encoding;
using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Tests.Encoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Networks.Tokens;

/// <summary>What layers read of the rows of a table, and what they say of them.</summary>
public sealed class TokenLayoutTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(3);

    // whole numbers with holes and many zeros, then a text of three categories
    private readonly TableColumn _numbers, _texts;
    private readonly float[][] _rows;
    private readonly NetworkInput _input;
    private readonly TokenForm _form;
    private readonly TokenLikelihood _likelihood;

    public TokenLayoutTests()
    {
        var random = new Random(1);
        float[] numbers = [.. Enumerable.Range(0, 2000).Select(i => i % 10 == 0 ? float.NaN : i % 4 == 1 ? 0 : 1 + (float)Math.Floor(5000 * Math.Pow(random.NextDouble(), 3)))];
        string[] texts = [.. Enumerable.Range(0, 2000).Select(i => "abc"[i % 7 % 3].ToString())];
        (_numbers, _texts) = (Coding.Learn(Coding.View(numbers)), Coding.Learn(Coding.View(texts)));
        _rows = [.. Coding.Encode(_numbers, Coding.View(numbers)).Zip(Coding.Encode(_texts, Coding.View(texts)), (number, text) => number.Concat(text).ToArray())];
        _input = new NetworkInput([.. _numbers.Spans(0), .. _texts.Spans(_numbers.Width)], new float[_rows[0].Length], [.. Enumerable.Repeat(1f, _rows[0].Length)], ConditionSize: 0, Rows: 2000)
        {
            TokenColumns = [.. _numbers.TokenColumns(0), .. _texts.TokenColumns(_numbers.Width)],
        };
        var initializer = new Initializer(_generator, CPU);
        _form = new TokenForm(_input, initializer);
        _likelihood = new TokenLikelihood(_input, initializer);
    }

    public void Dispose()
    {
        _form.Dispose();
        _likelihood.Dispose();
        _likelihood.State.Dispose();
        _generator.Dispose();
        _scope.Dispose();
    }

    private static Tensor Tensor(IReadOnlyCollection<float[]> rows) => tensor(rows.SelectMany(row => row).ToArray()).view(rows.Count, -1);

    [Fact]
    public void NumbersAreNormalScoresAndCategoriesOneHot()
    {
        // the score; missing, zero, none of them; then the texts and their token for unknown ones
        Assert.Equal([(SpanKind.Continuous, 1), (SpanKind.Categorical, 3), (SpanKind.Categorical, _input.TokenColumns[1].Categories)], _form.Spans.Select(span => (span.Kind, span.Width)));
        Assert.Equal(_form.Width, _form.Spans.Sum(span => span.Width));
        var y = _form.Apply(Tensor(_rows));
        Assert.Equal([2000, _form.Width], y.shape);
        foreach (var span in _form.Spans.Where(span => span.Kind == SpanKind.Categorical))
        {
            var block = y.narrow(1, span.Start, span.Width);
            Assert.True(block.sum(dim: 1).eq(1).all().item<bool>() && (block * (1 - block)).eq(0).all().item<bool>());
        }
        // above the zeros the score goes by rank
        float[] scores = [.. y.select(1, 0).ToFloats().Zip(_rows).Where(pair => pair.Second[0] > 1).OrderBy(pair => pair.Second[0] + pair.Second[1]).Select(pair => pair.First)];
        Assert.Equal(scores.Order(), scores);
        Assert.InRange(scores[0], -0.7, -0.5);   // 28 % of the known numbers are zeros
        Assert.InRange(scores[^1], 2.5, 4.5);
    }

    [Fact]
    public void WhatIsReadIsGivenBackToTheCell()
    {
        var x = Tensor(_rows);
        float[] back = _form.Invert(_form.Apply(x), _generator).ToFloats();
        var ends = _input.TokenColumns[0].CellEnds;
        for (int i = 0; i < _rows.Length; i++)
        {
            var row = back.AsSpan(i * 3, 3);
            Assert.Equal((MathF.Floor(_rows[i][0]), _rows[i][2]), (row[0], row[2]));
            Assert.Equal(Shares.Find(ends[(int)row[0]], _rows[i][1]), Shares.Find(ends[(int)row[0]], row[1]));
        }
    }

    [Fact]
    public void WhateverALayerGivesIsARow()
    {
        var rows = _form.Invert(empty(1000, _form.Width).normal_(0, 3, _generator), _generator);
        for (int j = 0; j < 2; j++)
        {
            var token = rows.select(1, _input.TokenColumns[j].Token);
            Assert.True(token.eq(token.floor()).all().item<bool>());
            Assert.Equal((0f, _input.TokenColumns[j].Categories - 1f), (token.min().item<float>(), token.max().item<float>()));
        }
        Assert.InRange(rows.select(1, 1).max().item<float>(), 0.9f, 0.9999999f);
        Assert.True(rows.select(1, 1).min().item<float>() >= 0);
    }

    [Fact]
    public void TheDensityOfAllValuesSumsToOne()
    {
        var output = empty(1, _likelihood.Outputs).normal_(0, 1, _generator);
        float[] numbers = [float.NaN, .. Enumerable.Range(-10, 6000).Select(i => (float)i)];
        float[][] encoded = Coding.Encode(_numbers, Coding.View(numbers));
        // whole numbers beyond the ends are taken for the nearest, and so have no density of their own
        bool[] isOwn = [.. Coding.Decode<float>(_numbers, encoded).Zip(numbers, (back, value) => back.Equals(value))];
        float[][] rows = [.. from i in Enumerable.Range(0, numbers.Length) where isOwn[i] from text in Enumerable.Range(0, _input.TokenColumns[1].Categories) select (float[])[.. encoded[i], text]];
        var x = Tensor(rows);
        double sum = (_likelihood.LogChance(_likelihood.Targets(x), output.expand(rows.Length, -1)) + _likelihood.LogWithin(x)).to(float64).exp().sum().item<double>();
        Assert.Equal(1, sum, 1e-3);
    }

    [Fact]
    public void SeveralOutputsForARowAreWhatTheyAreOneByOne()
    {
        var targets = _likelihood.Targets(Tensor(_rows[..20]));
        var outputs = empty(5, 20, _likelihood.Outputs).normal_(0, 1, _generator);
        var expected = stack([.. Enumerable.Range(0, 5).Select(i => _likelihood.LogChance(targets, outputs[i]))]);
        Assert.True(_likelihood.LogChance(targets, outputs).allclose(expected, 1e-5, 1e-5));
    }

    [Fact]
    public void DrawsComeAsOftenAsTheirChance()
    {
        const int Draws = 50_000;
        var output = empty(1, _likelihood.Outputs).normal_(0, 1, _generator);
        var drawn = _likelihood.Draw(output.expand(Draws, -1), 1, empty(Draws, _likelihood.Choices).uniform_(0, 1, _generator));
        float[] counts = _likelihood.Count(drawn).ToFloats();
        for (int j = 0, token = 0; j < 2; j++)
            for (int t = 0; t < _input.TokenColumns[j].Categories; t++, token++)
            {
                // of one column: the sum over those of the other
                var x = Tensor([.. Enumerable.Range(0, _input.TokenColumns[1 - j].Categories).Select(other => j == 0 ? new float[] { t, 0, other } : [other, 0, t])]);
                double chance = _likelihood.LogChance(_likelihood.Targets(x), output.expand(x.shape[0], -1)).exp().sum().item<float>();
                Assert.InRange(counts[token], Draws * chance - 5 * Math.Sqrt(Draws * chance) - 1, Draws * chance + 5 * Math.Sqrt(Draws * chance) + 1);
            }
        var likeliest = _likelihood.Draw(output, 0, empty(1, _likelihood.Choices).uniform_(0, 1, _generator));
        Assert.Equal(0.5f, likeliest[0, 1].item<float>());
        Assert.Equal(Array.IndexOf(counts, counts[.._input.TokenColumns[0].Categories].Max()), likeliest[0, 0].item<float>());
    }

    [Fact]
    public void CalibratedChancesAreTheShares()
    {
        var output = empty(500, _likelihood.Outputs).normal_(0, 0.5, _generator);
        var counts = _likelihood.Count(Tensor(_rows));
        _likelihood.Calibrate(output, counts);
        const int Copies = 100;
        var drawn = _likelihood.Draw(output.repeat(Copies, 1), 1, empty(500 * Copies, _likelihood.Choices).uniform_(0, 1, _generator));
        var shares = _likelihood.Count(drawn) / (500 * Copies);
        Assert.True((shares - counts / 2000).abs().max().item<float>() < 0.007);   // three standard errors of a share of a half
    }
}
