using System.Text.Json;
using Penstock.Contracts.Records;
using Penstock.Contracts.Requests;
using Penstock.Engine.Serving;
using Penstock.Engine.Simulation;
using Penstock.Engine.Tests.Fakes;
using Penstock.Models.Templates;

namespace Penstock.Engine.Tests.Constraining;

/// <summary>Calls in the forms of the families, over noise: whatever is sampled, a call is one of a declared tool with arguments that fit.</summary>
public sealed class ConstrainedCallTests
{
    private const string Hermes = "{% if tools %}tools: {% endif %}{{ messages[0].content }}<tool_call>{# </tool_call> #}";
    private const string Thinking = "{{ messages[0].content }}{% if open %}<think>\n{% elif closed %}<think>\n\n</think>\n\n{% endif %}{# <tool_call> #}";

    private static readonly ToolDefinition[] Tools =
    [
        Tool("add", """{"type":"object","properties":{"a":{"type":"integer","minimum":0,"maximum":99},"b":{"enum":["x","y"]}},"required":["a"],"additionalProperties":false}"""),
        Tool("address", """{"type":"object","properties":{},"additionalProperties":false}"""),
    ];

    public static TheoryData<string, string[]> Families => new()
    {
        { Hermes, [] },
        { Hermes, ["<tool_call>", "</tool_call>"] },
        { "{{ messages[0].content }}{# [TOOL_CALLS] #}", ["[TOOL_CALLS]"] },
        { "{{ messages[0].content }}{# [TOOL_CALLS] [ARGS] #}", ["[TOOL_CALLS]", "[ARGS]"] },
        { "{{ messages[0].content }}{# <|tool_call|> #}", ["<|tool_call|>"] },
        { "{{ messages[0].content }}{# functools #}", [] },
        { "{{ messages[0].content }}{# {\"name\": function name, \"parameters\": dictionary of argument name and its value} #}", [] },
        { "{{ messages[0].content }}", [] },
    };

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Required_AnyFamilyAndSampling_IsCallsThatFit(string template, string[] markers)
    {
        await using var target = Target(template, markers);
        var several = 0;
        for (ulong seed = 0; seed < 25; seed++)
        {
            var answer = await target.AnswerAsync(Chat(seed, 150) with { ToolChoice = new ToolChoice(ToolChoiceMode.Required) });

            answer.AssertLaws();
            var calls = answer.Calls;
            Assert.NotEmpty(calls);
            Assert.All(calls, AssertFits);
            Assert.Equal("", string.Concat(answer.Texts).Trim());
            several += calls.Count > 1 ? 1 : 0;
        }

        Assert.True(several > 0, "no answer made two calls");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Required_NotParallelOrNamed_IsOneCall(string template, string[] markers)
    {
        await using var target = Target(template, markers);
        for (ulong seed = 0; seed < 10; seed++)
        {
            var one = await target.AnswerAsync(Chat(seed, 150) with { ToolChoice = new ToolChoice(ToolChoiceMode.Required, null, Parallel: false) });
            AssertFits(Assert.Single(one.Calls));

            var named = await target.AnswerAsync(Chat(seed, 150) with { ToolChoice = new ToolChoice(ToolChoiceMode.Required, "address") });
            Assert.Equal("address", Assert.Single(named.Calls).Name);
            Assert.Equal(FinishReason.Stop, named.Summary.FinishReason);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Required_CutAtEveryLength_IsCallsThatFit(string template, string[] markers)
    {
        await using var target = Target(template, markers);
        var request = Chat(3, 1) with { ToolChoice = new ToolChoice(ToolChoiceMode.Required) };
        var least = 1;
        while (!target.Prepare(request with { MaxOutputTokens = least }).Ok)
            least++;
        for (var tokens = least; tokens < least + 25; tokens++)
        {
            var answer = await target.AnswerAsync(request with { MaxOutputTokens = tokens });
            Assert.NotEmpty(answer.Calls);
            Assert.All(answer.Calls, AssertFits);
        }
    }

    [Fact]
    public async Task Auto_ModelThatAlwaysWantsToCall_CallsWhatFits()
    {
        string[] markers = ["<tool_call>", "</tool_call>"];
        await using var target = Target(Hermes, markers, wanted: MarkerTokenizer.End + 1);
        for (ulong seed = 0; seed < 10; seed++)
        {
            var answer = await target.AnswerAsync(Chat(seed, 200));

            answer.AssertLaws();
            Assert.NotEmpty(answer.Calls);
            Assert.All(answer.Calls, AssertFits);
            Assert.DoesNotContain("<tool_call>", string.Concat(answer.Texts), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("open")]
    [InlineData("closed")]
    [InlineData("neither")]
    public async Task Thinking_ThenTheConstraint_EachInItsPlace(string stage)
    {
        await using var target = Target(Thinking, []);
        for (ulong seed = 0; seed < 10; seed++)
        {
            var answer = await target.AnswerAsync(Chat(seed, 60) with
            {
                Tools = [],
                TemplateArguments = JsonDocument.Parse($$"""{"{{stage}}": true}""").RootElement,
                Constraint = new OutputConstraint { Kind = ConstraintKind.Regex, Param = "guided_regex", Source = "[0-9]{3}!" },
            });

            answer.AssertLaws();
            Assert.Matches("^[0-9]{3}!$", string.Concat(answer.Texts));
            Assert.True(stage == "open" || answer.Reasoning.Length == 0, "a model of noise opens no thinking");
        }
    }

    private static void AssertFits(ToolCall call)
    {
        var arguments = JsonDocument.Parse(call.ArgumentsJson).RootElement;
        if (call.Name == "address")
        {
            Assert.Empty(arguments.EnumerateObject());
            return;
        }

        Assert.Equal("add", call.Name);
        Assert.InRange(arguments.GetProperty("a").GetDecimal(), 0, 99);
        Assert.True(!arguments.TryGetProperty("b", out var letter) || letter.GetString() is "x" or "y");
    }

    private static ToolDefinition Tool(string name, string parameters) =>
        new(name, JsonDocument.Parse($$$"""{"type":"function","function":{"name":"{{{name}}}","parameters":{{{parameters}}}}}""").RootElement);

    private static InferenceRequest Chat(ulong seed, int tokens) => Requests.Completion("") with
    {
        Kind = RequestKind.Chat,
        Inputs = [],
        Messages = [new ChatMessage { Role = "user", Content = "hello" }],
        Tools = Tools,
        MaxOutputTokens = tokens,
        Sampling = new SamplingOptions { Seed = seed, Temperature = 1.5f },
    };

    private static LocalTarget Target(string template, string[] markers, int? wanted = null)
    {
        var tokenizer = new MarkerTokenizer(markers);
        var runner = new SimulatedRunner(new SimulatedRunnerOptions { VocabularySize = tokenizer.VocabularySize, ContextLength = 512 });
        return new LocalTarget(
            Requests.Options(), wanted is { } token ? new ForbiddenFirstRunner(runner, token) : runner, tokenizer, ChatTemplate.Parse(template, "test").Value, TimeProvider.System);
    }
}
