using Penstock.Contracts.Records;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Tests.Hosting;
using Penstock.Routing.Attempts;
using Penstock.Routing.Breakers;

namespace Penstock.Providers.Tests;

/// <summary>Many clients at once, some of which leave, in front of a provider that does everything wrong in turn.</summary>
public sealed class StormTests
{
    private const int Requests = 240;
    private const int AtOnce = 12;

    private static readonly string[] Models =
    [
        "mock-instant", "mock-instant", "mock-no-usage", "mock-fails-once", "mock-flapping", "mock-overloaded", "mock-reset", "mock-silent",
        "mock-slow-first-token", "mock-stall", "mock-malformed-chunk", "mock-cut-mid-answer", "mock-content-filter", "mock-error-in-stream", "best",
    ];

    [Fact]
    public async Task Storm_EveryRequestHasOneLawfulRecordAndEveryCallEnds()
    {
        await using var front = await FrontServer.StartAsync(
            target => target with { FirstTokenTimeout = TimeSpan.FromSeconds(1), StallTimeout = TimeSpan.FromSeconds(1) },
            policy: RetryPolicy.Default with { FirstWait = TimeSpan.FromMilliseconds(10) },
            time: TimeProvider.System,
            breakers: BreakerPolicy.Default with { FewestCalls = int.MaxValue },
            routes: new RouteOptions("best", ["primary/mock-overloaded", "primary/mock-reset", "spare/mock-instant"]));
        front.StandIn.BeforeCut = () => Task.CompletedTask;
        using var turn = new SemaphoreSlim(AtOnce);
        await Task.WhenAll(Enumerable.Range(0, Requests).Select(async number =>
        {
            await turn.WaitAsync();
            try
            {
                await OneAsync(front, new Random(number));
            }
            finally
            {
                turn.Release();
            }
        }));

        // What a client left before it was read has no record; all others have one each.
        await Eventually.TrueAsync(() => front.StandIn.Calls.All(call => call.Ended.IsCompleted));
        var records = new List<RequestRecord>();
        await Eventually.TrueAsync(() =>
        {
            while (front.Ledger.TryNext() is { } record)
            {
                records.Add(record);
            }

            return records.Count == front.Ledger.Admitted;
        });

        Assert.Equal(records.Count, records.Select(record => record.RequestId).Distinct().Count());
        Assert.All(records, record =>
        {
            Assert.Equal(Enumerable.Range(1, record.Attempts.Count), record.Attempts.Select(attempt => attempt.Number));
            Assert.All(record.Attempts.SkipLast(1), attempt => Assert.Equal((AttemptOutcome.Failed, 0), (attempt.Outcome, attempt.Delivered)));

            // A client may leave when the answer is there and not yet delivered.
            var answered = record.FinishReason is FinishReason.Stop || record is { FinishReason: FinishReason.Cancelled, FinishPhase: RequestPhase.Deliver };
            Assert.Equal(answered, record.Attempts is [.., { Outcome: AttemptOutcome.Answered }]);
        });
        Assert.Contains(records, record => record.FinishReason == FinishReason.Stop);
        Assert.Contains(records, record => record.FinishReason == FinishReason.Cancelled);
        Assert.Contains(records, record => record.FinishReason == FinishReason.Error);
    }

    private static async Task OneAsync(FrontServer front, Random random)
    {
        using var leave = new CancellationTokenSource();
        if (random.Next(3) == 0)
        {
            leave.CancelAfter(random.Next(60));
        }

        try
        {
            using var response = await front.PostAsync(FrontServer.Chat(Models[random.Next(Models.Length)], random.Next(2) == 0), cancellationToken: leave.Token);
            var body = await response.Content.ReadAsStringAsync(leave.Token);
            // Whatever happened, the client can tell: a whole answer, or an error.
            Assert.True(body.Contains("[DONE]", StringComparison.Ordinal) || body.Contains("\"error\"", StringComparison.Ordinal) || body.Contains("finish_reason\":\"stop\"", StringComparison.Ordinal), body);
        }
        catch (Exception exception) when (leave.IsCancellationRequested && exception is OperationCanceledException or HttpRequestException or IOException)
        {
            // It has left.
        }
    }
}
