using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>Anthropic's official .NET SDK, unmodified and checking every answer against its schema, with pebble.</summary>
public sealed class AnthropicSdkTests(PebbleServer server) : IClassFixture<PebbleServer>
{
    private AnthropicClient Sdk => new() { ApiKey = "not-needed", BaseUrl = server.Address.ToString().TrimEnd('/'), MaxRetries = 0, ResponseValidation = true };

    // The newest API has no temperature any more; the SDK passes on what it does not know.
    private static MessageCreateParams Question => new(Empty, Empty, new Dictionary<string, JsonElement> { ["temperature"] = JsonElement.Parse("0") })
    {
        Model = "pebble",
        MaxTokens = 60,
        Messages = [new UserMessageParam("What is TTFT?")],
    };

    private static IReadOnlyDictionary<string, JsonElement> Empty { get; } = new Dictionary<string, JsonElement>();

    [Fact]
    public async Task Message_Question_IsAnswered()
    {
        var message = await Sdk.Messages.Create(Question, TestContext.Current.CancellationToken);

        message.Validate();
        Assert.Contains("time to first token", TextOf(message));
        Assert.Equal("end_turn", message.StopReason?.Raw());
        Assert.True(message.Usage.InputTokens + message.Usage.CacheReadInputTokens > 5);
    }

    [Fact]
    public async Task Stream_Question_GivesTheSameTextAsTheWholeAnswer()
    {
        var whole = await Sdk.Messages.Create(Question, TestContext.Current.CancellationToken);

        var text = "";
        var ended = false;
        await foreach (var item in Sdk.Messages.CreateStreaming(Question, TestContext.Current.CancellationToken))
        {
            item.Validate();
            if (item.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var part))
            {
                text += part.Text;
            }

            ended |= item.TryPickStop(out _);
        }

        Assert.Equal(TextOf(whole), text);
        Assert.True(ended);
        var record = await server.RecordAsync(record => record.Stream && record.Model == "pebble");
        Assert.Equal(FinishReason.Stop, record.FinishReason);
    }

    [Fact]
    public async Task Count_OfTheQuestion_IsWhatItsAnswerCounted()
    {
        var whole = await Sdk.Messages.Create(Question, TestContext.Current.CancellationToken);

        var count = await Sdk.Messages.CountTokens(new MessageCountTokensParams { Model = "pebble", Messages = Question.Messages }, TestContext.Current.CancellationToken);

        Assert.Equal(whole.Usage.InputTokens + whole.Usage.CacheReadInputTokens, count.InputTokens);
    }

    [Fact]
    public async Task Message_UnknownModel_IsANotFoundException()
    {
        var failure = await Assert.ThrowsAnyAsync<AnthropicApiException>(() => Sdk.Messages.Create(Question with { Model = "claude" }, TestContext.Current.CancellationToken));

        Assert.Equal(404, (int)failure.StatusCode);
    }

    private static string TextOf(Message message) => string.Concat(message.Content.Select(block => block.TryPickText(out var text) ? text.Text : ""));
}
