using System.Buffers.Binary;
using System.Text;
using Penstock.Models.Gguf;

namespace Penstock.Models.Tests.Gguf;

/// <summary>Writes GGUF bytes by hand, lies included.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte> bytes = [];

    public static GgufBytes Header(ulong tensors, ulong pairs, uint version = 3) => new GgufBytes().Raw("GGUF"u8).UInt32(version).UInt64(tensors).UInt64(pairs);

    public GgufBytes Raw(ReadOnlySpan<byte> more)
    {
        bytes.AddRange(more);
        return this;
    }

    public GgufBytes UInt32(uint value)
    {
        Span<byte> encoded = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(encoded, value);
        return Raw(encoded);
    }

    public GgufBytes UInt64(ulong value)
    {
        Span<byte> encoded = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(encoded, value);
        return Raw(encoded);
    }

    public GgufBytes Text(string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        return UInt64((ulong)encoded.Length).Raw(encoded);
    }

    public GgufBytes Pair(string key, GgufValueType type) => Text(key).UInt32((uint)type);

    public GgufBytes Tensor(string name, ulong[] shape, uint type, ulong offset)
    {
        Text(name).UInt32((uint)shape.Length);
        foreach (var dimension in shape)
            UInt64(dimension);
        return UInt32(type).UInt64(offset);
    }

    public GgufBytes Zeros(int count) => Raw(new byte[count]);

    public byte[] ToArray() => [.. bytes];
}
