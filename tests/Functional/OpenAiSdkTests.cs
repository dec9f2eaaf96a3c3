using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using Penstock.Contracts.Records;
using Penstock.Functional.Tests.Hosting;

namespace Penstock.Functional.Tests;

/// <summary>OpenAI's official .NET SDK, unmodified, against pebble.</summary>
public sealed class OpenAiSdkTests(PebbleServer server) : IClassFixture<PebbleServer>
{
    private static readonly ChatCompletionOptions Greedy = new() { Temperature = 0, MaxOutputTokenCount = 60 };

    private OpenAIClient Sdk => new(new ApiKeyCredential("not-needed"), new OpenAIClientOptions
    {
        Endpoint = new Uri(server.Address, "v1"),
        Transport = new HttpClientPipelineTransport(server.Client),
    });

    [Fact]
    public async Task Chat_Question_IsAnswered()
    {
        ChatCompletion answer = await Sdk.GetChatClient("pebble").CompleteChatAsync([new UserChatMessage("What is TTFT?")], Greedy);

        Assert.Contains("time to first token", answer.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(ChatMessageRole.Assistant, answer.Role);
        Assert.True(answer.Usage.InputTokenCount > 5);
        Assert.Equal(answer.Usage.TotalTokenCount, answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
        Assert.StartsWith("sha256:", answer.SystemFingerprint);
    }

    [Fact]
    public async Task Stream_Question_GivesTheSameTextAsTheWholeAnswer()
    {
        var chat = Sdk.GetChatClient("pebble");
        ChatCompletion whole = await chat.CompleteChatAsync([new UserChatMessage("What is TTFT?")], Greedy);

        var text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in chat.CompleteChatStreamingAsync([new UserChatMessage("What is TTFT?")], Greedy))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage ??= update.Usage;
            finish ??= update.FinishReason;
        }

        Assert.Equal(whole.Content[0].Text, text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Stream_CancelledAfterTheFirstToken_StopsTheGeneration()
    {
        using var cancel = new CancellationTokenSource();
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 1500, EndUserId = "cancels" };
        var received = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in Sdk.GetChatClient("pebble").CompleteChatStreamingAsync([new UserChatMessage("Write a story about Nina the fox in the forest.")], options, cancel.Token))
            {
                if (update.ContentUpdate.Count > 0 && ++received == 2)
                {
                    await cancel.CancelAsync();
                }
            }
        });

        var record = await server.RecordAsync(record => record.FinishReason == FinishReason.Cancelled && record.Stream);
        Assert.Equal(FinishCause.Client, record.FinishCause);
        Assert.True(record.Tokens.Sampled < 1500);
    }

    [Fact]
    public async Task Chat_LogProbabilitiesAndChoices_AreThere()
    {
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 4, IncludeLogProbabilities = true, TopLogProbabilityCount = 3 };

        ChatCompletion answer = await Sdk.GetChatClient("pebble").CompleteChatAsync([new UserChatMessage("What is TTFT?")], options);

        Assert.Equal(4, answer.ContentTokenLogProbabilities.Count);
        Assert.All(answer.ContentTokenLogProbabilities, token => Assert.Equal(3, token.TopLogProbabilities.Count));
        Assert.All(answer.ContentTokenLogProbabilities, token => Assert.InRange(token.LogProbability, -20f, 0f));
        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
    }

    [Fact]
    public async Task Embeddings_SameTextTwice_IsTheSameUnitVector()
    {
        var result = await Sdk.GetEmbeddingClient("pebble").GenerateEmbeddingsAsync(["the red house", "the red house", "2 + 2 ="]);

        var vectors = result.Value.Select(embedding => embedding.ToFloats().ToArray()).ToArray();
        Assert.Equal(256, vectors[0].Length);
        Assert.Equal(vectors[0], vectors[1]);
        Assert.NotEqual(vectors[0], vectors[2]);
        Assert.Equal(1, vectors[0].Sum(value => value * value), 1e-3f);
    }

    [Fact]
    public async Task Models_ListAndGet_NamePebble()
    {
        var models = Sdk.GetOpenAIModelClient();
        var list = await models.GetModelsAsync();
        var one = await models.GetModelAsync("pebble");

        Assert.Equal(["pebble"], list.Value.Select(model => model.Id));
        Assert.Equal("penstock", one.Value.OwnedBy);
    }

    [Fact]
    public async Task Chat_UnknownModel_IsAClientResultExceptionWith404()
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(() => Sdk.GetChatClient("gpt-5").CompleteChatAsync([new UserChatMessage("hi")]));

        Assert.Equal(404, failure.Status);
        Assert.Contains("pebble", failure.Message);
    }
}
