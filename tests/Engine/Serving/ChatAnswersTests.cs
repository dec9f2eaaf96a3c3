using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;
using Penstock.Models.Templates;

namespace Penstock.Engine.Tests.Serving;

/// <summary>From sampled tokens, markers that are control tokens among them, to the parts of an answer.</summary>
public class ChatAnswersTests
{
    private const string Template = "{% if tools %}tools: {% endif %}{{ messages[0].content }}{% if enable_thinking %}[THINK]\n{% endif %}{# [TOOL_CALLS] #}";

    private static readonly ToolDefinition Tool = new("add", JsonDocument.Parse("""{"type":"function","function":{"name":"add","parameters":{"type":"object","properties":{"a":{"type":"integer"}}}}}""").RootElement);

    [Fact]
    public async Task Answer_MarkersThatAreControlTokens_BecomeParts()
    {
        var answer = await AnswerAsync("[THINK]Hm.[/THINK]So:\n[TOOL_CALLS]add[ARGS]{\"a\": 1}", [Tool]);

        Assert.Equal("Hm.", answer.Reasoning);
        Assert.Equal("So:", Assert.Single(answer.Texts));
        var call = Assert.Single(answer.Calls);
        Assert.Equal(("add", "{\"a\": 1}"), (call.Name, call.ArgumentsJson));
        Assert.Equal(9, call.Id.Length);
        answer.AssertLaws();
    }

    [Fact]
    public async Task Answer_WithoutTools_ShowsNoMarkerOfACall()
    {
        var answer = await AnswerAsync("So:[TOOL_CALLS]add", []);

        Assert.Equal("So:add", Assert.Single(answer.Texts));
        answer.AssertLaws();
    }

    [Fact]
    public async Task Answer_PromptThatOpensTheThinking_BeginsInside()
    {
        var answer = await AnswerAsync("Hm.[/THINK]Yes.", [], """{"enable_thinking": true}""");

        Assert.Equal("Hm.", answer.Reasoning);
        Assert.Equal("Yes.", Assert.Single(answer.Texts));
    }

    [Fact]
    public async Task Answer_CutInACall_EndsTheCallAsShortAsItMay()
    {
        var answer = await AnswerAsync("[TOOL_CALLS]add[ARGS]{\"a\": 1111111111111111111111", [Tool], limit: 20);

        var call = Assert.Single(answer.Calls);
        Assert.Equal("{\"a\": 11111111}", call.ArgumentsJson);
        Assert.Equal(FinishReason.Length, answer.Summary.FinishReason);
        answer.AssertLaws();
    }

    [Fact]
    public async Task Answer_NoRoomForACall_EndsBeforeIt()
    {
        var answer = await AnswerAsync("So:[TOOL_CALLS]add[ARGS]{\"a\": 1}", [Tool], limit: 8);

        Assert.Equal("So:", Assert.Single(answer.Texts));
        Assert.Equal(FinishReason.Length, answer.Summary.FinishReason);
        answer.AssertLaws();
    }

    [Theory]
    [InlineData("{{ messages[0].content }}", true)]
    [InlineData("{{ messages[0].content }}{{ tools }}", false)]
    public async Task Prepare_ToolsThatTheTemplateDoesNotShow_AreRefused(string template, bool refused)
    {
        await using var target = Target("a", template);
        var prepared = target.Prepare(Requests.Completion("") with { Kind = RequestKind.Chat, Inputs = [], Messages = [new ChatMessage { Role = "user", Content = "hello" }], Tools = [Tool] });

        Assert.Equal(refused, !prepared.Ok);
        if (refused)
            Assert.Equal((ErrorCode.UnsupportedValue, "tools"), (prepared.Error!.Code, prepared.Error.Param));
    }

    [Fact]
    public async Task Completion_WithMarkers_IsTheTextThatItIs()
    {
        await using var target = Target("a <tool_call> b");
        var answer = await target.AnswerAsync(Requests.Completion("hello"));
        Assert.Equal("a <tool_call> b", Assert.Single(answer.Texts));
    }

    private static async Task<Answer> AnswerAsync(string says, ToolDefinition[] tools, string? arguments = null, int limit = 100)
    {
        await using var target = Target(says);
        var answer = await target.AnswerAsync(Requests.Completion("") with
        {
            Kind = RequestKind.Chat,
            Inputs = [],
            Messages = [new ChatMessage { Role = "user", Content = "hello" }],
            Tools = tools,
            TemplateArguments = arguments is null ? null : JsonDocument.Parse(arguments).RootElement,
            MaxOutputTokens = limit,

            // With log-probabilities every token is sampled, those too that a constraint decides: so the script keeps pace.
            Sampling = new SamplingOptions { Temperature = 0, TopLogProbs = 0 },
        });
        return answer;
    }

    private static LocalTarget Target(string says, string template = Template)
    {
        var tokenizer = new MarkerTokenizer("[THINK]", "[/THINK]", "[TOOL_CALLS]", "[ARGS]");
        var script = new List<int>();
        tokenizer.Encode(says, script, addSpecial: false, parseSpecial: true);
        script.Add(MarkerTokenizer.End);
        var runner = new ScriptedRunner(new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = tokenizer.VocabularySize }), script);
        return new LocalTarget(Requests.Options(), runner, tokenizer, ChatTemplate.Parse(template, "test").Value, TimeProvider.System);
    }
}
