using Csv;

namespace MLGenerative.Programs.Tests.Tables;

public sealed class CsvFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("csv");

    private string Path => System.IO.Path.Combine(_folder.FullName, "table.csv");

    [Theory]
    [InlineData("a,b\n1,2\n", ',')]
    [InlineData("a;b\n1,5;2\n", ';')]
    [InlineData("a\tb\n1\t2\n", '\t')]
    [InlineData("a|b\n1|2\n", '|')]
    [InlineData("\"a;;\",b\n1,2\n", ',')]   // what stands in quotes does not count
    [InlineData("a\n1\n", ',')]
    public void The_separator_is_that_which_the_first_line_has_most_of(string text, char separator) => Assert.Equal(separator, Read(text).Separator);

    [Fact]
    public void Fields_may_hold_separators_quotes_and_line_breaks()
    {
        var file = Read("\uFEFFname,\"text\"\r\n\"a, b\",\"say \"\"no\"\"\"\r\n\r\nx,\"two\r\nlines\"\r\ny,\r\nz,last");

        Assert.True(file.HasByteOrderMark);
        Assert.Equal("\r\n", file.NewLine);
        Assert.Equal(["name", "text"], file.Names);
        Assert.Equal(["name", "\"text\""], file.RawHeader!);
        Assert.Equal([["a, b", "say \"no\""], ["x", "two\r\nlines"], ["y", ""], ["z", "last"]], file.Rows);
        Assert.Equal([["\"a, b\"", "\"say \"\"no\"\"\""], ["x", "\"two\r\nlines\""], ["y", ""], ["z", "last"]], file.Raw);
        Assert.Equal([2, 4, 6, 7], Enumerable.Range(0, 4).Select(file.LineOf));   // line 3 is blank
    }

    [Fact]
    public void A_file_without_header_has_numbered_columns()
    {
        var file = Read("1,x\n2,y\n", hasHeader: false);

        Assert.Equal(["column 1", "column 2"], file.Names);
        Assert.Null(file.RawHeader);
        Assert.Equal([["1", "x"], ["2", "y"]], file.Rows);
    }

    [Fact]
    public void A_column_without_name_is_numbered() => Assert.Equal(["column 1", "b"], Read(",b\n1,2\n").Names);

    [Theory]
    [InlineData("", " is empty.")]
    [InlineData("\n \n", " is empty.")]
    [InlineData("a,b\n", " has no rows, only a header.")]
    [InlineData("1,2\n3,4\n", ", line 1 has numbers only; it should have the names of the columns. Add them, or say --no-header.")]
    [InlineData("a,b,a\n1,2,3\n", ", line 1: 2 columns are named 'a'. Rename all but one.")]
    [InlineData("a,b\n1,2\n\n\"x\ny\",2\n1,2,3\n", ", line 6: 3 fields, the first line has 2. A field that holds the separator ',' must stand in quotes.")]
    [InlineData("a\tb\n1\n", ", line 2: 1 fields, the first line has 2. A field that holds the separator 'tab' must stand in quotes.")]
    [InlineData("a,b\n1,2\n3,\"open\n4,5\n", ", line 3, column 2 ('b'): a quote is opened and never closed.")]
    [InlineData("a,b\n5\" pipe,2\n", ", line 2, column 1 ('a'): a quote within a field must be doubled, and the field must stand in quotes.")]
    [InlineData("a,b\n\"x\"y,2\n", ", line 2, column 1 ('a'): a quote within a field must be doubled, and the field must stand in quotes.")]
    public void What_is_malformed_is_named_with_its_place(string text, string fault) => Assert.Equal(Path + fault, Assert.Throws<CsvFault>(() => Read(text)).Message);

    [Fact]
    public void Other_encodings_and_missing_files_are_named()
    {
        Assert.Equal($"There is no file {Path}.", Assert.Throws<CsvFault>(() => CsvFile.Read(Path)).Message);
        File.WriteAllBytes(Path, [.. "a\n"u8, 0xE9, .. "\n"u8]);
        Assert.StartsWith($"{Path} is not UTF-8 text.", Assert.Throws<CsvFault>(() => CsvFile.Read(Path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CsvFile Read(string text, bool hasHeader = true)
    {
        File.WriteAllText(Path, text);
        return CsvFile.Read(Path, hasHeader);
    }
}
