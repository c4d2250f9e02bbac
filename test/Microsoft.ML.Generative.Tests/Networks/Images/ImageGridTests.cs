using Microsoft.ML.Generative.Networks;
using Microsoft.ML.Generative.Networks.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Networks.Images;

public sealed class ImageGridTests
{
    private static readonly TensorImages Math = new();

    [Theory]
    [InlineData(8, 8, 1, 2, 1, 8, 8)]
    [InlineData(5, 3, 3, 1, 3, 5, 3)]
    [InlineData(28, 28, 1, 2, 4, 14, 14)]
    [InlineData(18, 31, 2, 2, 8, 10, 16)]
    [InlineData(100, 64, 3, 3, 48, 28, 16)]
    public void ImagesBecomeRowsAgain(int height, int width, int channels, int resolutions, int gridChannels, int gridHeight, int gridWidth)
    {
        using var scope = NewDisposeScope();
        foreach (bool interleaved in new[] { false, true })
        {
            var grid = new ImageGrid(new ImageShape(height, width, channels) { Interleaved = interleaved });
            var rows = arange(2 * grid.Features, float32).view(2, -1);
            var images = grid.ToImages(Math, rows);
            Assert.Equal(resolutions, grid.Resolutions);
            Assert.Equal([2, gridChannels, gridHeight, gridWidth], images.shape);
            Assert.Equal(rows.ToFloats(), grid.ToRows(Math, images).ToFloats());
        }
    }

    [Fact]
    public void BothOrdersOfTheNumbersAreTheSameImage()
    {
        using var scope = NewDisposeScope();
        var planes = arange(2 * 20 * 18 * 3, float32).view(2, 3, 20, 18);
        var pixels = planes.permute(0, 2, 3, 1).reshape(2, -1);
        var images = new ImageGrid(new ImageShape(20, 18, 3)).ToImages(Math, planes.reshape(2, -1));
        Assert.Equal(images.ToFloats(), new ImageGrid(new ImageShape(20, 18, 3) { Interleaved = true }).ToImages(Math, pixels).ToFloats());
    }

    [Fact]
    public void APixelIsWhereItWas()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 1, 28, 28);
        image[0, 0, 13, 22] = 1;   // the lower left one of four
        var found = new ImageGrid(new ImageShape(28, 28)).ToImages(Math, image.reshape(1, -1));
        Assert.Equal(1, found[0, 2, 6, 11].item<float>());
        Assert.Equal(1, found.sum().item<float>());
    }
}
