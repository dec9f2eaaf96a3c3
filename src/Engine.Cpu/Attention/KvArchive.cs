using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Penstock.Engine.Cpu.Attention;

/// <summary>
/// The saved form of a sequence's KV: a header of 32 bytes (magic, shape, KV type and model as one key, tokens), whole blocks, and a
/// CRC-32C over both. Slots after the last token are saved as zeros: they may hold what another sequence left.
/// </summary>
internal sealed class KvArchive
{
    private const ulong Magic = 0x31564B5055435350; // "PSCPUKV1"
    private const int HeaderBytes = 32;
    private const int ChecksumBytes = 4;

    private readonly KvLayout layout;
    private readonly ulong key;

    public KvArchive(KvLayout layout, ulong modelKey)
    {
        this.layout = layout;
        ReadOnlySpan<int> shape = [layout.Layers, layout.Heads, layout.HeadWidth, KvLayout.BlockTokens, (int)layout.Type];
        key = modelKey ^ ((ulong)Checksum(0, MemoryMarshal.AsBytes(shape)) << 16);
    }

    public Writer Begin(int length, IBufferWriter<byte> destination)
    {
        var header = destination.GetSpan(HeaderBytes)[..HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], key);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], length);
        var checksum = Checksum(0, header);
        destination.Advance(HeaderBytes);
        return new Writer(layout, destination, length, checksum);
    }

    /// <summary>Checks everything before anything is used.</summary>
    /// <param name="saved">What <see cref="Writer"/> wrote.</param>
    /// <param name="length">Tokens.</param>
    /// <param name="blocks">The blocks' bytes.</param>
    /// <returns>False: cut off, damaged, or of another model, shape or KV type.</returns>
    public bool TryOpen(ReadOnlySpan<byte> saved, out int length, out ReadOnlySpan<byte> blocks)
    {
        length = 0;
        blocks = default;
        if (saved.Length < HeaderBytes + ChecksumBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(saved) != Magic
            || BinaryPrimitives.ReadUInt64LittleEndian(saved[8..]) != key)
            return false;

        length = BinaryPrimitives.ReadInt32LittleEndian(saved[16..]);
        var body = saved[HeaderBytes..^ChecksumBytes];
        if (length < 0 || body.Length != (length + (long)KvLayout.BlockTokens - 1) / KvLayout.BlockTokens * layout.BlockBytes)
            return false;

        blocks = body;
        return Checksum(0, saved[..^ChecksumBytes]) == BinaryPrimitives.ReadUInt32LittleEndian(saved[^ChecksumBytes..]);
    }

    // Header and blocks are whole multiples of 8 bytes.
    private static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            checksum = BitOperations.Crc32C(checksum, word);
        return checksum;
    }

    /// <summary>Writes blocks one after the other.</summary>
    public unsafe ref struct Writer(KvLayout layout, IBufferWriter<byte> destination, int length, uint checksum)
    {
        private int remaining = length;
        private uint checksum = checksum;

        public void Write(byte* block)
        {
            var bytes = (int)layout.BlockBytes;
            var span = destination.GetSpan(bytes)[..bytes];
            new ReadOnlySpan<byte>(block, bytes).CopyTo(span);
            if (remaining < KvLayout.BlockTokens)
                ClearAfter(span, remaining);

            remaining -= KvLayout.BlockTokens;
            checksum = Checksum(checksum, span);
            destination.Advance(bytes);
        }

        public readonly void Complete()
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination.GetSpan(ChecksumBytes), checksum);
            destination.Advance(ChecksumBytes);
        }

        private readonly void ClearAfter(Span<byte> block, int tokens)
        {
            var format = layout.Format;
            for (var layer = 0; layer < layout.Layers; layer++)
            {
                for (var head = 0; head < layout.Heads; head++)
                {
                    format.ClearKeys(block.Slice((int)layout.Keys(layer, head), format.KeyBytes), tokens);
                    format.ClearValues(block.Slice((int)layout.Values(layer, head), format.ValueBytes), tokens);
                }
            }
        }
    }
}
