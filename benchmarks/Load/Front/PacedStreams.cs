using Penstock.Benchmarks.Load.Clients;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>How long a token of a paced stream is on its way: written and read by the same clock.</summary>
internal static class PacedStreams
{
    public static async Task RunAsync(Field field, int streams, int tokens, int rounds)
    {
        var request = Requests.Chat("mock-paced", stream: true, maxTokens: tokens);
        var samples = field.Contenders.ToDictionary(contender => contender, _ => new List<Sample>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in field.Contenders)
            {
                var meter = field.Measure(contender);
                var reads = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(() => ReadAsync(contender.Port, request, tokens))));
                var transits = reads.SelectMany(read => read.Transits).ToArray();
                samples[contender].Add(new(
                    1e3 * Table.Percentile(transits, 0.5), 1e3 * Table.Percentile(transits, 0.99), 1e3 * transits.Max(), (double)reads.Sum(read => read.Together) / transits.Length, 1e6 * meter.Measured() / transits.Length, meter.Box(), meter.Noise()));
            }
        }

        Console.WriteLine($"\n{streams} streams of {tokens} tokens, one each 20 ms: time on the way, ms; median of {rounds} rounds (least to most)\n");
        Table.Head("", "p50", "p99", "longest", "together with the one before, %", "CPU µs a token", "box busy %", "noise %");
        foreach (var (contender, rows) in samples)
        {
            Table.Row(
                contender.Name, Table.Text(rows.Select(row => row.P50), "0.00"), Table.Text(rows.Select(row => row.P99), "0.0"), Table.Text(rows.Select(row => row.Max), "0"), Table.Text(rows.Select(row => 100 * row.Together), "0.00"), contender.Server is null ? "" : Table.Text(rows.Select(row => row.Cpu), "0"), Table.Text(rows.Select(row => 100 * row.Box), "0"), Table.Text(rows.Select(row => 100 * row.Noise), "0"));
        }
    }

    private static async Task<Read> ReadAsync(int port, byte[] request, int tokens)
    {
        var read = new Read(new List<double>(tokens), 0);
        using var connection = await HttpConnection.OpenAsync(port);
        await connection.SendAsync(request);
        var seen = await connection.ReadStreamAsync((transit, together) =>
        {
            read.Transits.Add(transit);
            read.Together += together ? 1 : 0;
        });
        return seen == tokens ? read : throw new InvalidOperationException($"{seen} tokens came of {tokens}.");
    }

    private sealed record Read(List<double> Transits, int Together)
    {
        public int Together { get; set; } = Together;
    }

    private sealed record Sample(double P50, double P99, double Max, double Together, double Cpu, double Box, double Noise);
}
