using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Penstock.Benchmarks.Load.Upstream;

namespace Penstock.Benchmarks.Load.Clients;

/// <summary>One kept connection over a plain socket: a client that costs as little as can be. One user at a time.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] buffer = new byte[64 << 10];

    public static async Task<HttpConnection> OpenAsync(int port)
    {
        var connection = new HttpConnection();
        await connection.socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> request) => new(SendAllAsync(request));

    /// <summary>Sends a request and reads its whole answer, which is shorter than the buffer.</summary>
    public async ValueTask<Exchange> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        var start = Stopwatch.GetTimestamp();
        await SendAllAsync(request);
        var (filled, body, length, first) = (0, -1, -1, 0L);
        while (true)
        {
            filled += await ReceiveAsync(filled);
            if (body < 0)
                (body, length) = ResponseHead.Find(buffer.AsSpan(0, filled));
            if (first == 0 && body >= 0 && buffer.AsSpan(body, filled - body).IndexOf(Answers.Mark) >= 0)
                first = Stopwatch.GetTimestamp();
            if (body >= 0 && (length >= 0 ? filled - body >= length : buffer.AsSpan(body, filled - body).EndsWith("0\r\n\r\n"u8)))
                return new(ResponseHead.Status(buffer), Span(start, first), Span(start, Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>Reads a stream of any length and says of every token how long ago it was written.</summary>
    /// <param name="arrived">Told the time on the way in seconds, and whether the token came together with the one before.</param>
    /// <param name="tokens">Stops after so many; the connection is then of no further use.</param>
    /// <returns>How many came.</returns>
    public async Task<int> ReadStreamAsync(Action<double, bool> arrived, int tokens = int.MaxValue)
    {
        var (filled, seen) = (0, 0);
        while (seen < tokens)
        {
            filled += await ReceiveAsync(filled);
            var now = Stopwatch.GetTimestamp();
            var ended = buffer.AsSpan(0, filled).EndsWith("0\r\n\r\n"u8);
            filled = Take(filled, now, arrived, ref seen);
            if (ended)
                break;
        }

        return seen;
    }

    /// <summary>Whatever comes next; empty when the server has closed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync() => buffer.AsMemory(0, await socket.ReceiveAsync(buffer));

    /// <summary>Leaves at once, in the middle of whatever is under way.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private static double Span(long from, long to) => to == 0 ? 0 : (to - from) / (double)Stopwatch.Frequency;

    // Takes the timestamps off the buffer and keeps what may be the beginning of another.
    private int Take(int filled, long now, Action<double, bool> arrived, ref int seen)
    {
        var rest = buffer.AsSpan(0, filled);
        var together = false;
        while (rest.IndexOf(Answers.Mark) is var at and >= 0 && rest.Length >= at + Answers.Mark.Length + LeanUpstream.Digits)
        {
            rest = rest[(at + Answers.Mark.Length)..];
            if (!Utf8Parser.TryParse(rest[..LeanUpstream.Digits], out long written, out var _))
                continue;
            arrived(Span(written, now), together);
            together = true;
            seen++;
        }

        var kept = rest[^Math.Min(rest.Length, Answers.Mark.Length + LeanUpstream.Digits)..];
        if (kept.IndexOf(Answers.Mark) < 0)
            kept = kept[^Math.Min(kept.Length, Answers.Mark.Length)..];
        kept.CopyTo(buffer);
        return kept.Length;
    }

    private async ValueTask<int> ReceiveAsync(int filled)
    {
        var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
        return read > 0 ? read : throw new IOException("The connection was closed in the middle of an answer.");
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> request)
    {
        while (!request.IsEmpty)
            request = request[await socket.SendAsync(request)..];
    }
}
