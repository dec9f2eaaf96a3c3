using Penstock.Cli.Bench.Streaming;

namespace Penstock.Cli.Bench.Load;

/// <summary>Sends a planned load and gathers what came of it.</summary>
internal sealed class LoadRun(BenchServer server, TimeProvider time)
{
    /// <summary>What to send. Everything random follows from the seed.</summary>
    /// <param name="Arrivals">When, and how long.</param>
    /// <param name="Concurrency">Closed loop with so many at once; null = open loop.</param>
    /// <param name="CancelRate">Share of the requests that leave at a random token, 0 to 1.</param>
    /// <param name="IgnoreEos">See <see cref="ChatCall.IgnoreEos"/>.</param>
    /// <param name="Seed">Of prompts and cancellations.</param>
    public sealed record Plan(IReadOnlyList<Arrival> Arrivals, int? Concurrency, double CancelRate, bool IgnoreEos, int Seed);

    /// <param name="plan">What to send.</param>
    /// <param name="targets">What counts as good.</param>
    /// <param name="done">Called after each request, from many threads.</param>
    /// <param name="cancellationToken">Ends the load early; what was measured is reported.</param>
    public async Task<LoadReport> RunAsync(Plan plan, LatencyTargets targets, Action<RequestSample> done, CancellationToken cancellationToken)
    {
        var calls = plan.Arrivals.Select((arrival, i) => Call(plan, arrival, i)).ToList();
        var pacer = new Pacer(time);
        var start = time.GetTimestamp();
        var samples = plan.Concurrency is { } concurrency
            ? await pacer.ClosedAsync(calls.Count, concurrency, SendAsync, cancellationToken)
            : await pacer.OpenAsync([.. plan.Arrivals.Select(arrival => arrival.At)], SendAsync, cancellationToken);
        return LoadReport.Of(samples, time.GetElapsedTime(start), targets);

        async Task<RequestSample> SendAsync(int index, long intendedAt)
        {
            var sample = RequestSample.Of(await server.Client.SendAsync(calls[index], cancellationToken), intendedAt, time);
            done(sample);
            return sample;
        }
    }

    private ChatCall Call(Plan plan, Arrival arrival, int index)
    {
        var random = new Random(unchecked((plan.Seed * 1_000_003) + index));
        var leaves = arrival.OutputTokens > 1 && random.NextDouble() < plan.CancelRate;
        return new ChatCall(server.Prompts.OfTokens(arrival.PromptTokens, random.Next()), arrival.OutputTokens)
        {
            IgnoreEos = plan.IgnoreEos,
            LeaveAfterTokens = leaves ? random.Next(1, arrival.OutputTokens) : null,
        };
    }
}
