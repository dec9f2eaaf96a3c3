using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Benchmarks.Load.Upstream;

/// <summary>
/// A provider that costs as little as can be: it is on the same processors as what is measured. <c>tools/stand-in</c> knows every fault of a provider, and takes
/// several times as long for an answer. The first half kilobyte of a body says what to do: <c>"stream":true</c>, and <c>"model":"mock-paced"</c> for a token every 20 ms.
/// Texts are timestamps of the machine's monotonic clock.
/// </summary>
internal static class LeanUpstream
{
    /// <summary>Digits of a timestamp.</summary>
    public const int Digits = 19;

    private const int Head = 512;
    private const int InstantTokens = 8;

    public static async Task RunAsync(int port)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        var pacer = new Pacer();
        while (true)
        {
            var socket = await listener.AcceptAsync();
            socket.NoDelay = true;
            _ = ServeAsync(socket, pacer);
        }
    }

    private static async Task ServeAsync(Socket socket, Pacer pacer)
    {
        var buffer = new byte[64 << 10];
        using (socket)
        {
            try
            {
                while (await ReadAsync(socket, buffer) is { } call)
                {
                    if (call.Paced)
                        await pacer.StreamAsync(socket, call.Tokens);
                    else
                        await socket.SendAsync(call.Stream ? Answers.Stream(InstantTokens) : Answers.Whole());
                }
            }
            catch (SocketException)
            {
                // The caller has left.
            }
        }
    }

    private static async ValueTask<Call?> ReadAsync(Socket socket, byte[] buffer)
    {
        var (filled, body, length) = (0, -1, 0);
        while (body < 0 || filled - body < Math.Min(length, Head))
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
            if (read == 0)
                return null;
            filled += read;
            var end = body < 0 ? buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) : -1;
            if (end >= 0)
                (body, length) = (end + 4, LengthOf(buffer.AsSpan(0, end)));
        }

        var call = Read(buffer.AsSpan(body, Math.Min(length, Head)));
        for (var left = length - (filled - body); left > 0;)
        {
            var read = await socket.ReceiveAsync(buffer);
            if (read == 0)
                return null;
            left -= read;
        }

        return call;
    }

    private static int LengthOf(ReadOnlySpan<byte> headers)
    {
        foreach (var range in headers.Split("\r\n"u8))
        {
            var line = headers[range];
            if (line.Length > 15 && Ascii.EqualsIgnoreCase(line[..15], "content-length:"u8))
                return int.Parse(line[15..].Trim((byte)' '), CultureInfo.InvariantCulture);
        }

        throw new InvalidDataException("A request without content-length.");
    }

    private static Call Read(ReadOnlySpan<byte> head)
    {
        var limit = head.IndexOf("\"max_tokens\":"u8);
        var digits = limit < 0 ? [] : head[(limit + 13)..];
        var end = digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return new(
            head.IndexOf("\"stream\":true"u8) >= 0,
            head.IndexOf("mock-paced"u8) >= 0,
            digits.IsEmpty ? 100 : int.Parse(end < 0 ? digits : digits[..end], CultureInfo.InvariantCulture));
    }

    private sealed record Call(bool Stream, bool Paced, int Tokens);
}
