using System.Globalization;
using System.Text;

namespace MLGenerative.Programs.Tests.Tables;

/// <summary>A table with a column of every type, in which one thing follows from another.</summary>
internal static class MadeUpFile
{
    public const string Header = "customer,city,age,income,member,since,score,note,bought";

    private static readonly string[] Cities = ["Oslo", "Rome", "\"Ulm, Donau\""];

    public static string Text(int rows, int seed, double holes = 0)
    {
        var random = new Random(seed);
        var text = new StringBuilder(Header + "\r\n");
        for (int i = 0; i < rows; i++)
        {
            int city = random.Next(3);
            int age = 20 + 20 * city + random.Next(15);
            double income = 1000 + 50 * age + Math.Round(random.NextDouble() * 200, 2);
            bool member = income > 3000;
            var since = new DateTime(2020, 1, 1).AddDays(random.Next(1500));
            string score = random.Next(8) == 0 ? "NA" : (age / 10.0 + random.NextDouble()).ToString("0.0", CultureInfo.InvariantCulture);
            string[] fields = [$"c{7919 * (i + 1)}", Cities[city], Invariant(age), income.ToString("0.00", CultureInfo.InvariantCulture), member ? "yes" : "no",
                since.ToString("dd.MM.yyyy", CultureInfo.InvariantCulture), score, random.Next(2) == 0 ? "" : "seen", age > 45 ? "1" : "0"];
            for (int c = 1; c < fields.Length; c++)
                if (random.NextDouble() < holes) fields[c] = "";
            text.Append(string.Join(',', fields)).Append("\r\n");
        }
        return text.ToString();
    }

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);
}
