using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Benchmarks.Sse;

/// <summary>Reads streams in a process of its own, over plain sockets: what it costs must not count, and should not take the server's cores.</summary>
internal static class LoopbackClient
{
    private const string Body = """{"model":"source","stream":true,"messages":[{"role":"user","content":"go"}]}""";

    /// <summary>Starts the client and measures the server.</summary>
    /// <returns>µs a token.</returns>
    public static async Task<double> ServeAsync(StepSource source, StepLoad load, string address)
    {
        var measured = source.Expect(load);
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["client", address, load.Streams.ToString()]) { RedirectStandardOutput = true };
        using var client = Process.Start(start)!;
        var result = await measured;
        var counts = (await client.StandardOutput.ReadToEndAsync()).Split(' ').Select(int.Parse).ToArray();
        await client.WaitForExitAsync();
        var (events, reads) = (counts[0], counts[1]);
        // Beside its tokens, a stream has a role, a finish and [DONE].
        if (events != load.Tokens + 3 * load.Streams)
            throw new InvalidOperationException($"{events} events arrived for {load.Tokens} tokens.");
        if (reads < load.Tokens / load.Burst * 0.9)
            Console.Error.WriteLine($"Only {reads} reads for {load.Tokens / load.Burst} flushes: the machine is too busy, and flushes share a send.");
        return result;
    }

    /// <summary>Prints how many events came and in how many reads.</summary>
    public static async Task<int> RunAsync(Uri address, int streams)
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => ReadAsync(address)));
        Console.Write($"{counts.Sum(count => count.Events)} {counts.Sum(count => count.Reads)}");
        return 0;
    }

    private static async Task<(int Events, int Reads)> ReadAsync(Uri address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
        var buffer = new byte[64 * 1024];
        var (events, reads, last) = (0, 0, (byte)0);
        while (await socket.ReceiveAsync(buffer) is var length and > 0)
        {
            // An event ends with an empty line, which two reads may share.
            if (last == '\n' && buffer[0] == '\n')
                events++;
            events += buffer.AsSpan(0, length).Count("\n\n"u8);
            last = buffer[length - 1];
            reads++;
        }

        return (events, reads);
    }
}
