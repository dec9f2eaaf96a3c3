namespace Penstock.Models.Quantization.Codecs;

/// <summary>The 16-bit floating-point types.</summary>
internal static class FloatCodec
{
    public static void ReadF16(ReadOnlySpan<Half> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = (float)source[i];
    }

    public static void WriteF16(ReadOnlySpan<float> source, Span<Half> destination)
    {
        for (var i = 0; i < source.Length; i++)
            destination[i] = (Half)source[i];
    }

    /// <summary>BF16 is the upper half of an F32.</summary>
    public static void ReadBF16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }

    public static void WriteBF16(ReadOnlySpan<float> source, Span<ushort> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(source[i]);
            destination[i] = float.IsNaN(source[i])
                ? (ushort)((bits >> 16) | 0x40) // stays a NaN, made quiet
                : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16); // to nearest, ties to even
        }
    }
}
