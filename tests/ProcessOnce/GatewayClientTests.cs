using System.Net;

namespace Penstock.ProcessOnce.Tests;

/// <summary>What a gateway's answers mean for an event.</summary>
public sealed class GatewayClientTests
{
    [Theory]
    [InlineData(200, GatewayVerdict.Decided)]
    [InlineData(400, GatewayVerdict.Refused)]
    [InlineData(413, GatewayVerdict.Refused)]
    [InlineData(422, GatewayVerdict.Refused)]
    [InlineData(401, GatewayVerdict.Undecided)]
    [InlineData(409, GatewayVerdict.Undecided)]
    [InlineData(429, GatewayVerdict.Undecided)]
    [InlineData(503, GatewayVerdict.Undecided)]
    public async Task Ask_AnyStatus_IsAVerdict(int status, GatewayVerdict verdict)
    {
        var answer = await AskAsync(_ => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("body") });

        Assert.Equal((verdict, "body"), (answer.Verdict, answer.Body));
    }

    [Fact]
    public async Task Ask_NoConnection_IsUndecided() => Assert.Equal(GatewayVerdict.Undecided, (await AskAsync(_ => throw new HttpRequestException("refused"))).Verdict);

    [Fact]
    public async Task Ask_AnyEvent_SendsItsKey()
    {
        IEnumerable<string>? sent = null;

        await AskAsync(request =>
        {
            sent = request.Headers.GetValues("Idempotency-Key");
            return new HttpResponseMessage();
        });

        Assert.Equal(["k"], sent);
    }

    private static async Task<GatewayAnswer> AskAsync(Func<HttpRequestMessage, HttpResponseMessage> answers)
    {
        using var handler = new Handler(answers);
        using var client = new HttpClient(handler) { BaseAddress = new Uri("http://gateway") };
        return await new GatewayClient(client).AskAsync("/v1/chat/completions", "{}", "k", CancellationToken.None);
    }

    private sealed class Handler(Func<HttpRequestMessage, HttpResponseMessage> answers) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answers(request));
    }
}
