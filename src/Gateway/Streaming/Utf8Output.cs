using System.Buffers;
using System.Buffers.Text;

namespace Penstock.Gateway.Streaming;

/// <summary>Writes pieces of JSON that are known in advance around text that is not. Allocates nothing.</summary>
internal static class Utf8Output
{
    public static void WriteNumber(this IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>Writes the inside of a JSON string. What is not UTF-8 becomes U+FFFD.</summary>
    public static void WriteEscaped(this IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        do
        {
            // Six bytes for the worst character: \u0000.
            var span = output.GetSpan(Math.Min(utf8.Length, 2048) * 6 + 16);
            JsonResponse.Encoder.EncodeUtf8(utf8, span, out var consumed, out var written);
            output.Advance(written);
            utf8 = utf8[consumed..];
        }
        while (!utf8.IsEmpty);
    }
}
