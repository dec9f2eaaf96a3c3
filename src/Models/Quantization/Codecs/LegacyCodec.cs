using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Penstock.Models.Quantization.Search;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>
/// Q4_0, Q4_1, Q5_0, Q5_1: scale, minimum if there is one, the fifth bits of the 32 levels if there are any, then the lower four bits:
/// byte <c>i</c> holds value <c>i</c> below and value <c>i + 16</c> above.
/// </summary>
/// <remarks>Without weights the levels are those of ggml's reference code, from the extremes alone; with weights a search finds scale and minimum.</remarks>
internal readonly struct LegacyCodec<TFormat> : IBlockCodec
    where TFormat : struct, ILegacyFormat
{
    private const int Half = 16;
    private const ulong Ones = 0x0101010101010101;

    public static int Elements => 2 * Half;

    public static int Bytes => QuantsAt + Half;

    private static int Levels => 1 << TFormat.Bits;

    private static int Offset => TFormat.HasMinimum ? 0 : Levels / 2;

    private static int FifthBitsAt => TFormat.HasMinimum ? 4 : 2;

    private static int QuantsAt => FifthBitsAt + (TFormat.Bits == 5 ? sizeof(uint) : 0);

    public static void Read(ReadOnlySpan<byte> block, Span<float> values)
    {
        var parts = default(BlockParts);
        Unpack(block, ref parts);
        var (scale, minimum) = ((float)parts.Scale, (float)parts.Minimum);
        for (var i = 0; i < values.Length; i++)
            values[i] = ((parts.Levels[i] - Offset) * scale) - minimum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(ReadOnlySpan<byte> block, ref BlockParts parts)
    {
        parts.Scale = MemoryMarshal.Read<System.Half>(block);
        parts.Minimum = TFormat.HasMinimum ? -MemoryMarshal.Read<System.Half>(block[2..]) : System.Half.Zero;
        (parts.Scales[0], parts.Minima[0]) = (1, 1);
        var quants = Vector128.Create(block[QuantsAt..]);
        var levels = Vector256.Create(quants, quants >> 4) & Vector256.Create((byte)15);
        if (TFormat.Bits == 5)
            levels |= FifthBits(MemoryMarshal.Read<uint>(block[FifthBitsAt..]));
        levels.CopyTo(parts.Levels);
    }

    public static void Write(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> block)
    {
        var (scale, minimum) = weights.IsEmpty ? FromExtremes(values) : Searched(values, weights);
        MemoryMarshal.Write(block, (System.Half)scale);
        if (TFormat.HasMinimum)
            MemoryMarshal.Write(block[2..], (System.Half)minimum);

        var inverse = Reciprocal.Of(scale);
        var (start, offset) = TFormat.HasMinimum ? (minimum, 0.5f) : (0, (Levels / 2) + 0.5f);
        var fifth = 0u;
        var quants = block.Slice(QuantsAt, Half);
        for (var i = 0; i < Half; i++)
        {
            var (low, high) = (Level(values[i]), Level(values[i + Half]));
            quants[i] = (byte)((low & 0xF) | ((high & 0xF) << 4));
            fifth |= ((uint)low >> 4 << i) | ((uint)high >> 4 << (i + Half));
        }

        if (TFormat.Bits == 5)
            MemoryMarshal.Write(block[FifthBitsAt..], fifth);

        int Level(float value) => Math.Clamp((int)(((value - start) * inverse) + offset), 0, Levels - 1);
    }

    /// <summary>Bit <c>i</c> as 16 in byte <c>i</c>.</summary>
    private static Vector256<byte> FifthBits(uint bits)
    {
        var eight = Vector256.Create(0x8040201008040201).AsByte();
        var spread = Vector256.Create((bits & 0xFF) * Ones, ((bits >> 8) & 0xFF) * Ones, ((bits >> 16) & 0xFF) * Ones, (bits >> 24) * Ones).AsByte();
        return Vector256.Equals(spread & eight, eight) & Vector256.Create((byte)16);
    }

    private static (float Scale, float Minimum) FromExtremes(ReadOnlySpan<float> values)
    {
        var (least, greatest, largest) = (values[0], values[0], 0f);
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            greatest = Math.Max(greatest, value);
            if (Math.Abs(largest) < Math.Abs(value))
                largest = value;
        }

        // Without a minimum the value of largest magnitude becomes level 0, whatever its sign: the other end has one level less.
        return TFormat.HasMinimum ? ((greatest - least) / (Levels - 1), least) : (largest / -(Levels / 2), 0);
    }

    // As they will be read: the levels are then the nearest ones.
    private static (float Scale, float Minimum) Searched(ReadOnlySpan<float> values, ReadOnlySpan<float> weights)
    {
        var (scale, minimum) = TFormat.HasMinimum
            ? AffineSearch.Fit(values, weights, Levels - 1, negative: false)
            : (SymmetricSearch.Fit(values, weights, Levels / 2), 0);
        return ((float)StoredScale.Of(scale), (float)(System.Half)minimum);
    }
}
