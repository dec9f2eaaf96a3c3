namespace Penstock.Models.Quantization.Codecs;

/// <summary>Writes the two-bit layout that several K types share: in each 128 values, byte <c>i</c> of 32 holds the values <c>i</c>, <c>i + 32</c>, <c>i + 64</c>, <c>i + 96</c>, the first in the lowest bits.</summary>
internal static class TwoBits
{
    /// <summary>Sets two bits that are still 0.</summary>
    public static void Set(Span<byte> bytes, int i, int value) => bytes[Byte(i)] |= (byte)((value & 3) << Shift(i));

    private static int Byte(int i) => (i / 128 * 32) + (i % 32);

    private static int Shift(int i) => i % 128 / 32 * 2;
}
