using Penstock.Benchmarks.Load.Clients;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Requests a second that the whole machine makes, clients and upstream included, and what each costs the process in front.</summary>
internal static class Throughput
{
    public static async Task RunAsync(Field field, int connections, int promptBytes, bool stream, int rounds, TimeSpan duration)
    {
        var request = Requests.Chat("mock-instant", stream, promptBytes);
        var samples = field.Contenders.ToDictionary(contender => contender, _ => new List<Sample>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in field.Contenders)
            {
                var meter = field.Measure(contender);
                var exchanges = await ClosedLoop.RunAsync(contender.Port, connections, request, duration);
                var times = exchanges.Select(exchange => 1e3 * exchange.Whole).ToArray();
                samples[contender].Add(new(exchanges.Count / meter.Elapsed, 1e6 * meter.Measured() / exchanges.Count, meter.Box(), Table.Percentile(times, 0.5), Table.Percentile(times, 0.99), meter.Noise()));
            }
        }

        Console.WriteLine($"\n{connections} connections, prompts of {promptBytes} bytes, {(stream ? "streamed" : "not streamed")}; median of {rounds} rounds of {duration.TotalSeconds} s (least to most)\n");
        Table.Head("", "requests a second", "CPU µs a request", "p50 ms", "p99 ms", "box busy %", "noise %");
        foreach (var (contender, rows) in samples)
        {
            Table.Row(
                contender.Name, Table.Text(rows.Select(row => row.Rate), "0"), contender.Server is null ? "" : Table.Text(rows.Select(row => row.Cpu), "0"), Table.Text(rows.Select(row => row.P50), "0.0"), Table.Text(rows.Select(row => row.P99), "0.0"), Table.Text(rows.Select(row => 100 * row.Box), "0"), Table.Text(rows.Select(row => 100 * row.Noise), "0"));
        }
    }

    private sealed record Sample(double Rate, double Cpu, double Box, double P50, double P99, double Noise);
}
