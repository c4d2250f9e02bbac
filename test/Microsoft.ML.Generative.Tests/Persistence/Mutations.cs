using FsCheck;
using FsCheck.Fluent;
using static System.Text.Encoding;

namespace Microsoft.ML.Generative.Tests.Persistence;

/// <summary>Damages bytes in the ways in which files get damaged, by accident or on purpose.</summary>
internal static class Mutations
{
    // numbers at which sizes and offsets go wrong
    private static readonly ulong[] Edges =
        [0, 1, 7, 8, 9, 255, 65535, 100_000_000, 0x7fffffff, 0x80000000, 0xffffffff, 1ul << 32, 1ul << 62, long.MaxValue, 1ul << 63, ulong.MaxValue];

    private static readonly string[] Texts =
        ["0", "-1", "1e9", "9223372036854775807", "\"", "{", "}", "[", "]", ",", ":", "null", "\\ud800", "\"F64\"", "\"shape\":[", "__metadata__"];

    /// <summary>One to four mutations of one of the files.</summary>
    public static Gen<byte[]> Of(params byte[][] files) =>
        from file in Gen.Elements(files)
        from steps in Gen.Choose(1, 4)
        from seed in Gen.Choose(0, int.MaxValue)
        select Mutate(file, steps, new Random(seed));

    private static byte[] Mutate(byte[] file, int steps, Random random)
    {
        for (var i = 0; i < steps; i++) file = MutateOnce(file, random);
        return file;
    }

    private static byte[] MutateOnce(byte[] file, Random random)
    {
        var at = random.Next(file.Length + 1);
        var length = Math.Min(random.Next(1, 17), file.Length - at);
        switch (random.Next(8))
        {
            case 0: return file[..at];
            case 1: return [.. file[..at], .. file[(at + length)..]];
            case 2: return [.. file[..at], .. file[at..(at + length)], .. file[at..]];
            case 3: return [.. file[..at], .. UTF8.GetBytes(Texts[random.Next(Texts.Length)]), .. file[(at + length)..]];
            case 4: return Overwrite(file, at, BitConverter.GetBytes(Edges[random.Next(Edges.Length)]).AsSpan(0, 1 << random.Next(4)));
            case 5: return Overwrite(file, at, file.AsSpan(random.Next(file.Length - length + 1), length));
            case 6: return Overwrite(file, at, [(byte)random.Next(256)]);
            default: return at == file.Length ? file : Overwrite(file, at, [(byte)(file[at] ^ (1 << random.Next(8)))]);
        }
    }

    private static byte[] Overwrite(byte[] file, int at, ReadOnlySpan<byte> bytes)
    {
        var result = (byte[])file.Clone();
        bytes[..Math.Min(bytes.Length, file.Length - at)].CopyTo(result.AsSpan(at));
        return result;
    }
}
