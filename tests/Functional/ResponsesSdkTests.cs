using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI.Responses;
using Penstock.Functional.Tests.Hosting;

#pragma warning disable OPENAI001 // The SDK marks this client as experimental.

namespace Penstock.Functional.Tests;

/// <summary>The Responses client of OpenAI's official .NET SDK, unmodified, against pebble.</summary>
public sealed class ResponsesSdkTests(PebbleServer server) : IClassFixture<PebbleServer>
{
    private ResponsesClient Sdk => new(new ApiKeyCredential("not-needed"), new ResponsesClientOptions
    {
        Endpoint = new Uri(server.Address, "v1"),
        Transport = new HttpClientPipelineTransport(server.Client),
    });

    [Fact]
    public async Task Response_Question_IsAnswered()
    {
        ResponseResult answer = await Sdk.CreateResponseAsync(Question());

        Assert.Equal(ResponseStatus.Completed, answer.Status);
        Assert.Contains("time to first token", answer.GetOutputText());
        Assert.True(answer.Usage.InputTokenCount > 5);
        Assert.Equal(answer.Usage.TotalTokenCount, answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Stream_Question_GivesTheSameTextAsTheWholeAnswer()
    {
        ResponseResult whole = await Sdk.CreateResponseAsync(Question());

        var text = "";
        ResponseResult? end = null;
        var streaming = Question();
        streaming.StreamingEnabled = true;
        await foreach (var update in await Sdk.CreateResponseStreamingAsync(streaming))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate delta ? delta.Delta : "";
            end = update is StreamingResponseCompletedUpdate completed ? completed.Response : end;
        }

        Assert.Equal(whole.GetOutputText(), text);
        Assert.Equal(whole.GetOutputText(), end!.GetOutputText());
        Assert.Equal(whole.Usage.OutputTokenCount, end.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task Response_RequiredCall_IsAFunctionCall()
    {
        var options = Question();
        options.Tools.Add(ResponseTool.CreateFunctionTool(
            "weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string","maxLength":20}},"required":["city"],"additionalProperties":false}"""), strictModeEnabled: true));
        options.ToolChoice = ResponseToolChoice.CreateRequiredChoice();
        options.ParallelToolCallsEnabled = false;

        ResponseResult answer = await Sdk.CreateResponseAsync(options);

        var call = Assert.Single(answer.OutputItems.OfType<FunctionCallResponseItem>());
        Assert.Equal("weather", call.FunctionName);
        Assert.Contains("\"city\"", call.FunctionArguments.ToString(), StringComparison.Ordinal);
    }

    private static CreateResponseOptions Question() => new()
    {
        Model = "pebble",
        StoredOutputEnabled = false,
        Temperature = 0,
        MaxOutputTokenCount = 60,
        InputItems = { ResponseItem.CreateUserMessageItem("What is TTFT?") },
    };
}
