using System.Runtime.CompilerServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>
/// Eight scales and eight minima of 6 bits in 12 bytes (Q4_K, Q5_K): bytes 0-3 and 4-7 hold scale and minimum of groups 0-3 below, with the top two
/// bits of those of groups 4-7 above them; bytes 8-11 hold the lower four bits of groups 4-7, scale below and minimum above.
/// </summary>
internal static class SixBitPairs
{
    private const int Groups = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(ReadOnlySpan<byte> bytes, ref BlockParts parts)
    {
        for (var i = 0; i < Groups / 2; i++)
        {
            parts.Scales[i] = (sbyte)(bytes[i] & 63);
            parts.Minima[i] = (sbyte)(bytes[i + 4] & 63);
            parts.Scales[i + 4] = (sbyte)((bytes[i + 8] & 15) | (bytes[i] >> 6 << 4));
            parts.Minima[i + 4] = (sbyte)((bytes[i + 8] >> 4) | (bytes[i + 4] >> 6 << 4));
        }
    }

    public static void Pack(in BlockParts parts, Span<byte> bytes)
    {
        for (var i = 0; i < Groups / 2; i++)
        {
            bytes[i] = (byte)(parts.Scales[i] + (parts.Scales[i + 4] >> 4 << 6));
            bytes[i + 4] = (byte)(parts.Minima[i] + (parts.Minima[i + 4] >> 4 << 6));
            bytes[i + 8] = (byte)((parts.Scales[i + 4] & 15) | ((parts.Minima[i + 4] & 15) << 4));
        }
    }
}
