using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>
/// Q3_K: 32 bytes with the third bits (value <c>i</c> in bit <c>i / 32</c> of byte <c>i % 32</c>), 64 bytes of <see cref="TwoBits"/>, 16 scales of
/// 6 bits plus 32 (8 bytes of lower nibbles, then 4 bytes of <see cref="TwoBits"/>-like upper bits), the unit.
/// </summary>
internal readonly struct Q3K : ISuperblockFormat
{
    private const int QuantsAt = 32;
    private const int ScalesAt = 96;
    private const int UpperScalesAt = 104;
    private const int UnitAt = 108;
    private const int ScaleOffset = 32;

    public static int Bytes => 110;

    public static int GroupSize => 16;

    public static int TopLevel => 7;

    public static int Offset => 4;

    public static (int Lowest, int Highest) GroupRange => (-32, 31);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        parts.Scale = MemoryMarshal.Read<Half>(block[UnitAt..]);
        for (var group = 0; group < BlockParts.MostGroups; group++)
        {
            var lower = (block[ScalesAt + (group % 8)] >> (group / 8 * 4)) & 15;
            var upper = (block[UpperScalesAt + (group % 4)] >> (group / 4 * 2)) & 3;
            parts.Scales[group] = (sbyte)((lower | (upper << 4)) - ScaleOffset);
        }

        for (var run = 0; run < BitRuns.Count; run++)
            BitRuns.Store(BitRuns.Two(block[QuantsAt..], run) | BitRuns.Above(BitRuns.One(block, run), 2), ref parts, run);
    }

    public static void Pack(in BlockParts parts, Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.Write(block[UnitAt..], parts.Scale);
        for (var group = 0; group < BlockParts.MostGroups; group++)
        {
            var scale = parts.Scales[group] + ScaleOffset;
            block[ScalesAt + (group % 8)] |= (byte)((scale & 15) << (group / 8 * 4));
            block[UpperScalesAt + (group % 4)] |= (byte)(scale >> 4 << (group / 4 * 2));
        }

        for (var i = 0; i < BlockParts.Size; i++)
        {
            TwoBits.Set(block[QuantsAt..], i, parts.Levels[i]);
            block[i % 32] |= (byte)(parts.Levels[i] >> 2 << (i / 32));
        }
    }
}
