using System.Buffers.Text;

namespace Penstock.Benchmarks.Load.Clients;

/// <summary>Reads what a client must know of an answer's headers.</summary>
internal static class ResponseHead
{
    /// <summary>Where the body begins (-1 = not there yet) and how long it is (-1 = chunked).</summary>
    public static (int Body, int Length) Find(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return (-1, -1);
        var at = answer[..end].IndexOf("ontent-Length: "u8);
        at = at < 0 ? answer[..end].IndexOf("ontent-length: "u8) : at;
        return at >= 0 && Utf8Parser.TryParse(answer[(at + 15)..end], out int length, out var _) ? (end + 4, length) : (end + 4, -1);
    }

    /// <summary>The status of an answer.</summary>
    public static int Status(ReadOnlySpan<byte> answer) => Utf8Parser.TryParse(answer[9..12], out int status, out var _) ? status : 0;
}
