namespace Penstock.Models.Answers;

/// <summary>Searching in text whose rest has not come yet.</summary>
internal static class Bytes
{
    public static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    /// <summary>The first place from <paramref name="start"/> on that is not white space.</summary>
    public static int SkipSpace(ReadOnlySpan<byte> text, int start)
    {
        while (start < text.Length && IsSpace(text[start]))
            start++;
        return start;
    }

    /// <summary>Length without the white space at the end.</summary>
    public static int TrimmedLength(ReadOnlySpan<byte> text)
    {
        var length = text.Length;
        while (length > 0 && IsSpace(text[length - 1]))
            length--;
        return length;
    }

    /// <summary>Length of the text that cannot be the beginning of <paramref name="marker"/>.</summary>
    public static int LengthBefore(ReadOnlySpan<byte> text, ReadOnlySpan<byte> marker)
    {
        for (var start = Math.Max(0, text.Length - marker.Length + 1); start < text.Length; start++)
        {
            if (marker.StartsWith(text[start..]))
                return start;
        }

        return text.Length;
    }
}
