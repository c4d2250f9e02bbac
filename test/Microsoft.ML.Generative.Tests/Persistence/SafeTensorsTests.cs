using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Generative.Persistence;
using static System.Text.Encoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Generative.Tests.Persistence;

public sealed class SafeTensorsTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    [Fact]
    public void The_layout_is_the_one_that_other_tools_write()
    {
        using var scope = NewDisposeScope();
        (string, Tensor)[] tensors =
        [
            ("mask", tensor([true, false, true])),
            ("b", tensor([1f, -2f])),
            ("a", tensor(new float[] { 0.5f, 1f, 2f, 4f, 8f, 16f }, [2, 3])),
            ("steps", tensor(300L)),
        ];

        // 8-byte types first, then by name; no spaces between the members; filled up to 8 bytes with spaces
        var header = """{"__metadata__":{"format":"pt"},"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]}""" +
            ""","a":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]},"b":{"dtype":"F32","shape":[2],"data_offsets":[32,40]}""" +
            ""","mask":{"dtype":"BOOL","shape":[3],"data_offsets":[40,43]}}""";
        byte[] expected =
        [
            .. LengthPrefix((header.Length + 7) / 8 * 8), .. UTF8.GetBytes(header.PadRight((header.Length + 7) / 8 * 8)),
            0x2c, 1, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0, 0x41, 0, 0, 0x80, 0x41,
            0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0,
            1, 0, 1,
        ];

        Assert.Equal(expected, Write(new Dictionary<string, string> { ["format"] = "pt" }, tensors));
        var (metadata, read) = Read(expected);
        Assert.Equal("pt", Assert.Single(metadata).Value);
        Assert.Equal(new[] { 0.5f, 1f, 2f, 4f, 8f, 16f }, read["a"].data<float>().ToArray());
        Assert.Equal([2, 3], read["a"].shape);
        Assert.Equal(300L, read["steps"].item<long>());
        Assert.Equal(new[] { true, false, true }, read["mask"].data<bool>().ToArray());
    }

    [Fact]
    public void What_is_written_is_read_back_bit_by_bit()
    {
        ScalarType[] types = [ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.Int64, ScalarType.Int32, ScalarType.Byte, ScalarType.Bool];
        var entries =
            from name in ArbMap.Default.GeneratorFor<NonNull<string>>()
            from type in Gen.Elements(types)
            from shape in Gen.Choose(0, 4).Select(size => (long)size).ArrayOf()
            where shape.Length <= 5
            from content in Gen.Choose(0, int.MaxValue)
            select (Name: name.Get, type, shape, content);
        var texts = ArbMap.Default.GeneratorFor<Dictionary<string, NonNull<string>>>();
        var files = from metadata in texts from tensors in entries.ListOf() select (metadata, tensors: tensors.DistinctBy(t => t.Name).ToArray());

        Prop.ForAll(files.ToArbitrary(), file =>
        {
            using var scope = NewDisposeScope();
            var tensors = file.tensors.Where(t => IsUnicode(t.Name)).Select(t => (t.Name, Tensor: RandomTensor(t.type, t.shape, t.content))).ToList();
            var metadata = file.metadata.Where(m => IsUnicode(m.Key) && IsUnicode(m.Value.Get)).ToDictionary(m => m.Key, m => m.Value.Get);

            var (readMetadata, readTensors) = Read(Write(metadata, tensors));

            Assert.Equal(metadata, readMetadata);
            Assert.Equal(tensors.Select(t => t.Name).Order(StringComparer.Ordinal), readTensors.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, written) in tensors)
            {
                Assert.Equal(written.dtype, readTensors[name].dtype);
                Assert.Equal(written.shape, readTensors[name].shape);
                Assert.True(written.bytes.SequenceEqual(readTensors[name].bytes), name);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_transposed_tensor_is_written_in_the_order_of_its_shape()
    {
        using var scope = NewDisposeScope();
        var matrix = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);

        var (_, read) = Read(Write(NoMetadata, [("t", matrix.t())]));

        Assert.Equal([3, 2], read["t"].shape);
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], read["t"].data<float>().ToArray());
    }

    [Fact]
    public void A_parameter_is_written_without_a_trace_in_its_graph_and_no_tensor_is_left_behind()
    {
        using var weight = ones(3, 2, requires_grad: true);
        var before = LiveTensors.Count;

        var file = Write(NoMetadata, [("weight", weight)]);
        Assert.Equal(before, LiveTensors.Count);

        var (_, read) = Read(file);
        Assert.Equal(before + 1, LiveTensors.Count);
        Assert.False(read["weight"].requires_grad);
        read["weight"].Dispose();
    }

    [Fact]
    public void Names_that_cannot_be_told_apart_and_types_without_a_name_are_refused()
    {
        using var scope = NewDisposeScope();
        var one = ones(1);
        Assert.Equal("Two tensors are called 'w'.", Assert.Throws<ArgumentException>(() => Write(NoMetadata, [("w", one), ("w", one)])).Message);
        Assert.Equal("No tensor may be called '__metadata__'.", Assert.Throws<ArgumentException>(() => Write(NoMetadata, [("__metadata__", one)])).Message);
        Assert.Equal(
            "Tensor 'w' is of type Int16; only F64, I64, F32, I32, F16, U8, BOOL can be written.",
            Assert.Throws<ArgumentException>(() => Write(NoMetadata, [("w", one.to_type(ScalarType.Int16))])).Message);
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused_and_no_tensor_is_left_behind()
    {
        using var weights = arange(64, dtype: ScalarType.Float32);
        using var steps = tensor(7L);
        var file = Write(new Dictionary<string, string> { ["a"] = "b" }, [("weights", weights), ("steps", steps)]);
        var before = LiveTensors.Count;

        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(file[..length]));
            using var liar = new MemoryStream(file, 0, length);   // says that it is longer than it is
            var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(liar, file.Length, "weights.safetensors"));
            Assert.Equal($"weights.safetensors is cut short: it ends before its {file.Length} bytes.", error.Message);
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    [Theory]
    [InlineData(0ul, "The safetensors header of x cannot be read: it does not begin with '{'.")]
    [InlineData(9ul, "x is cut short: its header has 9 bytes, and 8 are left.")]
    [InlineData(100_000_001ul, "x is no safetensors file: its header would have 100000001 bytes, and at most 100000000 are read.")]
    [InlineData(ulong.MaxValue, "x is no safetensors file: its header would have 18446744073709551615 bytes, and at most 100000000 are read.")]
    public void A_header_that_cannot_be_there_is_refused(ulong length, string message)
    {
        var prefix = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream(prefix), 16, "x")).Message);
    }

    [Fact]
    public void A_file_of_a_few_bytes_is_refused() => Assert.Equal(
        "x is no safetensors file: it has 7 bytes, fewer than the 8 of the header's length.",
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream(7), 7, "x")).Message);

    [Theory]
    [InlineData("""[1]""", "it does not begin with '{'")]
    [InlineData("""{"w":1}""", "tensor 'w' is not an object")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "*uplicate*'w'*")]
    [InlineData("""{"__metadata__":[]}""", "__metadata__ is not an object")]
    [InlineData("""{"__metadata__":{"epoch":3}}""", "__metadata__ has a member 'epoch' that is not a text")]
    [InlineData("""{"w":{"shape":[2],"data_offsets":[0,8]}}""", "tensor 'w' has no dtype")]
    [InlineData("""{"w":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", "tensor 'w' has the dtype 'F31'; only F64, I64, F32, I32, F16, U8, BOOL can be read")]
    [InlineData("""{"w":{"dtype":"F32","data_offsets":[0,8]}}""", "tensor 'w' has no shape")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2]}}""", "tensor 'w' has no data_offsets")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"offset":3}}""", "tensor 'w' has an unknown member 'offset'")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "tensor 'w' has '-2' in its shape; whole numbers from 0 are expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", "tensor 'w' has '1.5' in its shape; whole numbers from 0 are expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", "tensor 'w' has '\"2\"' in its shape; whole numbers from 0 are expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", "tensor 'w' has '99999999999999999999' in its shape; whole numbers from 0 are expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", "tensor 'w' of shape (4294967296, 4294967296) is too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4294967296,0,4294967296],"data_offsets":[0,0]}}""", "tensor 'w' of shape (4294967296, 0, 4294967296) is too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2305843009213693952],"data_offsets":[0,8]}}""", "tensor 'w' of shape (2305843009213693952) is too large")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "tensor 'w' has 17 dimensions; at most 16 can be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}""", "tensor 'w' lies from 0 to 4000; there are 8 bytes of data")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "tensor 'w' lies from 8 to 0; there are 8 bytes of data")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "tensor 'w' has '-8' in its data_offsets; whole numbers from 0 are expected")]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "tensor 'w' has 1 data_offsets instead of 2")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "tensor 'w' of shape (3) and dtype F32 takes 12 bytes; it is given 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'b' begins at 4, inside the one before it, which ends at 8")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "tensor 'b' begins at 4; the bytes from 2 belong to none")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", "the tensors end at 2; there are 8 bytes of data")]
    [InlineData("""{}""", "the tensors end at 0; there are 8 bytes of data")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", "*")]
    [InlineData("""{"w":""", "*")]
    [InlineData("""{} {}""", "*")]
    public void A_header_that_does_not_fit_the_data_is_refused(string header, string message)
    {
        var before = LiveTensors.Count;
        byte[] file = [.. LengthPrefix(header.Length), .. UTF8.GetBytes(header), .. new byte[8]];

        var error = Assert.Throws<InvalidDataException>(() => Read(file));

        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape($"The safetensors header of file.safetensors cannot be read: {message}.").Replace("\\*", ".*") + "$", error.Message);
        Assert.Equal(before, LiveTensors.Count);
    }

    [Fact]
    public void Bytes_that_are_no_booleans_are_refused()
    {
        var header = """{"w":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}""";
        byte[] file = [.. LengthPrefix(header.Length), .. UTF8.GetBytes(header), 1, 2];
        var error = Assert.Throws<InvalidDataException>(() => Read(file));
        Assert.Equal("Tensor 'w' of file.safetensors is BOOL and has bytes other than 0 and 1.", error.Message);
    }

    [Fact]
    public void A_long_hostile_name_is_not_repeated_at_full_length()
    {
        var header = $$"""{"{{new string('w', 1000)}}":1}""";
        byte[] file = [.. LengthPrefix(header.Length), .. UTF8.GetBytes(header)];
        Assert.InRange(Assert.Throws<InvalidDataException>(() => Read(file)).Message.Length, 80, 200);
    }

    private static byte[] LengthPrefix(int length)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
        return prefix;
    }

    private static Tensor RandomTensor(ScalarType type, long[] shape, int seed)
    {
        var result = empty(shape, type);
        if (result.numel() == 0) return result;
        new Random(seed).NextBytes(result.bytes);
        if (type == ScalarType.Bool)
            foreach (ref var b in result.bytes) b &= 1;
        return result;
    }

    private static bool IsUnicode(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    private static byte[] Write(Dictionary<string, string> metadata, IEnumerable<(string, Tensor)> tensors)
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, metadata, tensors);
        return stream.ToArray();
    }

    private static (IReadOnlyDictionary<string, string> Metadata, Dictionary<string, Tensor> Tensors) Read(byte[] file) =>
        SafeTensors.Read(new MemoryStream(file), file.Length, "file.safetensors");
}
