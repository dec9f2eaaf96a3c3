using System.Buffers.Binary;

namespace Penstock.Gateway.Idempotency;

/// <summary>Chunks as the bytes of a segment: each after its length, 4 bytes, little-endian.</summary>
internal static class ChunkCodec
{
    private const int Prefix = sizeof(int);

    public static ReadOnlyMemory<byte> Encode(IReadOnlyCollection<ReadOnlyMemory<byte>> chunks)
    {
        var bytes = new byte[chunks.Sum(chunk => Prefix + chunk.Length)];
        var rest = bytes.AsSpan();
        foreach (var chunk in chunks)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, chunk.Length);
            chunk.Span.CopyTo(rest[Prefix..]);
            rest = rest[(Prefix + chunk.Length)..];
        }

        return bytes;
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> Decode(ReadOnlyMemory<byte> bytes)
    {
        var chunks = new List<ReadOnlyMemory<byte>>();
        while (!bytes.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
            chunks.Add(bytes.Slice(Prefix, length));
            bytes = bytes[(Prefix + length)..];
        }

        return chunks;
    }
}
