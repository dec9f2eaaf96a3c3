using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Penstock.Contracts.Requests;
using Penstock.Providers.OpenAi;

namespace Penstock.Providers.Tests;

public sealed class BodyTests
{
    [Theory]
    [InlineData("""{"model":"a"}""", """{"model":"a"}""")]
    [InlineData("""{"model":"b","x":1}""", """{"model":"a","x":1}""")]
    [InlineData("""{ "x":{"model":"b"}, "model" : "b" }""", """{ "x":{"model":"b"}, "model" : "a" }""")]
    public async Task Splice_NoUsageAsked_ChangesTheModelOnly(string body, string expected) => Assert.Equal(expected, await SpliceAsync(body, askUsage: false));

    [Theory]
    [InlineData("""{"model":"a"}""", """{"stream_options":{"include_usage":true},"model":"a"}""")]
    [InlineData("""{"model":"b"}""", """{"stream_options":{"include_usage":true},"model":"a"}""")]
    [InlineData("""  {"x":[{}],"model":"b","y":2}""", """  {"stream_options":{"include_usage":true},"x":[{}],"model":"a","y":2}""")]
    [InlineData("""{"model":"b","stream_options":{}}""", """{"model":"a","stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":null,"model":"b"}""", """{"stream_options":{"include_usage":true},"model":"a"}""")]
    [InlineData("""{"stream_options":{"include_usage":false},"model":"b"}""", """{"stream_options":{"include_usage":true},"model":"a"}""")]
    [InlineData("""{"stream_options":{"include_usage":true},"model":"a"}""", """{"stream_options":{"include_usage":true},"model":"a"}""")]
    [InlineData("""{"stream_options":{"z":{"include_usage":1}},"model":"b"}""", """{"stream_options":{"include_usage":true,"z":{"include_usage":1}},"model":"a"}""")]
    [InlineData("""{"model":"b","messages":[{"stream_options":1}]}""", """{"stream_options":{"include_usage":true},"model":"a","messages":[{"stream_options":1}]}""")]
    public async Task Splice_UsageAsked_AsksForItOnce(string body, string expected) => Assert.Equal(expected, await SpliceAsync(body, askUsage: true));

    [Fact]
    public void Splice_AnyObject_DiffersInTheTwoFieldsOnly() => Prop.ForAll((string name, string value, bool ask) =>
    {
        var own = new JsonObject { ["model"] = "b" };
        if (name is not (null or "model" or "stream_options") && IsText(name) && IsText(value ?? ""))
        {
            own[name] = new JsonObject { ["model"] = value };
        }

        if (value?.Length % 2 == 1)
        {
            own["stream_options"] = new JsonObject { ["other"] = 1 };
        }

        var spliced = JsonNode.Parse(SpliceAsync(own.ToJsonString(), ask).GetAwaiter().GetResult())!.AsObject();
        own["model"] = "a";
        if (ask)
        {
            var options = own["stream_options"] as JsonObject ?? [];
            options["include_usage"] = true;
            own["stream_options"] = options.DeepClone();
        }

        return JsonNode.DeepEquals(own, spliced);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryRead_Chunk_SaysWhatCounts()
    {
        const string chunk = """{"id":"x","model":"m","choices":[{"index":1,"delta":{"reasoning_content":"so","content":null},"finish_reason":null}],"usage":null}""";

        Assert.True(OpenAiAnswer.TryRead(Encoding.UTF8.GetBytes(chunk), wantModel: true, out var answer));
        Assert.Equal(("m", 1, 1, true, true, 0), (answer.Model, answer.Choices, answer.Choice, answer.HasContent, answer.HasReasoning, answer.Finished));
        Assert.Null(answer.Usage);
    }

    [Fact]
    public void TryRead_Usage_IsReadWithItsDetailsAndFoundInTheText()
    {
        var json = """{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4,"x":{}},"completion_tokens_details":{"reasoning_tokens":2},"cost":0.1}}"""u8;

        Assert.True(OpenAiAnswer.TryRead(json, wantModel: true, out var answer));
        Assert.Equal(new Usage { Prompt = 9, Cached = 4, Output = 5, Reasoning = 2 }, answer.Usage);
        Assert.Equal(0.1m, JsonElement.Parse(json[answer.UsageRange]).GetProperty("cost").GetDecimal());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"choices":[{"delta":}]}""")]
    public void TryRead_NoObject_IsFalse(string json) => Assert.False(OpenAiAnswer.TryRead(Encoding.UTF8.GetBytes(json), wantModel: true, out _));

    [Theory]
    [InlineData("""{"choices":7,"usage":"none","model":3,"error":null}""")]
    [InlineData("""{"choices":[1,[],{"index":-1,"delta":[],"finish_reason":{}}],"usage":{"prompt_tokens":"x","completion_tokens":-1}}""")]
    public void TryRead_StrangeTypes_AreLeftOut(string json)
    {
        Assert.True(OpenAiAnswer.TryRead(Encoding.UTF8.GetBytes(json), wantModel: true, out var answer));
        Assert.False(answer.HasContent || answer.IsError);
        Assert.Null(answer.Usage?.Output);
    }

    private static bool IsText(string text) => !text.Any(char.IsSurrogate);

    private static async Task<string> SpliceAsync(string body, bool askUsage)
    {
        using var content = OpenAiBody.Splice(new WireRequest(WireForm.ChatCompletions, Encoding.UTF8.GetBytes(body)), "a", askUsage);
        return await content.ReadAsStringAsync();
    }
}
