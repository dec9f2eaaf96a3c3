using System.Diagnostics;
using Penstock.Benchmarks.Load.Clients;
using Penstock.Benchmarks.Load.Machine;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Whether memory grows: very many requests, three in ten of whose clients leave, with the resident memory on the way.</summary>
internal static class Soak
{
    private const int Connections = 32;
    private const int Samples = 20;
    private const double Aborted = 0.3;
    private const double MiB = 1 << 20;

    public static async Task RunAsync(Field field, int requests)
    {
        var contender = field.Contenders.Single(one => one.Name == "penstock");
        var process = contender.Server!.Process;
        var (begun, aborted, failed, start) = (0, 0, 0, Stopwatch.GetTimestamp());
        var resident = new List<(int Requests, double MiB)>();
        Console.WriteLine($"\n{requests} requests over {Connections} connections, {Aborted:P0} of them aborted: resident memory of the server\n");
        Table.Head("requests", "MiB", "s");
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(seed => Task.Run(() => ClientAsync(seed))));
        var half = resident.Skip(resident.Count / 2).ToArray();
        Console.WriteLine($"\n{failed} failed, {aborted} aborted; {requests / Stopwatch.GetElapsedTime(start).TotalSeconds:0} requests a second; slope over the second half: {1e5 * Slope(half):0.00} MiB for 100,000 requests");

        async Task ClientAsync(int seed)
        {
            var random = new Random(seed);
            var connection = await HttpConnection.OpenAsync(contender.Port);
            while (Interlocked.Increment(ref begun) is var number && number <= requests)
            {
                if (number % (requests / Samples) == 0)
                    Sample(number);
                if (random.NextDouble() < Aborted)
                {
                    await AbortAsync(connection, random);
                    Interlocked.Increment(ref aborted);
                    connection = await HttpConnection.OpenAsync(contender.Port);
                }
                else if ((await connection.ExchangeAsync(Requests.Chat("mock-instant", random.Next(2) == 0))).Status != 200)
                {
                    Interlocked.Increment(ref failed);
                }
            }

            connection.Dispose();
        }

        void Sample(int number)
        {
            var now = Processors.Resident(process) / MiB;
            lock (resident)
            {
                resident.Add((number, now));
                Table.Row($"{number}", $"{now:0}", $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0}");
            }
        }
    }

    // In every phase: just sent, waiting for a whole answer, in the middle of a stream.
    private static async Task AbortAsync(HttpConnection connection, Random random)
    {
        var phase = random.Next(3);
        await connection.SendAsync(Requests.Chat(phase == 2 ? "mock-paced" : "mock-instant", stream: phase > 0));
        if (phase == 2)
            await connection.ReadAsync();
        connection.Reset();
    }

    // Least squares.
    private static double Slope((int Requests, double MiB)[] points)
    {
        var (x, y) = (points.Average(point => point.Requests), points.Average(point => point.MiB));
        return points.Sum(point => (point.Requests - x) * (point.MiB - y)) / points.Sum(point => (point.Requests - x) * (point.Requests - x));
    }
}
