using System.Runtime.InteropServices;

namespace Penstock.Models.Quantization.Codecs;

/// <summary>Q8_0: blocks of 32 values as one F16 scale and 32 signed bytes; value = scale * byte.</summary>
/// <remarks>As ggml's reference: the scale is the largest magnitude / 127, bytes are rounded half away from zero. Weights change nothing at this precision.</remarks>
internal readonly struct Q8Codec : IBlockCodec
{
    public static int Elements => 32;

    public static int Bytes => 34;

    public static void Read(ReadOnlySpan<byte> block, Span<float> values)
    {
        var scale = (float)MemoryMarshal.Read<Half>(block);
        var quants = MemoryMarshal.Cast<byte, sbyte>(block[2..]);
        for (var i = 0; i < values.Length; i++)
            values[i] = quants[i] * scale;
    }

    public static void Write(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<byte> block)
    {
        var largest = 0f;
        foreach (var value in values)
            largest = Math.Max(largest, Math.Abs(value));

        var scale = largest / 127;
        // The quants divide by the exact scale, not by the rounded one that is stored; ggml does so, and equality is the point.
        var inverse = Reciprocal.Of(scale);
        MemoryMarshal.Write(block, (Half)scale);
        var quants = MemoryMarshal.Cast<byte, sbyte>(block[2..]);
        for (var i = 0; i < values.Length; i++)
            quants[i] = (sbyte)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero);
    }
}
