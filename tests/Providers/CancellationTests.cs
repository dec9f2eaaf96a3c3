using Penstock.Contracts.Records;
using Penstock.Providers.Tests.Hosting;
using Penstock.Routing.Attempts;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests;

/// <summary>A client that leaves ends the provider's work in every phase: at most one more token is produced, and nobody calls it the provider's fault.</summary>
public sealed class CancellationTests
{
    public static MatrixTheoryData<StandInTransport, bool> Transports => new(Enum.GetValues<StandInTransport>(), [false, true]);

    [Theory]
    [MemberData(nameof(Transports))]
    public Task Leave_WhileTheProviderIsSilent_ItIsLetGo(StandInTransport transport, bool stream) => LeaveBeforeTheFirstByteAsync("mock-silent", stream, transport);

    [Theory]
    [InlineData(StandInTransport.Http1)]
    [InlineData(StandInTransport.Http2)]
    [InlineData(StandInTransport.Tls)]
    public Task Leave_BeforeTheFirstToken_TheProviderIsLetGo(StandInTransport transport) => LeaveBeforeTheFirstByteAsync("mock-slow-first-token", stream: true, transport);

    private static async Task LeaveBeforeTheFirstByteAsync(string model, bool stream, StandInTransport transport)
    {
        await using var front = await FrontServer.StartAsync(transport: transport);
        using var leave = new CancellationTokenSource();
        var asking = front.PostAsync(FrontServer.Chat(model, stream), cancellationToken: leave.Token);
        await Eventually.TrueAsync(() => front.StandIn.Calls.Count == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await AssertLetGoAsync(front, producedBefore: 0);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Leave_InMidAnswer_AtMostOneMoreTokenIsProduced(StandInTransport transport, bool stream)
    {
        await using var front = await FrontServer.StartAsync(transport: transport);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        front.StandIn.BeforeToken = async call =>
        {
            if (call.Tokens == 5)
            {
                reached.TrySetResult();
                await go.Task;
            }
        };
        using var leave = new CancellationTokenSource();
        var asking = ReadAsync(front, FrontServer.Chat("mock-instant", stream), leave.Token);
        await reached.Task;
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        var record = await front.Ledger.NextAsync();
        await front.StandIn.Calls[0].Left.WaitAsync(TimeSpan.FromSeconds(60));
        go.SetResult();

        await AssertLetGoAsync(front, producedBefore: 5, record);
    }

    [Fact]
    public async Task Leave_WhileWaitingForARetry_NoFurtherCallIsMade()
    {
        // Longer than what the clock hurries through: the request stands in its back-off.
        await using var front = await FrontServer.StartAsync(policy: RetryPolicy.Default with { FirstWait = TimeSpan.FromMinutes(1), LongestWait = TimeSpan.FromMinutes(2) });
        using var leave = new CancellationTokenSource();
        var asking = front.PostAsync(FrontServer.Chat("mock-overloaded", stream: true), cancellationToken: leave.Token);
        await Eventually.TrueAsync(() => front.StandIn.Calls is [{ Ended.IsCompleted: true }] && front.Time.Waits(TimeSpan.FromMinutes(1)));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client), (record.FinishReason, record.FinishCause));
        Assert.Equal(AttemptOutcome.Failed, Assert.Single(record.Attempts).Outcome);
        front.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(front.StandIn.Calls);
    }

    [Fact]
    public async Task Leave_DuringEmbeddings_TheProviderIsLetGo()
    {
        await using var front = await FrontServer.StartAsync();
        using var leave = new CancellationTokenSource();
        var asking = front.PostAsync("""{"model":"mock-silent","input":"hello"}""", "/v1/embeddings", leave.Token);
        await Eventually.TrueAsync(() => front.StandIn.Calls.Count == 1);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await AssertLetGoAsync(front, producedBefore: 0);
    }

    [Fact]
    public async Task Leave_Often_TheBreakerStaysClosed()
    {
        await using var front = await FrontServer.StartAsync();
        for (var i = 0; i < 8; i++)
        {
            using var leave = new CancellationTokenSource();
            var asking = front.PostAsync(FrontServer.Chat("mock-silent"), cancellationToken: leave.Token);
            await Eventually.TrueAsync(() => front.StandIn.Calls.Count == i + 1);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
            await front.Ledger.NextAsync();
        }

        Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("mock-instant"))).Status);
    }

    private static async Task ReadAsync(FrontServer front, string json, CancellationToken cancellationToken)
    {
        using var response = await front.PostAsync(json, cancellationToken: cancellationToken);
        await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task AssertLetGoAsync(FrontServer front, int producedBefore, RequestRecord? record = null)
    {
        var call = front.StandIn.Calls.Single();
        await call.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(call.Aborted);
        Assert.InRange(call.Tokens, producedBefore, producedBefore + 1);
        record ??= await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client, null), (record.FinishReason, record.FinishCause, record.ErrorCode));
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal((AttemptOutcome.Cancelled, null), (attempt.Outcome, attempt.Fault));
    }
}
