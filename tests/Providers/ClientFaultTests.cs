using System.Net.Sockets;
using System.Text;
using Penstock.Contracts.Records;
using Penstock.Providers.Tests.Hosting;
using Penstock.Tools.StandIn;

namespace Penstock.Providers.Tests;

/// <summary>Clients that misbehave in front of a relay: none of them costs the provider, the server's memory or the other clients anything.</summary>
public sealed class ClientFaultTests
{
    /// <summary>More than sockets and pipes hold between the provider and a client that does not read: about 34 MB as chunks.</summary>
    private const int MoreThanIsBuffered = 200_000;

    [Theory]
    [InlineData(StandInTransport.Http1)]
    [InlineData(StandInTransport.Http2)]
    [InlineData(StandInTransport.Tls)]
    public async Task Client_DoesNotRead_SlowsItsProviderAndNobodyElse(StandInTransport transport)
    {
        await using var front = await FrontServer.StartAsync(transport: transport);
        front.StandIn.AnswerTokens = MoreThanIsBuffered;
        using var slow = await SendAsync(front, Request(FrontServer.Chat("mock-instant", stream: true)));
        await Eventually.TrueAsync(() => front.StandIn.Calls is [{ Tokens: > 100 }]);
        await StandsStillAsync(front.StandIn.Calls[0]);

        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("mock-other", stream: true, ",\"max_tokens\":1000"));

        Assert.Equal(200, status);
        Assert.EndsWith("data: [DONE]\n\n", answer);
        await front.Ledger.NextAsync();
        Assert.InRange(front.StandIn.Calls[0].Tokens, 100, MoreThanIsBuffered - 1);
        slow.Dispose();
        await front.StandIn.Calls[0].Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(front.StandIn.Calls[0].Aborted);
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client), (await front.Ledger.NextAsync()) is var record ? (record.FinishReason, record.FinishCause) : default);
    }

    [Fact]
    public async Task Client_SendsItsBodySlowly_HoldsUpNobodyAndIsAnswered()
    {
        await using var front = await FrontServer.StartAsync();
        var request = Request(FrontServer.Chat("mock-instant", stream: true));
        using var slow = await SendAsync(front, request[..^10]);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("mock-other"))).Status);
        }

        Assert.DoesNotContain(front.StandIn.Calls, call => call.Model == "mock-instant");
        await slow.SendAsync(request.AsMemory()[^10..]);
        Assert.Contains("data: [DONE]", await ReadToAsync(slow, "data: [DONE]"));
    }

    [Fact]
    public async Task Client_LeavesInTheMiddleOfItsBody_NothingIsAskedOrRecorded()
    {
        await using var front = await FrontServer.StartAsync();
        using (await SendAsync(front, Request(FrontServer.Chat("mock-instant"))[..^10]))
        {
        }

        Assert.Equal(200, (await front.AskAsync(FrontServer.Chat("mock-other"))).Status);
        await front.Ledger.NextAsync();
        Assert.Equal(("mock-other", 1), (Assert.Single(front.StandIn.Calls).Model, front.Ledger.Admitted));
    }

    [Theory]
    [InlineData("mock-silent", 0)]
    [InlineData("mock-stall", 5)]
    public async Task Client_HalfCloses_HasLeft(string model, int tokens)
    {
        await using var front = await FrontServer.StartAsync();
        using var half = await SendAsync(front, Request(FrontServer.Chat(model, stream: true)));
        await Eventually.TrueAsync(() => front.StandIn.Calls.Any(call => call.Tokens == tokens));
        if (tokens > 0)
        {
            await ReadToAsync(half, $"w{tokens - 1} ");
        }

        half.Shutdown(SocketShutdown.Send);

        var call = front.StandIn.Calls[0];
        await call.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((true, tokens), (call.Aborted, call.Tokens));
        var record = await front.Ledger.NextAsync();
        Assert.Equal((FinishReason.Cancelled, FinishCause.Client, tokens), (record.FinishReason, record.FinishCause, record.Tokens.Sampled));
    }

    [Theory]
    [InlineData(StandInTransport.Http2)]
    [InlineData(StandInTransport.Tls)]
    public async Task Leave_OverASharedConnection_EndsItsOwnStreamOnly(StandInTransport transport)
    {
        await using var front = await FrontServer.StartAsync(transport: transport);
        await front.AskAsync(FrontServer.Chat("mock-first"));
        await front.Ledger.NextAsync();
        using var gate = new HeldCalls(front.StandIn, "mock-instant", "mock-other");
        using var leave = new CancellationTokenSource();
        var leaving = front.PostAsync(FrontServer.Chat("mock-instant", stream: true), cancellationToken: leave.Token);
        var left = await gate.CallAsync();
        var staying = front.AskAsync(FrontServer.Chat("mock-other", stream: true));
        var stayed = await gate.CallAsync();
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await left.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        gate.Release();

        Assert.EndsWith("data: [DONE]\n\n", (await staying).Body);
        Assert.Equal((true, false, 0), (left.Aborted, stayed.Aborted, left.Tokens));
        Assert.Equal(left.Connection, stayed.Connection);
    }

    private static byte[] Request(string json) =>
        Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    private static async Task<Socket> SendAsync(FrontServer front, byte[] bytes)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        await socket.ConnectAsync("127.0.0.1", front.Client.BaseAddress!.Port);
        await socket.SendAsync(bytes);
        return socket;
    }

    private static async Task<string> ReadToAsync(Socket socket, string end)
    {
        var (text, buffer) = ("", new byte[4096]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!text.Contains(end, StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, limit.Token);
            if (read == 0)
            {
                break;
            }

            text += Encoding.UTF8.GetString(buffer, 0, read);
        }

        return text;
    }

    // A second without a token: then everything between here and there is full. Should it only be slow, the test asserts less and is right all the same.
    private static async Task StandsStillAsync(CallRecord call)
    {
        var (tokens, still) = (-1, 0);
        await Eventually.TrueAsync(() =>
        {
            still = call.Tokens == tokens ? still + 1 : 0;
            tokens = call.Tokens;
            return still == 100;
        });
    }
}
