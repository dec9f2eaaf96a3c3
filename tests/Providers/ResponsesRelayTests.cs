using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Probing;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests;

/// <summary>Responses of a target that speaks the form: relayed; of one that does not: translated.</summary>
public sealed class ResponsesRelayTests : IAsyncLifetime
{
    private const string Path = "/v1/responses";

    private FrontServer front = null!;

    public async ValueTask InitializeAsync() => front = await FrontServer.StartAsync(
        target => target with { Surfaces = [WireForm.ChatCompletions, WireForm.Responses] },
        routes: [new RouteOptions("alias", ["primary/mock-instant"]), new RouteOptions("translated", ["spare/mock-instant"]), new RouteOptions("either", ["spare/mock-overloaded", "primary/mock-instant"])]);

    public ValueTask DisposeAsync() => front.DisposeAsync();

    [Fact]
    public async Task Whole_GoesOverAndComesBackByteForByte()
    {
        const string body = """{ "model": "mock-instant" , "store":false, "input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}],"tools":[{"type":"web_search"}],"unknown_field":{"a":[1.50,null]} }""";

        var (status, answer, response) = await front.AskAsync(body, Path);

        Assert.Equal(200, status);
        Assert.Equal(body, front.StandIn.Calls[^1].Body);
        Assert.StartsWith("{\"id\":\"resp_stand_in\"", answer);
        Assert.Contains("\"x_unknown\":[1, 2]", answer);
        Assert.False(response.Headers.Contains("penstock-warnings"));
        var record = await front.Ledger.NextAsync();
        Assert.Equal((7, 3, 12, 12), (record.Tokens.Prompt, record.Tokens.Cached, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
        Assert.Equal((FinishReason.Stop, "primary/mock-instant"), (record.FinishReason, record.Target));
    }

    [Fact]
    public async Task Stream_GoesOverWithoutStoreAndComesBackEventByEvent()
    {
        var (status, answer, response) = await front.AskAsync("""{"model":"alias","stream":true,"input":"hi"}""", Path);

        Assert.Equal(200, status);
        Assert.Equal("""{"store":false,"model":"mock-instant","stream":true,"input":"hi"}""", front.StandIn.Calls[^1].Body);
        Assert.Equal(["store"], response.Headers.GetValues("penstock-warnings").Select(warning => warning.Split(':')[0]));
        var events = answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + 12 + 2, events.Length);
        Assert.StartsWith("event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,", events[0]);
        Assert.StartsWith("event: response.completed\n", events[^1]);
        Assert.EndsWith("}", events[^1]);
        var record = await front.Ledger.NextAsync();
        Assert.Equal((7, 12, 12), (record.Tokens.Prompt, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
    }

    [Fact]
    public async Task Stream_OfATargetThatDoesNotSpeakIt_IsTranslated()
    {
        var (status, answer, _) = await front.AskAsync("""{"model":"translated","stream":true,"store":false,"input":"hi"}""", Path);

        Assert.Equal(200, status);
        Assert.Equal("/v1/chat/completions", front.StandIn.Calls[^1].Path);
        Assert.Contains("event: response.completed", answer);
    }

    [Fact]
    public async Task Stream_WhoseFirstTargetFails_IsTheSecondsOwn()
    {
        var (status, answer, _) = await front.AskAsync("""{"model":"either","stream":true,"store":false,"input":"hi"}""", Path);

        Assert.Equal(200, status);
        Assert.Equal(["/v1/chat/completions", Path], front.StandIn.Calls.Select(call => call.Path));
        Assert.Contains("resp_stand_in", answer);
    }

    [Fact]
    public async Task Stream_CutInTheMiddle_EndsInAnErrorEvent()
    {
        var (_, answer, _) = await front.AskAsync("""{"model":"mock-cut-mid-answer","stream":true,"store":false,"input":"hi"}""", Path);

        var last = answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("event: error\ndata: {\"type\":\"error\",\"sequence_number\":7,\"code\":\"upstream_failed\"", last);
        Assert.DoesNotContain("response.completed", answer);
        Assert.Equal(FinishReason.Error, (await front.Ledger.NextAsync()).FinishReason);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Failure_BeforeAnything_HasItsOwnStatus(string stream)
    {
        var (status, answer, _) = await front.AskAsync($$"""{"model":"mock-error-in-stream","stream":{{stream}},"store":false,"input":"hi"}""", Path);

        Assert.Equal(502, status);
        Assert.Contains("upstream_failed", answer);
    }

    [Theory]
    [InlineData("\"store\":true", "store")]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"conversation\":\"conv_1\"", "conversation")]
    [InlineData("\"background\":true", "background")]
    public async Task State_OfAProviderThatAllShare_IsRefused(string field, string param)
    {
        var (status, answer, _) = await front.AskAsync($$"""{"model":"mock-instant","input":"hi",{{field}}}""", Path);

        Assert.Equal(400, status);
        Assert.Contains($"\"param\":\"{param}\",\"code\":\"unsupported_value\"", answer);
        Assert.Empty(front.StandIn.Calls);
    }

    [Fact]
    public async Task Probe_OfAServerWithTheForm_FindsIt()
    {
        using var provider = (await Provider.OpenAsync(
            new TargetOptions { Name = "p", Kind = TargetKind.OpenAi, BaseUrl = front.StandIn.BaseUrl, Models = ["mock-instant"] }, TimeProvider.System, TestContext.Current.CancellationToken)).OrThrow();

        var result = await ProviderProbe.RunAsync(provider, _ => true, TimeSpan.FromMinutes(5), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(["models", "chat", "chat_stream", "completions", "embeddings", "responses"], result.Surfaces);
    }
}
