using Penstock.Benchmarks.Load.Clients;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>What is added to the latency of one client: the 50th percentile, less that of the upstream itself in the same round.</summary>
internal static class Latency
{
    public static async Task RunAsync(Field field, int rounds, TimeSpan duration)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var request = Requests.Chat("mock-instant", stream);
            var samples = field.Contenders.ToDictionary(contender => contender, _ => new List<(double P50, double P99, double Noise)>());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var contender in field.Contenders)
                {
                    var meter = field.Measure(contender);
                    var exchanges = await ClosedLoop.RunAsync(contender.Port, 1, request, duration);
                    var times = exchanges.Select(exchange => 1e6 * (stream ? exchange.First : exchange.Whole)).ToArray();
                    samples[contender].Add((Table.Percentile(times, 0.5), Table.Percentile(times, 0.99), meter.Noise()));
                }
            }

            Console.WriteLine($"\nOne client, {(stream ? "time to the first token of a stream" : "time to the whole answer")}, µs; median of {rounds} rounds of {duration.TotalSeconds} s (least to most)\n");
            Table.Head("", "p50", "added p50", "p99", "noise %");
            var direct = samples[field.Contenders[0]];
            foreach (var (contender, rows) in samples)
            {
                Table.Row(contender.Name, Table.Text(rows.Select(row => row.P50), "0"), Table.Text(rows.Select((row, at) => row.P50 - direct[at].P50), "0"), Table.Text(rows.Select(row => row.P99), "0"), Table.Text(rows.Select(row => 100 * row.Noise), "0"));
            }
        }
    }
}
