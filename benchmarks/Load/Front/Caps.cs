using System.Diagnostics;
using Penstock.Benchmarks.Load.Clients;
using Penstock.Benchmarks.Load.Machine;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Whether a limit holds when a thousand requests come at once, to one gateway or to three: how many are let in, of how many that fit.</summary>
internal static class Caps
{
    /// <summary>Names the environment variable with the connection string of an empty PostgreSQL; without it only one gateway is tried.</summary>
    private const string Postgres = "PENSTOCK_POSTGRES";

    private const int Clients = 1000;
    private const int Room = 100;

    public static async Task RunAsync(Field field, string penstock)
    {
        Console.WriteLine($"\n{Clients} requests at once on a limit that has room for {Room}\n");
        Table.Head("limit", "gateways", "200", "429", "other", "s");
        await RowAsync(field, penstock, "requests in a month", $"[{{ window: month, requests: {Room} }}]", 1);
        await RowAsync(field, penstock, "requests at one time", $"[{{ concurrency: {Room} }}]", 1);
        if (Environment.GetEnvironmentVariable(Postgres) is not null)
        {
            // One database for both: its first row has used up the month, so that the limit of concurrency is its own.
            await RowAsync(field, penstock, "requests in a month, PostgreSQL", $"[{{ window: month, requests: {Room} }}]", 3);
            await RowAsync(field, penstock, "requests at one time, PostgreSQL", $"[{{ concurrency: {Room} }}]", 3);
        }
    }

    private static async Task RowAsync(Field field, string penstock, string name, string limits, int gateways)
    {
        var servers = new List<ChildProcess>();
        try
        {
            for (var i = 0; i < gateways; i++)
                servers.Add(await field.StartPenstockAsync(penstock, field.Upstream.Port, limits, gateways > 1 ? $"{{ postgres: {{ env: {Postgres} }} }}" : null));
            var connections = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => HttpConnection.OpenAsync(servers[client % gateways].Port)));
            var start = Stopwatch.GetTimestamp();
            var exchanges = await Task.WhenAll(connections.Select(connection => connection.ExchangeAsync(Requests.Chat("mock-paced", stream: true, maxTokens: 100)).AsTask()));
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var (let, refused) = (exchanges.Count(exchange => exchange.Status == 200), exchanges.Count(exchange => exchange.Status == 429));
            Table.Row(name, $"{gateways}", $"{let}", $"{refused}", $"{Clients - let - refused}", $"{elapsed:0.0}");
            foreach (var connection in connections)
                connection.Dispose();
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }
}
