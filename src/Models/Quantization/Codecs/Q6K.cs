using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>
/// Q6_K: 128 bytes of lower nibbles (in each 128 values, byte <c>i</c> of 64 holds value <c>i</c> below and <c>i + 64</c> above), 64 bytes of
/// <see cref="TwoBits"/> with the upper bits, 16 signed bytes of scale, the unit.
/// </summary>
internal readonly struct Q6K : ISuperblockFormat
{
    private const int UpperAt = 128;
    private const int ScalesAt = 192;
    private const int UnitAt = 208;

    public static int Bytes => 210;

    public static int GroupSize => 16;

    public static int TopLevel => 63;

    public static int Offset => 32;

    public static (int Lowest, int Highest) GroupRange => (-128, 127);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        parts.Scale = MemoryMarshal.Read<Half>(block[UnitAt..]);
        MemoryMarshal.Cast<byte, sbyte>(block.Slice(ScalesAt, BlockParts.MostGroups)).CopyTo(parts.Scales);
        for (var run = 0; run < BitRuns.Count; run++)
            BitRuns.Store(BitRuns.FourOfSix(block, run) | BitRuns.Above(BitRuns.Two(block[UpperAt..], run), 4), ref parts, run);
    }

    public static void Pack(in BlockParts parts, Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.Write(block[UnitAt..], parts.Scale);
        ReadOnlySpan<sbyte> scales = parts.Scales;
        MemoryMarshal.AsBytes(scales).CopyTo(block[ScalesAt..]);
        for (var i = 0; i < BlockParts.Size; i++)
        {
            block[LowerByte(i)] |= (byte)((parts.Levels[i] & 15) << LowerShift(i));
            TwoBits.Set(block[UpperAt..], i, parts.Levels[i] >> 4);
        }
    }

    private static int LowerByte(int i) => (i / 128 * 64) + (i % 64);

    private static int LowerShift(int i) => i % 128 / 64 * 4;
}
