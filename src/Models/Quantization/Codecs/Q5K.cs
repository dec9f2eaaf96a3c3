using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>Q5_K: as Q4_K, with 32 bytes of fifth bits before the nibbles: value <c>i</c> in bit <c>i / 32</c> of byte <c>i % 32</c>.</summary>
internal readonly struct Q5K : ISuperblockFormat
{
    private const int PairsAt = 4;
    private const int FifthAt = 16;
    private const int QuantsAt = 48;

    public static int Bytes => 176;

    public static int GroupSize => 32;

    public static int TopLevel => 31;

    public static int Offset => 0;

    public static (int Lowest, int Highest) GroupRange => (0, 63);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        parts.Scale = MemoryMarshal.Read<Half>(block);
        parts.Minimum = MemoryMarshal.Read<Half>(block[2..]);
        SixBitPairs.Unpack(block[PairsAt..], ref parts);
        for (var run = 0; run < BitRuns.Count; run++)
            BitRuns.Store(BitRuns.Four(block[QuantsAt..], run) | BitRuns.Above(BitRuns.One(block[FifthAt..], run), 4), ref parts, run);
    }

    public static void Pack(in BlockParts parts, Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.Write(block, parts.Scale);
        MemoryMarshal.Write(block[2..], parts.Minimum);
        SixBitPairs.Pack(in parts, block[PairsAt..]);
        for (var i = 0; i < BlockParts.Size; i++)
        {
            block[QuantsAt + Q4K.NibbleByte(i)] |= (byte)((parts.Levels[i] & 15) << Q4K.NibbleShift(i));
            block[FifthAt + (i % 32)] |= (byte)(parts.Levels[i] >> 4 << (i / 32));
        }
    }
}
