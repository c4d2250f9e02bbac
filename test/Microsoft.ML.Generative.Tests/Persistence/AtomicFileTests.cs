using Microsoft.ML.Generative.Persistence;

namespace Microsoft.ML.Generative.Tests.Persistence;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Makes_a_file_and_replaces_it_and_leaves_nothing_else()
    {
        AtomicFile.Write(_folder["model"], stream => stream.Write("a long first text"u8));
        AtomicFile.Write(_folder["model"], stream => stream.Write("second"u8));

        Assert.Equal("second", File.ReadAllText(_folder["model"]));
        Assert.Equal(["model"], _folder.FileNames);
    }

    [Fact]
    public void The_old_file_is_there_until_the_new_one_is_whole()
    {
        File.WriteAllText(_folder["model"], "old");
        AtomicFile.Write(_folder["model"], stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(_folder["model"]));
        });
        Assert.Equal("new", File.ReadAllText(_folder["model"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_write_that_fails_leaves_the_old_file_and_nothing_else(int room)
    {
        File.WriteAllText(_folder["model"], "old");

        var error = Assert.Throws<IOException>(() => AtomicFile.Write(_folder["model"], stream => new FailingStream(stream, room).Write("new content"u8)));

        Assert.Equal("No space left on device", error.Message);
        Assert.Equal("old", File.ReadAllText(_folder["model"]));
        Assert.Equal(["model"], _folder.FileNames);
    }

    [SmallDiskFact]
    public void A_full_disk_leaves_the_old_file_and_nothing_else()
    {
        using var disk = new SmallDisk();
        var path = Path.Combine(disk.Path, "model");
        File.WriteAllText(path, "old");

        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(path, stream => stream.Write(new byte[1 << 20])));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(disk.Path));
    }

    [Fact]
    public void A_link_is_followed()
    {
        File.WriteAllText(_folder["model"], "old");
        File.CreateSymbolicLink(_folder["link"], _folder["model"]);

        AtomicFile.Write(_folder["link"], stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(_folder["model"]));
        Assert.Equal(_folder["model"], new FileInfo(_folder["link"]).LinkTarget);
    }

    [Fact]
    public void The_longest_name_that_a_file_may_have_can_be_written()
    {
        var name = new string('m', 255);
        AtomicFile.Write(_folder[name], stream => stream.WriteByte(1));
        Assert.Equal([name], _folder.FileNames);
    }

    [Fact]
    public void Who_may_read_the_file_stays_as_it_was()
    {
        if (OperatingSystem.IsWindows()) return;   // rights are the folder's there
        File.WriteAllText(_folder["model"], "old");
        File.SetUnixFileMode(_folder["model"], UnixFileMode.UserRead | UnixFileMode.UserWrite);

        AtomicFile.Write(_folder["model"], stream => stream.WriteByte(1));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["model"]));
    }

    [Fact]
    public void A_folder_that_is_not_there_or_stands_for_the_file_is_named()
    {
        var missing = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(_folder["none/model"], _ => { }));
        Assert.Equal($"'{_folder["none/model"]}' cannot be written: there is no folder '{_folder["none"]}'.", missing.Message);

        var isFolder = Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path, _ => { }));
        Assert.Equal($"'{_folder.Path}' is a folder; the path of a file is needed.", isFolder.Message);
        Assert.Empty(_folder.FileNames);
    }
}
