using Penstock.Contracts.Records;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Tests.Hosting;
using Penstock.Routing.Attempts;
using Penstock.Routing.Hedging;

namespace Penstock.Providers.Tests;

/// <summary>A second target is asked beside one that is late: one answer, one budget of waste, and nobody goes on producing for nobody.</summary>
public sealed class HedgingTests
{
    private const string Late = "mock-instant";

    private static readonly HedgePolicy Policy = new();

    [Fact]
    public async Task Stream_FirstIsLate_TheOtherAnswersAndTheFirstIsLetGo()
    {
        await using var front = await StartAsync(Policy);
        await WarmUpAsync(front);
        using var gate = new HeldCalls(front.StandIn, Late);

        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("best", stream: true));

        Assert.Equal(200, status);
        Assert.EndsWith("data: [DONE]\n\n", answer);
        var held = await gate.CallAsync();
        await held.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((true, 0), (held.Aborted, held.Tokens));
        var record = await front.Ledger.NextAsync();
        Assert.Equal([(AttemptOutcome.Cancelled, "first", 0), (AttemptOutcome.Answered, "hedge: no first token within the usual time", 12)], record.Attempts.Select(row => (row.Outcome, row.Reason, row.Delivered)));
        Assert.Equal(("spare/mock-other", "route, hedge"), (record.Target, record.RouteReason));
        Assert.Equal(record.Attempts[0].Prompt, record.ExtraTokens);
        Assert.True(record.ExtraTokens > 0);
    }

    [Fact]
    public async Task Stream_LateAgainAndNoBudgetLeft_IsWaitedFor()
    {
        await using var front = await StartAsync(Policy);
        await WarmUpAsync(front);
        using var gate = new HeldCalls(front.StandIn, Late);
        await front.AskAsync(FrontServer.Chat("best", stream: true));
        await front.Ledger.NextAsync();

        var asking = front.AskAsync(FrontServer.Chat("best", stream: true));
        await gate.CallAsync();
        await gate.CallAsync();
        gate.Release();

        Assert.Equal(200, (await asking).Status);
        Assert.Equal("primary/mock-instant", (await front.Ledger.NextAsync()).Target);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Whole_FirstIsLate_IsHedgedOnlyWhereThePolicyPaysForIt(bool billed, int attempts)
    {
        await using var front = await StartAsync(Policy with { Billed = billed });
        await WarmUpAsync(front, stream: false);
        using var gate = new HeldCalls(front.StandIn, Late);
        var asking = front.AskAsync(FrontServer.Chat("best"));
        await gate.CallAsync();
        if (!billed)
        {
            gate.Release();
        }

        Assert.Equal(200, (await asking).Status);
        Assert.Equal(attempts, (await front.Ledger.NextAsync()).Attempts.Count);
    }

    [Fact]
    public async Task Stream_TheHedgeFails_TheFirstIsWaitedFor()
    {
        await using var front = await StartAsync(Policy, "spare/mock-overloaded");
        await WarmUpAsync(front);
        using var gate = new HeldCalls(front.StandIn, Late);
        var asking = front.AskAsync(FrontServer.Chat("best", stream: true));
        await gate.CallAsync();
        await Eventually.TrueAsync(() => front.StandIn.Calls.Any(call => call.Model == "mock-overloaded" && call.Ended.IsCompleted));
        gate.Release();

        Assert.Equal(200, (await asking).Status);
        var record = await front.Ledger.NextAsync();
        Assert.Equal([AttemptOutcome.Answered, AttemptOutcome.Failed], record.Attempts.Select(row => row.Outcome == AttemptOutcome.Cancelled ? AttemptOutcome.Failed : row.Outcome));
        Assert.Equal(("primary/mock-instant", "route"), (record.Target, record.RouteReason));
    }

    [Fact]
    public async Task Stream_BothFail_TheClientIsToldWhatTheFirstSaid()
    {
        await using var front = await StartAsync(Policy, "spare/mock-wrong-key");
        await WarmUpAsync(front);
        using var gate = new HeldCalls(front.StandIn, Late);
        var asking = front.AskAsync(FrontServer.Chat("best", stream: true));
        await gate.CallAsync();
        await Eventually.TrueAsync(() => front.StandIn.Calls.Any(call => call.Model == "mock-wrong-key" && call.Ended.IsCompleted));
        gate.Break();

        var (status, answer, _) = await asking;
        Assert.Equal(502, status);
        Assert.Contains("'primary'", answer);
        var record = await front.Ledger.NextAsync();
        Assert.All(record.Attempts, row => Assert.Equal(AttemptOutcome.Failed, row.Outcome));
        Assert.Equal(0, record.ExtraTokens);
    }

    [Fact]
    public async Task Leave_WithAHedgeInFlight_BothAreLetGo()
    {
        await using var front = await StartAsync(Policy);
        await WarmUpAsync(front);
        using var gate = new HeldCalls(front.StandIn, Late, "mock-other");
        using var leave = new CancellationTokenSource();
        var asking = front.PostAsync(FrontServer.Chat("best", stream: true), cancellationToken: leave.Token);
        var (first, second) = (await gate.CallAsync(), await gate.CallAsync());
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await Task.WhenAll(first.Ended, second.Ended).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((true, true, 0), (first.Aborted, second.Aborted, first.Tokens + second.Tokens));
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client), (record.FinishReason, record.FinishCause));
        Assert.Equal([AttemptOutcome.Cancelled, AttemptOutcome.Cancelled], record.Attempts.Select(row => row.Outcome));
    }

    private static Task<FrontServer> StartAsync(HedgePolicy hedging, string spare = "spare/mock-other") =>
        FrontServer.StartAsync(policy: RetryPolicy.Default with { Hedging = hedging }, routes: new RouteOptions("best", [$"primary/{Late}", spare]));

    // So many that the usual time is known and, with this one, a twentieth of them is one hedge.
    private static async Task WarmUpAsync(FrontServer front, bool stream = true)
    {
        for (var i = 0; i < FirstEventTimes.Fewest; i++)
        {
            Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("best", stream))).Status);
            await front.Ledger.NextAsync();
        }
    }
}
