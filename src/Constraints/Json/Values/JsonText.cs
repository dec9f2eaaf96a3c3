using System.Buffers;

namespace Penstock.Constraints.Json.Values;

/// <summary>Writes decoded texts as JSON strings, with no more escapes than JSON asks for.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>A text in quotes.</summary>
    public static byte[] Quote(ReadOnlySpan<byte> utf8)
    {
        if (!utf8.ContainsAny(Escaped))
        {
            return [(byte)'"', .. utf8, (byte)'"'];
        }

        var output = new ArrayBufferWriter<byte>(utf8.Length + 2);
        output.Write("\""u8);
        foreach (var value in utf8)
        {
            if (value is (byte)'"' or (byte)'\\')
            {
                output.Write([(byte)'\\', value]);
            }
            else if (value < 0x20)
            {
                output.Write([.. "\\u00"u8, (byte)('0' + (value >> 4)), (byte)((value & 15) < 10 ? '0' + (value & 15) : 'a' + (value & 15) - 10)]);
            }
            else
            {
                output.Write([value]);
            }
        }

        output.Write("\""u8);
        return output.WrittenSpan.ToArray();
    }
}
