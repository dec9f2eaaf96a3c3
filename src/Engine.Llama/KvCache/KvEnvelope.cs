using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Llama.KvCache;

/// <summary>
/// What lies around a saved state: the library trusts the bytes that it is given, so they carry a key of the model and its KV types,
/// the tokens, their own length and a checksum. 40 bytes: magic, key, tokens, nothing, length, CRC-32C of all else, nothing.
/// </summary>
internal readonly struct KvEnvelope(ulong modelKey)
{
    public const int HeaderBytes = 40;

    private const ulong Magic = 0x31564B4D4C4C5350; // "PSLLMKV1"
    private const int ChecksumAt = 32;

    /// <summary>Fills the header of <paramref name="whole"/>, whose payload is in place.</summary>
    public void Seal(Span<byte> whole, int tokens)
    {
        whole[..HeaderBytes].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(whole, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(whole[8..], modelKey);
        BinaryPrimitives.WriteInt32LittleEndian(whole[16..], tokens);
        BinaryPrimitives.WriteInt64LittleEndian(whole[24..], whole.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(whole[ChecksumAt..], Checksum(whole));
    }

    /// <summary>Whether these are undamaged bytes of this model; then how many tokens and the payload.</summary>
    public bool TryOpen(ReadOnlySpan<byte> whole, out int tokens, out ReadOnlySpan<byte> payload)
    {
        tokens = 0;
        payload = default;
        if (whole.Length < HeaderBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(whole) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(whole[8..]) != modelKey
            || BinaryPrimitives.ReadInt64LittleEndian(whole[24..]) != whole.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(whole[ChecksumAt..]) != Checksum(whole))
        {
            return false;
        }

        tokens = BinaryPrimitives.ReadInt32LittleEndian(whole[16..]);
        payload = whole[HeaderBytes..];
        return tokens > 0;
    }

    private static uint Checksum(ReadOnlySpan<byte> whole) => Append(Append(0, whole[..ChecksumAt]), whole[HeaderBytes..]);

    private static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            checksum = BitOperations.Crc32C(checksum, word);
        foreach (var rest in bytes[(bytes.Length / sizeof(ulong) * sizeof(ulong))..])
            checksum = BitOperations.Crc32C(checksum, rest);
        return checksum;
    }
}
