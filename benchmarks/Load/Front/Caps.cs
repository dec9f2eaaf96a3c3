using System.Diagnostics;
using Penstock.Benchmarks.Load.Clients;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>Whether a limit holds when a thousand requests come at once: how many are let in, of how many that fit.</summary>
internal static class Caps
{
    private const int Clients = 1000;
    private const int Room = 100;

    public static async Task RunAsync(Field field, string penstock)
    {
        Console.WriteLine($"\n{Clients} requests at once on a limit that has room for {Room}\n");
        Table.Head("limit", "200", "429", "other", "s");
        await RowAsync(field, penstock, "requests in a month", $"[{{ window: month, requests: {Room} }}]");
        await RowAsync(field, penstock, "requests at one time", $"[{{ concurrency: {Room} }}]");
    }

    private static async Task RowAsync(Field field, string penstock, string name, string limits)
    {
        await using var server = await field.StartPenstockAsync(penstock, field.Upstream.Port, limits);
        var connections = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => HttpConnection.OpenAsync(server.Port)));
        var start = Stopwatch.GetTimestamp();
        var exchanges = await Task.WhenAll(connections.Select(connection => connection.ExchangeAsync(Requests.Chat("mock-paced", stream: true, maxTokens: 100)).AsTask()));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var statuses = exchanges.CountBy(exchange => exchange.Status).ToDictionary();
        Table.Row(name, $"{statuses.GetValueOrDefault(200)}", $"{statuses.GetValueOrDefault(429)}", $"{Clients - statuses.GetValueOrDefault(200) - statuses.GetValueOrDefault(429)}", $"{elapsed:0.0}");
        foreach (var connection in connections)
            connection.Dispose();
    }
}
