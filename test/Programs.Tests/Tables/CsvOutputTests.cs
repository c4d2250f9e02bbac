using Csv;

namespace MLGenerative.Programs.Tests.Tables;

public sealed class CsvOutputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("output");

    [Fact]
    public void What_fails_half_way_leaves_the_files_as_they_were()
    {
        string first = Path.Combine(_folder.FullName, "a.csv"), second = Path.Combine(_folder.FullName, "b.csv");
        File.WriteAllText(first, "old");

        Assert.Throws<InvalidDataException>(() =>
        {
            using var files = new CsvOutput();
            files.Add(first, writer => writer.Write("new"));
            files.Add(second, writer =>
            {
                writer.Write("half");
                throw new InvalidDataException();
            });
            files.Commit();
        });

        Assert.Equal([first], _folder.GetFiles().Select(file => file.FullName));
        Assert.Equal("old", File.ReadAllText(first));
    }

    [Fact]
    public void Whole_files_take_the_place_of_what_was_there()
    {
        string path = Path.Combine(_folder.FullName, "a.csv");
        File.WriteAllText(path, "old");

        using (var files = new CsvOutput())
        {
            files.Add(path, writer => writer.Write("é"), byteOrderMark: true);
            files.Commit();
        }

        Assert.Equal([0xEF, 0xBB, 0xBF, .. "é"u8], File.ReadAllBytes(path));
        Assert.Single(_folder.GetFiles());
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
