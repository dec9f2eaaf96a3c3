using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization;

/// <summary>Q4_0: blocks of 32 values as one F16 scale and 16 bytes; value = scale * (nibble - 8), the lower nibbles first.</summary>
/// <remarks>As ggml's <c>quantize_row_q4_0_ref</c>: the value of largest magnitude, with its sign, becomes nibble 0.</remarks>
internal static class Q4Codec
{
    private const int Elements = 32;
    private const int Half = Elements / 2;
    private const int Bytes = 18;

    public static void Read(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; destination = destination[Elements..], source = source[Bytes..])
        {
            var scale = (float)MemoryMarshal.Read<System.Half>(source);
            var quants = source.Slice(2, Half);
            var block = destination[..Elements];
            for (var i = 0; i < quants.Length; i++)
            {
                block[i] = ((quants[i] & 0xf) - 8) * scale;
                block[i + Half] = ((quants[i] >> 4) - 8) * scale;
            }
        }
    }

    public static void Write(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Elements..], destination = destination[Bytes..])
        {
            var block = source[..Elements];
            var largest = 0f;
            foreach (var value in block)
            {
                if (Math.Abs(largest) < Math.Abs(value))
                    largest = value;
            }

            var scale = largest / -8;
            var inverse = scale != 0 ? 1 / scale : 0;
            MemoryMarshal.Write(destination, (System.Half)scale);
            var quants = destination.Slice(2, Half);
            for (var i = 0; i < quants.Length; i++)
                quants[i] = (byte)(Nibble(block[i] * inverse) | (Nibble(block[i + Half] * inverse) << 4));
        }
    }

    // From -8..8 to 0..15; the far end, +8, has no nibble of its own.
    private static int Nibble(float scaled) => Math.Min(15, (int)(scaled + 8.5f));
}
