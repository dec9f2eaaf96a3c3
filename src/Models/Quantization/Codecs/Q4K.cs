using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>Q4_K: the two units, <see cref="SixBitPairs"/>, 128 bytes of nibbles: in each 64 values, byte <c>i</c> of 32 holds value <c>i</c> below and <c>i + 32</c> above.</summary>
internal readonly struct Q4K : ISuperblockFormat
{
    private const int PairsAt = 4;
    private const int QuantsAt = 16;

    public static int Bytes => 144;

    public static int GroupSize => 32;

    public static int TopLevel => 15;

    public static int Offset => 0;

    public static (int Lowest, int Highest) GroupRange => (0, 63);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        parts.Scale = MemoryMarshal.Read<Half>(block);
        parts.Minimum = MemoryMarshal.Read<Half>(block[2..]);
        SixBitPairs.Unpack(block[PairsAt..], ref parts);
        for (var run = 0; run < BitRuns.Count; run++)
            BitRuns.Store(BitRuns.Four(block[QuantsAt..], run), ref parts, run);
    }

    public static void Pack(in BlockParts parts, Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.Write(block, parts.Scale);
        MemoryMarshal.Write(block[2..], parts.Minimum);
        SixBitPairs.Pack(in parts, block[PairsAt..]);
        for (var i = 0; i < BlockParts.Size; i++)
            block[QuantsAt + NibbleByte(i)] |= (byte)(parts.Levels[i] << NibbleShift(i));
    }

    /// <summary>Byte of a value's lower four bits.</summary>
    public static int NibbleByte(int i) => (i / 64 * 32) + (i % 32);

    /// <summary>Where they are in that byte.</summary>
    public static int NibbleShift(int i) => i % 64 / 32 * 4;
}
