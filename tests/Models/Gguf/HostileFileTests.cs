using Penstock.Models.Gguf;

namespace Penstock.Models.Tests.Gguf;

public sealed class HostileFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, byte[], string> Lies => new()
    {
        { "empty", [], "does not begin with \"GGUF\"" },
        { "another format", "PK\u0003\u0004zipzipzip"u8.ToArray(), "does not begin with \"GGUF\"" },
        { "magic only", "GGUF"u8.ToArray(), "ends inside the version" },
        { "version 1", GgufBytes.Header(0, 0, 1).ToArray(), "version 1 is not supported" },
        { "big-endian", GgufBytes.Header(0, 0, 0x0300_0000).ToArray(), "big-endian" },
        { "tensors without end", GgufBytes.Header(ulong.MaxValue, 0).Zeros(100).ToArray(), "the number of tensors is 18446744073709551615, more than" },
        { "pairs without end", GgufBytes.Header(0, 1UL << 40).Zeros(100).ToArray(), "the number of metadata pairs is 1099511627776, more than" },
        { "key without end", GgufBytes.Header(0, 1).UInt64(1UL << 62).Zeros(100).ToArray(), "the length of a metadata key" },
        { "string without end", GgufBytes.Header(0, 1).Pair("k", GgufValueType.String).UInt64(long.MaxValue).Zeros(9).ToArray(), "the length of k" },
        { "array without end", GgufBytes.Header(0, 1).Pair("k", GgufValueType.Array).UInt32(12).UInt64(1UL << 61).Zeros(64).ToArray(), "the length of k" },
        { "array of arrays", GgufBytes.Header(0, 1).Pair("k", GgufValueType.Array).UInt32(9).UInt64(1).Zeros(64).ToArray(), "array of arrays" },
        { "unknown value type", GgufBytes.Header(0, 1).Pair("k", (GgufValueType)77).Zeros(64).ToArray(), "unknown value type 77" },
        { "bool of 2", GgufBytes.Header(0, 1).Pair("k", GgufValueType.Bool).Raw([2]).ToArray(), "bool with the value 2" },
        { "key twice", GgufBytes.Header(0, 2).Pair("k", GgufValueType.UInt32).UInt32(1).Pair("k", GgufValueType.UInt32).UInt32(1).ToArray(), "stands twice" },
        { "alignment 0", GgufBytes.Header(0, 1).Pair("general.alignment", GgufValueType.UInt32).UInt32(0).ToArray(), "general.alignment is 0" },
        { "alignment 48", GgufBytes.Header(0, 1).Pair("general.alignment", GgufValueType.UInt32).UInt32(48).ToArray(), "general.alignment is 48" },
        { "no dimension", One(t => t.Tensor("t", [], 0, 0)), "has 0 dimensions" },
        { "five dimensions", One(t => t.Tensor("t", [1, 1, 1, 1, 1], 0, 0)), "has 5 dimensions" },
        { "dimension 0", One(t => t.Tensor("t", [0], 0, 0)), "impossible dimension 0" },
        { "product overflows", One(t => t.Tensor("t", [1UL << 32, 1UL << 32], 0, 0)), "impossible dimension" },
        { "dimension overflows", One(t => t.Tensor("t", [ulong.MaxValue], 0, 0)), "impossible dimension" },
        { "unknown tensor type", One(t => t.Tensor("t", [32], 99, 0)), "unknown tensor type 99" },
        { "withdrawn tensor type", One(t => t.Tensor("t", [32], 4, 0)), "unknown tensor type 4" },
        { "part of a block", One(t => t.Tensor("t", [33], 8, 0)), "not whole Q8_0 blocks of 32" },
        { "unaligned", One(t => t.Tensor("t", [8], 0, 16)), "not aligned to 32" },
        { "behind the end", One(t => t.Tensor("t", [8], 0, 1 << 20)), "needs 32 bytes" },
        { "offset overflows", One(t => t.Tensor("t", [8], 0, ulong.MaxValue - 31)), "impossible offset" },
        { "larger than the file", One(t => t.Tensor("t", [1UL << 40], 0, 0)), "needs 4398046511104 bytes" },
        { "tensor twice", GgufBytes.Header(2, 0).Tensor("t", [8], 0, 0).Tensor("t", [8], 0, 32).Zeros(512).ToArray(), "stands twice" },
        { "overlap", GgufBytes.Header(2, 0).Tensor("a", [16], 0, 0).Tensor("b", [8], 0, 32).Zeros(512).ToArray(), "a and b overlap" },
        { "escape codes in a name", One(t => t.Tensor("\u001b[2J", [8], 99, 0)), "the tensor ?[2J has" },
    };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Lies), DisableDiscoveryEnumeration = true)]
    public void Open_Lie_IsRefusedByName(string lie, byte[] bytes, string expected)
    {
        var path = folder.File("lie.gguf");
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<GgufException>(() => GgufFile.Open(path).Dispose());

        Assert.Contains(expected, error.Message);
        Assert.StartsWith(path, error.Message);
        Assert.True(error.Message.EndsWith('.'), lie);
    }

    [Fact]
    public void Open_Folder_SaysSo() =>
        Assert.Contains("this is a folder", Assert.Throws<GgufException>(() => GgufFile.Open(Path.GetTempPath())).Message);

    [Fact]
    public void Open_VersionTwo_IsRead()
    {
        var path = folder.File("two.gguf");
        File.WriteAllBytes(path, GgufBytes.Header(1, 0, 2).Tensor("t", [8], 0, 0).Zeros(128).ToArray());

        using var file = GgufFile.Open(path);
        Assert.Equal(32, file.Find("t")!.ByteLength);
    }

    private static byte[] One(Func<GgufBytes, GgufBytes> tensor) => tensor(GgufBytes.Header(1, 0)).Zeros(512).ToArray();
}
