using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Polyfills.Tests.MicrosoftML;

public sealed class EnvironmentTests
{
    [Fact]
    public void MessagesReachTheLogAtOnceWithSourceAndKind()
    {
        var ml = new MLContext();
        var log = new List<LoggingEventArgs>();
        ml.Log += (sender, e) =>
        {
            Assert.Same(ml, sender);
            log.Add(e);
        };
        var host = ((IHostEnvironment)ml).Register("Trainer");
        using (var channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 3);
            Assert.Equal("epoch 1 of 3", log[^1].RawMessage);
            channel.Warning(MessageSensitivity.UserData, "braces {0} are no format here");
            channel.Error(MessageSensitivity.None, "bad");
            channel.Trace(MessageSensitivity.None, "detail");
        }
        Assert.All(log, e => Assert.Equal("Trainer; Training", e.Source));
        Assert.Equal([ChannelMessageKind.Trace, ChannelMessageKind.Info, ChannelMessageKind.Warning, ChannelMessageKind.Error, ChannelMessageKind.Trace], log.Select(e => e.Kind).Take(5));
        Assert.Equal("braces {0} are no format here", log[2].RawMessage);
        Assert.Equal("[Source=Trainer; Training, Kind=Info] epoch 1 of 3", log[1].Message);
        Assert.Contains("Channel started", log[0].RawMessage);
        Assert.Contains(log, e => e.RawMessage.StartsWith("Channel finished"));
    }

    [Fact]
    public void HandlersThatAreGoneHearNothing()
    {
        var ml = new MLContext();
        int heard = 0;
        void Hear(object? sender, LoggingEventArgs e) => heard++;
        ml.Log += Hear;
        ml.Log -= Hear;
        ((IHostEnvironment)ml).Start("quiet").Info(MessageSensitivity.None, "nobody hears this");
        Assert.Equal(0, heard);
    }

    [Fact]
    public void RandomNumbersOfAComponentFollowFromTheSeed()
    {
        static int[] Numbers(int? seed)
        {
            IHostEnvironment ml = new MLContext(seed);
            var (first, second) = (ml.Register("a"), ml.Register("b"));
            return [first.Rand.Next(), second.Rand.Next(), first.Register("inner").Rand.Next()];
        }
        Assert.Equal(Numbers(3), Numbers(3));
        Assert.NotEqual(Numbers(3), Numbers(4));
        Assert.NotEqual(Numbers(null), Numbers(null));
        Assert.Equal(3, Numbers(3).Distinct().Count());
        IHostEnvironment seeded = new MLContext(1), other = new MLContext(2);
        Assert.Equal(seeded.Register("a", seed: 5).Rand.Next(), other.Register("b", seed: 5).Rand.Next());
    }

    [Fact]
    public void ContextRemembersDeviceAndOptions()
    {
        var ml = new MLContext();
        Assert.Equal((null, false), (ml.GpuDeviceId, ml.FallbackToCpu));
        Assert.Equal(Path.GetTempPath(), ml.TempFilePath);
        ml.GpuDeviceId = 1;
        ml.FallbackToCpu = true;
        Assert.Equal((1, true), (ml.GpuDeviceId, ml.FallbackToCpu));
        Assert.True(ml.TryAddOption("a", 1));
        Assert.False(ml.TryAddOption("a", 2));
        Assert.True(ml.TryGetOption("a", out int a));
        Assert.Equal((1, 0), (a, ml.GetOptionOrDefault<int>("b")));
        Assert.True(ml.RemoveOption("a"));
        Assert.False(ml.TryGetOption<int>("a", out _));
    }

    [Fact]
    public void ProgressMayBeReportedThoughNobodyListens()
    {
        IHostEnvironment ml = new MLContext();
        using var progress = ml.Register("Trainer").StartProgressChannel("epochs");
        bool asked = false;
        progress.SetHeader(new ProgressHeader(["loss"], ["epoch"]), entry => asked = true);
        progress.Checkpoint(0.5, 1);
        Assert.Equal(["epoch"], new ProgressHeader(["loss"], ["epoch"]).UnitNames);
        Assert.False(asked);
    }
}
