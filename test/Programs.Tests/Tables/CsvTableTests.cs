using Csv;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLGenerative.Programs.Tests.Tables;

public sealed class CsvTableTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("csv");

    [Theory]
    [InlineData("whole number", typeof(long), "1", "-20", "300")]
    [InlineData("whole number", typeof(double), "1", "", "300")]
    [InlineData("number", typeof(double), "1.50", "-0.25", "12.00")]
    [InlineData("number", typeof(double), "1.5", "NA", "12")]
    [InlineData("number", typeof(double), "0,5", "1,25", "-3")]
    [InlineData("number", typeof(double), "1E-07", "2.5E+20", "3")]
    [InlineData("Boolean", typeof(bool), "Yes", "No", "No")]
    [InlineData("text", typeof(ReadOnlyMemory<char>), "true", "false", "")]
    [InlineData("text", typeof(ReadOnlyMemory<char>), "007", "12", "13")]          // as a number it would lose its zeros
    [InlineData("text", typeof(ReadOnlyMemory<char>), "12345678901234567890", "1", "2")]
    [InlineData("text", typeof(ReadOnlyMemory<char>), "a,b", "say \"no\"", "two\nlines")]
    [InlineData("empty", typeof(ReadOnlyMemory<char>), "NA", "NA", "NA")]
    [InlineData("date yyyy-MM-dd", typeof(DateTime), "2024-02-29", "1999-12-31", "2030-01-01")]
    [InlineData("date dd.MM.yyyy", typeof(DateTime), "29.02.2024", "31.12.1999", "01.01.2030")]
    [InlineData("date MM/dd/yyyy", typeof(DateTime), "02/29/2024", "12/31/1999", "01/01/2030")]
    [InlineData("date yyyy-MM-dd HH:mm:ss", typeof(DateTime), "2024-02-29 23:59:59", "1999-12-31 00:00:01", "2030-01-01 12:00:00")]
    [InlineData("date yyyy-MM-dd'T'HH:mm:ss.fff'Z'", typeof(double), "2024-02-29T23:59:59.123Z", "", "2030-01-01T12:00:00.999Z")]
    [InlineData("text", typeof(ReadOnlyMemory<char>), "2024-02-30", "2024-01-01", "2024-01-02")]   // no such day
    public void Types_are_found_and_written_as_they_were(string kind, Type type, params string[] fields)
    {
        string text = "before;x;after\n" + string.Concat(fields.Select(field => $"1;{(field.IndexOfAny(['"', '\n']) >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field)};z\n"));

        var table = Table(text);

        Assert.Equal(kind, table.Columns[1].Kind);
        Assert.Equal(type, table.Columns[1].Type.RawType);
        Assert.Equal(text, Written(table));
    }

    [Fact]
    public void Columns_that_are_always_quoted_stay_so_and_line_ends_too()
    {
        const string Text = "\"id\",\"text\",n\r\n\"1\",\"x\",5\r\n\"2\",,6\r\n";

        Assert.Equal(Text, Written(Table(Text)));
    }

    [Fact]
    public void Columns_can_be_left_out_and_rows_chosen()
    {
        var table = Table("a,b,c\n1,x,\n2,y,7\n3,z,8\n", "b");

        using var writer = new StringWriter();
        table.Write(writer, table.View([2, 0]), "IsSynthetic");

        Assert.Equal("a,c,IsSynthetic\n3,8,true\n1,,true\n", writer.ToString());
        Assert.Equal("There is no column 'd'; the columns are 'a', 'b', 'c'.", Assert.Throws<CsvFault>(() => Table("a,b,c\n1,2,3\n", "d")).Message);
        Assert.Equal("No column is left; exclude fewer.", Assert.Throws<CsvFault>(() => Table("a\n1\n", "a")).Message);
    }

    [Fact]
    public void The_view_is_one_that_ml_net_can_work_with()
    {
        var ml = new MLContext(1);
        var view = Table("n,t\n1,x\n2,y\n3,x\n").View();

        Assert.Equal([1L, 2, 3], view.GetColumn<long>("n"));
        Assert.Equal([1u, 2, 1], ml.Transforms.Conversion.MapValueToKey("t").Fit(view).Transform(view).GetColumn<uint>("t"));
        Assert.Equal(2, ml.Data.TakeRows(view, 2).GetColumn<long>("n").Count());
    }

    [Fact]
    public void Holes_are_filled_and_all_else_is_as_it_was()
    {
        var table = Table("x,\"t\",n\r\n 1 ,\"p\",?\r\n2,,\"4.50\"\r\n?,\"?\",3\r\n");
        var full = Table("x,\"t\",n\r\n 1 ,\"p\",9.25\r\n2,\"q,r\",4.50\r\n?,s,3.00\r\n");

        using var writer = new StringWriter();
        int[] filled = table.WriteFilled(writer, full.View());

        Assert.Equal("x,\"t\",n\r\n 1 ,\"p\",9.25\r\n2,\"q,r\",\"4.50\"\r\n?,\"s\",3\r\n", writer.ToString());
        Assert.Equal([0, 2, 1], filled);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private CsvTable Table(string text, params string[] excluded)
    {
        string path = Path.Combine(_folder.FullName, "table.csv");
        File.WriteAllText(path, text);
        return new CsvTable(CsvFile.Read(path), excluded);
    }

    private static string Written(CsvTable table)
    {
        using var writer = new StringWriter();
        table.Write(writer, table.View());
        return writer.ToString();
    }
}
