using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Gateway.Configuration;
using Penstock.Providers.Credentials;
using Penstock.Providers.Tests.Hosting;

namespace Penstock.Providers.Tests;

/// <summary>What goes over and what comes back when nothing fails.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private FrontServer front = null!;

    public async ValueTask InitializeAsync() => front = await FrontServer.StartAsync(routes: new RouteOptions("alias", ["primary/mock-instant"]));

    public ValueTask DisposeAsync() => front.DisposeAsync();

    [Fact]
    public async Task Chat_Whole_GoesOverAndComesBackByteForByte()
    {
        const string body = """{ "model": "mock-instant" , "messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:x"}}]}],"unknown_field":{"a":[1.50,null]} }""";
        var (status, answer, _) = await front.AskAsync(body);

        Assert.Equal(200, status);
        Assert.Equal(body, front.StandIn.Calls[^1].Body);
        Assert.Contains("\"x_unknown\":[1, 2]", answer);
        var record = await front.Ledger.NextAsync();
        Assert.Equal("primary/mock-instant", record.Target);
        Assert.Equal((7, 3, 12, 12), (record.Tokens.Prompt, record.Tokens.Cached, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
        Assert.Equal((FinishReason.Stop, FinishCause.Model), (record.FinishReason, record.FinishCause));
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal(("primary", "mock-instant", "first", AttemptOutcome.Answered, 200, 12, 12, 12), (
            attempt.Target, attempt.AnsweredModel, attempt.Reason, attempt.Outcome, attempt.Status, attempt.Produced, attempt.Delivered, attempt.Billed));
    }

    [Fact]
    public async Task Chat_Streamed_IsTheProvidersStreamWithoutTheUsageNobodyAskedFor()
    {
        var (status, answer, response) = await front.AskAsync(FrontServer.Chat("mock-instant", stream: true));

        Assert.Equal((200, "text/event-stream"), (status, response.Content.Headers.ContentType!.MediaType));
        var events = answer.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 12 + 1 + 1, events.Length);
        Assert.StartsWith("""data: {"id":"chatcmpl-stand-in","object":"chat.completion.chunk","created":1,"model":"mock-instant","choices":[{"index":0,"delta":{"role":"assistant","content":""}""", events[0]);
        Assert.DoesNotContain("usage", answer);
        Assert.Equal("data: [DONE]", events[^1]);
        Assert.Contains("\"stream_options\":{\"include_usage\":true}", front.StandIn.Calls[^1].Body);
        var record = await front.Ledger.NextAsync();
        Assert.Equal((7, 12, 12), (record.Tokens.Prompt, record.Tokens.Sampled, record.Tokens.DeliveredVisible));
        Assert.Equal(12, record.Attempts[0].Billed);
    }

    [Fact]
    public async Task Chat_StreamedWithUsage_HasTheProvidersUsage()
    {
        var (_, answer, _) = await front.AskAsync(FrontServer.Chat("mock-instant", stream: true, more: ",\"stream_options\":{\"include_usage\":true}"));

        Assert.Contains("\"completion_tokens\":12", answer.Split("\n\n")[^3]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_ProviderGivesNoUsage_CountsAreEstimatesAndNothingIsCalledBilled(bool stream)
    {
        var (status, _, _) = await front.AskAsync(FrontServer.Chat("mock-no-usage", stream));

        Assert.Equal(200, status);
        var record = await front.Ledger.NextAsync();
        Assert.True(record.Tokens is { Sampled: > 0, Prompt: > 0 });
        Assert.Null(record.Attempts[0].Billed);
    }

    [Fact]
    public async Task Completion_IsRelayed()
    {
        var (status, answer, _) = await front.AskAsync("""{"model":"mock-instant","prompt":["a","b"],"echo":true,"max_tokens":3}""", "/v1/completions");

        Assert.Equal(200, status);
        Assert.Equal("w0 w1 w2 ", JsonElement.Parse(answer).GetProperty("choices")[0].GetProperty("text").GetString());
        Assert.Equal(3, (await front.Ledger.NextAsync()).Tokens.Sampled);
    }

    [Fact]
    public async Task Embeddings_AreRelayed()
    {
        var (status, answer, _) = await front.AskAsync("""{"model":"mock-instant","input":"hello","dimensions":2}""", "/v1/embeddings");

        Assert.Equal(200, status);
        Assert.Contains("[0.5,-0.5]", answer);
        var record = await front.Ledger.NextAsync();
        Assert.Equal((Contracts.Requests.RequestKind.Embedding, 7, 7, "primary/mock-instant"), (record.Kind, record.Tokens.Prompt, record.Tokens.Prefilled, record.Target));
        Assert.Equal(AttemptOutcome.Answered, Assert.Single(record.Attempts).Outcome);
    }

    [Fact]
    public async Task Chat_RouteRenames_TheProviderIsAskedForItsOwnName()
    {
        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("alias"));

        Assert.Equal(200, status);
        Assert.Equal("mock-instant", front.StandIn.Calls[^1].Model);
        Assert.Contains("\"model\":\"mock-instant\"", answer);
        var record = await front.Ledger.NextAsync();
        Assert.Equal(("alias", "primary/mock-instant"), (record.Model, record.Target));
    }

    [Fact]
    public async Task Chat_AnswerNamesAnotherModel_TheRecordSaysWhichAnswered()
    {
        await front.AskAsync(FrontServer.Chat("mock-other-model", stream: true));

        var record = await front.Ledger.NextAsync();
        Assert.Equal(("mock-other-model", "primary/another-model"), (record.Model, record.Target));
        Assert.Equal(("mock-other-model", "another-model"), (record.Attempts[0].Model, record.Attempts[0].AnsweredModel));
    }

    [Fact]
    public async Task Chat_AfterAStream_ComesOverTheSameConnection()
    {
        // A clock that moves: with the hurried one the end of a body is given up at once.
        await using var steady = await FrontServer.StartAsync(time: TimeProvider.System);
        await Eventually.TrueAsync(async () =>
        {
            // The end of the stream's body is read when its client has the answer already, so one request may come too early.
            await steady.AskAsync(FrontServer.Chat("mock-instant", stream: true));
            await steady.AskAsync(FrontServer.Chat("mock-instant"));
            return steady.StandIn.Calls[^1].Connection == steady.StandIn.Calls[^2].Connection;
        });
    }

    [Fact]
    public async Task Models_AreTheConfiguredNames()
    {
        var list = JsonElement.Parse(await front.Client.GetStringAsync("/v1/models")).GetProperty("data").EnumerateArray();

        Assert.Equal(["alias", "mock-*", "spare-only"], list.Select(model => model.GetProperty("id").GetString()));
        Assert.Equal("primary", JsonElement.Parse(await front.Client.GetStringAsync("/v1/models/mock-17")).GetProperty("owned_by").GetString());
    }

    [Fact]
    public async Task Chat_NobodyAnswersForTheName_Is404()
    {
        var (status, answer, _) = await front.AskAsync(FrontServer.Chat("other"));

        Assert.Equal(404, status);
        Assert.Contains("model_not_found", answer);
    }

    [Fact]
    public async Task Chat_ClientsKeyAndHeaders_StayHere()
    {
        await using var keyed = await FrontServer.StartAsync(target => target with { Credential = Key("upstream-key") });
        keyed.Client.DefaultRequestHeaders.Add("authorization", "Bearer clients-own-key");
        keyed.Client.DefaultRequestHeaders.Add("cookie", "session=secret");
        keyed.Client.DefaultRequestHeaders.Add("x-anything", "else");
        await keyed.AskAsync(FrontServer.Chat("mock-instant"));

        var headers = keyed.StandIn.Calls[^1].Headers;
        Assert.Equal("Bearer upstream-key", headers["authorization"]);
        Assert.Equal(["authorization", "content-length", "content-type", "host", "user-agent"], headers.Keys.Select(name => name.ToLowerInvariant()).Order());
    }

    [Fact]
    public async Task Chat_DeadlineOfTheClients_IsHeldHere()
    {
        await front.AskAsync("""{"deadline_ms":60000, "model": "mock-instant","messages":[{"role":"user","content":"Hi \u00e9"}] }""");

        Assert.Equal("""{"model":"mock-instant","messages":[{"role":"user","content":"Hi \u00e9"}]}""", front.StandIn.Calls[^1].Body);
    }

    [Theory]
    [InlineData("openai-beta", "assistants=v2", "assistants=v2")]
    [InlineData("anthropic-beta", "x", null)]
    [InlineData("x-api-key", "x", null)]
    public async Task Chat_HeadersOfItsForm_GoOverWithTheBody(string name, string value, string? expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(FrontServer.Chat("mock-instant"), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add(name, value);
        using var response = await front.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(expected, front.StandIn.Calls[^1].Headers.GetValueOrDefault(name));
    }

    [Fact]
    public async Task Credential_NotThere_IsAnErrorThatNamesThePlace()
    {
        var source = new CredentialSource(CredentialKind.Environment, "PENSTOCK_TEST_NO_SUCH_KEY");
        var outcome = await source.ReadAsync(CancellationToken.None);

        Assert.Contains("'PENSTOCK_TEST_NO_SUCH_KEY' is empty", outcome.Error!.Message);
    }

    [Fact]
    public async Task Credential_OfACommand_IsWhatItPrintsAndIsNeverShown()
    {
        var credential = (await new CredentialSource(CredentialKind.Command, "printf 'sk-secret\\n'").ReadAsync(CancellationToken.None)).OrThrow();

        Assert.Equal("sk-secret", credential.Reveal());
        Assert.DoesNotContain("sk-secret", credential.ToString());
        Assert.DoesNotContain("sk-secret", new TargetOptions { Name = "a", Kind = TargetKind.OpenAi, BaseUrl = new("http://x"), Credential = Key("sk-secret") }.Credential!.Kind.ToString());
    }

    private static CredentialSource Key(string key) => new(CredentialKind.Command, $"printf {key}");
}
