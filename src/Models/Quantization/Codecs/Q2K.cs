using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>Q2_K: 16 bytes of scale (below) and minimum (above), 64 bytes of <see cref="TwoBits"/>, the two units.</summary>
internal readonly struct Q2K : ISuperblockFormat
{
    private const int QuantsAt = 16;
    private const int UnitsAt = 80;

    public static int Bytes => 84;

    public static int GroupSize => 16;

    public static int TopLevel => 3;

    public static int Offset => 0;

    public static (int Lowest, int Highest) GroupRange => (0, 15);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        parts.Scale = MemoryMarshal.Read<Half>(block[UnitsAt..]);
        parts.Minimum = MemoryMarshal.Read<Half>(block[(UnitsAt + 2)..]);
        for (var group = 0; group < BlockParts.MostGroups; group++)
            (parts.Scales[group], parts.Minima[group]) = ((sbyte)(block[group] & 15), (sbyte)(block[group] >> 4));
        for (var run = 0; run < BitRuns.Count; run++)
            BitRuns.Store(BitRuns.Two(block[QuantsAt..], run), ref parts, run);
    }

    public static void Pack(in BlockParts parts, Span<byte> block)
    {
        block.Clear();
        MemoryMarshal.Write(block[UnitsAt..], parts.Scale);
        MemoryMarshal.Write(block[(UnitsAt + 2)..], parts.Minimum);
        for (var group = 0; group < BlockParts.MostGroups; group++)
            block[group] = (byte)(parts.Scales[group] + (parts.Minima[group] << 4));
        for (var i = 0; i < BlockParts.Size; i++)
            TwoBits.Set(block[QuantsAt..], i, parts.Levels[i]);
    }
}
