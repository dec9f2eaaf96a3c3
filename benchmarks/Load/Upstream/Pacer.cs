using System.Diagnostics;
using System.Net.Sockets;

namespace Penstock.Benchmarks.Load.Upstream;

/// <summary>Gives every stream a token each 20 ms, from one thread. Streams are spread over the 20 ms, as independent ones are.</summary>
internal sealed class Pacer
{
    private const int Slots = 20;
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    private readonly List<PacedStream>[] slots = [.. Enumerable.Range(0, Slots).Select(_ => new List<PacedStream>())];
    private readonly Lock gate = new();
    private int begun;

    public Pacer() => new Thread(Run) { IsBackground = true, Name = "pacer" }.Start();

    /// <summary>Completes when the last byte was sent, or the caller has left.</summary>
    public async Task StreamAsync(Socket socket, int tokens)
    {
        await socket.SendAsync(Answers.StreamHead);
        var stream = new PacedStream(socket, tokens);
        lock (gate)
            slots[begun++ % Slots].Add(stream);
        await stream.Ended;
    }

    private void Run()
    {
        var token = new byte[Answers.TokenLength];
        var next = Stopwatch.GetTimestamp();
        for (var at = 0; ; at = (at + 1) % Slots)
        {
            next += Millisecond;
            while (Stopwatch.GetTimestamp() < next)
                Thread.Sleep(1);
            lock (gate)
                slots[at].RemoveAll(stream => !stream.Step(token));
        }
    }

    private sealed class PacedStream(Socket socket, int tokens)
    {
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int left = tokens;

        public Task Ended => ended.Task;

        /// <summary>Sends what is due; false at the end.</summary>
        public bool Step(byte[] token)
        {
            try
            {
                if (left-- > 0)
                {
                    Answers.Token(token);
                    socket.Send(token);
                    return true;
                }

                socket.Send(Answers.StreamEnd);
                ended.SetResult();
            }
            catch (SocketException exception)
            {
                ended.SetException(exception);
            }

            return false;
        }
    }
}
