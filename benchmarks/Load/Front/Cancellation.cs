using System.Net.Http.Json;
using System.Text;
using Penstock.Benchmarks.Load.Clients;

namespace Penstock.Benchmarks.Load.Front;

/// <summary>What a provider produces for a client that has left: counted by the provider, <c>tools/stand-in</c>, 300 ms afterwards.</summary>
internal static class Cancellation
{
    private static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(300);

    /// <param name="field">In front of a stand-in.</param>
    /// <param name="n">Clients that leave in each phase.</param>
    public static async Task RunAsync(Field field, int n)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{field.Upstream.Port}") };
        Console.WriteLine($"\nTokens that the provider made for a client that had left (and calls that were begun then); mean and most of {n} clients\n");
        Table.Head(["the client leaves", .. field.Contenders.Select(contender => contender.Name)]);
        foreach (var departure in Departure.All)
        {
            var cells = new List<string>();
            foreach (var contender in field.Contenders)
            {
                var wasted = new List<int>();
                var calls = 0;
                for (var i = 0; i < n; i++)
                {
                    var (tokens, more) = await LeaveAsync(http, contender.Port, departure);
                    wasted.Add(tokens);
                    calls += more;
                }

                cells.Add($"{wasted.Average():0.0}, {wasted.Max()}{(calls > 0 ? $" (calls: {calls})" : "")}");
            }

            Table.Row([departure.Name, .. cells]);
        }
    }

    private static async Task<(int Tokens, int Calls)> LeaveAsync(HttpClient http, int port, Departure departure)
    {
        var before = (await CallsAsync(http)).Length;
        var received = 0;
        StandInCall[] atLeave;
        using (var connection = await HttpConnection.OpenAsync(port))
        {
            await connection.SendAsync(Requests.Chat(departure.Model, departure.Stream, maxTokens: 500));
            while (received < departure.Tokens && await connection.ReadAsync() is { IsEmpty: false } read)
                received += Encoding.ASCII.GetString(read.Span).Split("\"content\":\"w").Length - 1;
            if (departure.Tokens == 0)
                await Task.Delay(departure.Wait);
            atLeave = [.. (await CallsAsync(http)).Skip(before)];
        }

        await Task.Delay(Afterwards);
        var after = (await CallsAsync(http)).Skip(before).ToArray();
        var known = departure.Tokens > 0 ? received : atLeave.Sum(call => call.Tokens);
        return (Math.Max(0, after.Sum(call => call.Tokens) - Math.Max(known, atLeave.Sum(call => call.Tokens))), after.Length - atLeave.Length);
    }

    private static async Task<StandInCall[]> CallsAsync(HttpClient http) => (await http.GetFromJsonAsync<StandInCall[]>("/stand-in/calls", new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web)))!;

    private sealed record StandInCall(int Tokens, bool Aborted, bool Ended);
}
