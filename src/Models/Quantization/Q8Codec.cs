using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization;

/// <summary>Q8_0: blocks of 32 values as one F16 scale and 32 signed bytes; value = scale * byte.</summary>
/// <remarks>As ggml's <c>quantize_row_q8_0_ref</c>: the scale is the largest magnitude / 127, bytes are rounded half away from zero.</remarks>
internal static class Q8Codec
{
    private const int Elements = 32;
    private const int Bytes = 34;

    public static void Read(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (; destination.Length > 0; destination = destination[Elements..], source = source[Bytes..])
        {
            var scale = (float)MemoryMarshal.Read<Half>(source);
            var quants = MemoryMarshal.Cast<byte, sbyte>(source.Slice(2, Elements));
            var block = destination[..Elements];
            for (var i = 0; i < block.Length; i++)
                block[i] = quants[i] * scale;
        }
    }

    public static void Write(ReadOnlySpan<float> source, Span<byte> destination)
    {
        for (; source.Length > 0; source = source[Elements..], destination = destination[Bytes..])
        {
            var block = source[..Elements];
            var largest = 0f;
            foreach (var value in block)
                largest = Math.Max(largest, Math.Abs(value));

            var scale = largest / 127;
            // The quants divide by the exact scale, not by the rounded one that is stored; ggml does so, and equality is the point.
            var inverse = scale != 0 ? 1 / scale : 0;
            MemoryMarshal.Write(destination, (Half)scale);
            var quants = MemoryMarshal.Cast<byte, sbyte>(destination.Slice(2, Elements));
            for (var i = 0; i < block.Length; i++)
                quants[i] = (sbyte)MathF.Round(block[i] * inverse, MidpointRounding.AwayFromZero);
        }
    }
}
