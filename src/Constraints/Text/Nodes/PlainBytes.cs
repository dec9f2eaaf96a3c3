namespace Penstock.Constraints.Text.Nodes;

/// <summary>Which byte stands for a class where any would do: one that a reader expects and JSON need not escape.</summary>
internal static class PlainBytes
{
    private static ReadOnlySpan<byte> Preferred => "a0A x-_.:/"u8;

    public static byte Of(byte first, byte last)
    {
        foreach (var value in Preferred)
        {
            if (first <= value && value <= last)
                return value;
        }

        for (int value = first; value <= last; value++)
        {
            if (IsPlain((byte)value))
                return (byte)value;
        }

        return first;
    }

    public static bool IsPlain(byte value) => value is >= 0x20 and not (byte)'"' and not (byte)'\\' and not 0x7F;
}
