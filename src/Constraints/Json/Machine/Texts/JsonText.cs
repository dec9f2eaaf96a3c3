using System.Buffers;
using System.Text;

namespace Penstock.Constraints.Json.Machine.Texts;

/// <summary>Decoded text as it stands between the quotes of JSON.</summary>
internal static class JsonText
{
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> decoded)
    {
        foreach (var value in decoded)
        {
            switch (value)
            {
                case (byte)'"':
                    output.Write("\\\""u8);
                    break;
                case (byte)'\\':
                    output.Write("\\\\"u8);
                    break;
                case (byte)'\n':
                    output.Write("\\n"u8);
                    break;
                case < 0x20:
                    output.Write(Encoding.ASCII.GetBytes($"\\u{value:x4}"));
                    break;
                default:
                    output.Write([value]);
                    break;
            }
        }
    }

    public static long LengthOf(ReadOnlySpan<byte> decoded)
    {
        var length = (long)decoded.Length;
        foreach (var value in decoded)
            length += value is (byte)'"' or (byte)'\\' or (byte)'\n' ? 1 : value < 0x20 ? 5 : 0;

        return length;
    }
}
