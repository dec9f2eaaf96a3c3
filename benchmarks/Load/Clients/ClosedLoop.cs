using System.Diagnostics;

namespace Penstock.Benchmarks.Load.Clients;

/// <summary>Clients that send their next request when the answer of the last is whole.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs for a while and returns every exchange.</summary>
    public static async Task<List<Exchange>> RunAsync(int port, int connections, ReadOnlyMemory<byte> request, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            var mine = new List<Exchange>(1 << 14);
            using var connection = await HttpConnection.OpenAsync(port);
            while (Stopwatch.GetTimestamp() < end)
                mine.Add(await connection.ExchangeAsync(request));
            return mine;
        })));
        var exchanges = all.SelectMany(one => one).ToList();
        var failed = exchanges.Count(exchange => exchange.Status != 200);
        return failed == 0 ? exchanges : throw new InvalidOperationException($"{failed} of {exchanges.Count} requests failed; the first with status {exchanges.First(exchange => exchange.Status != 200).Status}.");
    }
}
