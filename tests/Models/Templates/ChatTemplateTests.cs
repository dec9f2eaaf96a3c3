using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Requests;
using Penstock.Models.Templates;

namespace Penstock.Models.Tests.Templates;

public sealed class ChatTemplateTests
{
    private static readonly ChatTemplateInput Hello = new()
    {
        Messages = [new ChatMessage { Role = "user", Content = "Hi" }],
        Now = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)),
    };

    [Theory]
    [InlineData("a\nb\n{% if %}", 3)]
    [InlineData("{# comment\n\n #}\n{{ 'open }}", 4)]
    [InlineData("\n\n{% for x in y %}\n\n", 3)]
    [InlineData("{% unknown %}", 1)]
    [InlineData("{{ a b }}", 1)]
    [InlineData("\n{{ a.", 2)]
    [InlineData("{% generation %}\n{% endif %}", 2)]
    public void Parse_Fault_NamesTemplateAndLine(string source, int line)
    {
        var error = ChatTemplate.Parse(source, "the model").Error;

        Assert.Equal(ErrorCode.TemplateFailed, error?.Code);
        Assert.StartsWith($"The chat template 'the model' failed at line {line}: ", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  {% if true %}\n\n{{ missing() }}\n{% endif %}", 3, "'missing' is undefined, not a function")]
    [InlineData("{{ messages[0]\n .content\n .shout() }}", 3, "'shout' is undefined here, not a method")]
    [InlineData("\n{{ 1\n + none }}", 3, "'+' cannot join integer and none")]
    [InlineData("{% macro m() %}\n{{ raise_exception('No ' ~ messages[0].role) }}{% endmacro %}\n\n{{ m() }}", 2, "No user")]
    [InlineData("\n{{ 'x' | nothing }}", 2, "there is no filter 'nothing' for string")]
    [InlineData("\n{{ 'x' is nothing }}", 2, "there is no test 'nothing'")]
    public void Render_Fault_NamesTemplateLineAndReason(string source, int line, string reason)
    {
        var error = ChatTemplate.Parse(source, "the model").OrThrow().Render(Hello).Error;

        Assert.Equal($"The chat template 'the model' failed at line {line}: {reason}.", error?.Message);
    }

    [Fact]
    public void Render_ToolsOfTheClient_KeepsKeyOrderAndNumberForms()
    {
        const string Written = """{"z": 1.0, "10": 1e2, "a": 12345678901234567890, "2": [0.10, -0]}""";
        var input = Hello with { Tools = [new ToolDefinition("t", JsonDocument.Parse(Written).RootElement)] };

        Assert.Equal(Written, Render("{{ tools[0] | tojson }}", input));
    }

    [Fact]
    public void Render_FieldsThatAMessageLacks_AreUndefined() => Assert.Equal(
        "role content ",
        Render("{% for k in messages[0] %}{{ k }} {% endfor %}{{ 'wrong' if messages[0].tool_calls is defined or tools is defined }}", Hello));

    [Fact]
    public void Render_NullContent_IsNoneUnlessTheTemplateFailsOnIt()
    {
        var input = Hello with { Messages = [new ChatMessage { Role = "assistant", ToolCalls = [new ToolCall("1", "f", """{"b": 1, "a": 2}""")] }] };

        Assert.Equal("none", Render("{{ 'none' if messages[0].content is none }}", input));
        Assert.Equal("><", Render("{{ '>' + messages[0].content + '<' }}", input));
    }

    [Theory]
    [InlineData("""{"b": 1, "a": 2}""", """{"b": 1, "a": 2}""")]
    [InlineData("""{"b": """, "\"{\\\"b\\\": \"")]
    [InlineData("[1]", "\"[1]\"")]
    public void Render_ToolCallArguments_AreAMappingWhereTheyAreAnObject(string arguments, string printed)
    {
        var input = Hello with { Messages = [new ChatMessage { Role = "assistant", Content = "", ToolCalls = [new ToolCall("1", "f", arguments)] }] };

        Assert.Equal(printed, Render("{{ messages[0].tool_calls[0].function.arguments | tojson }}", input));
    }

    [Theory]
    [InlineData("""{"messages": []}""")]
    [InlineData("""{"range": 1}""")]
    [InlineData("[]")]
    public void Render_ArgumentsThatReplaceWhatTheyMayNot_AreRefused(string arguments) => Assert.Equal(
        ErrorCode.TemplateFailed,
        ChatTemplate.Parse("", "t").OrThrow().Render(Hello with { Arguments = JsonDocument.Parse(arguments).RootElement }).Error?.Code);

    [Fact]
    public void Render_HalfASurrogatePairInTools_IsAnErrorValue() => Assert.Equal(
        ErrorCode.TemplateFailed,
        ChatTemplate.Parse("", "t").OrThrow().Render(Hello with { Arguments = JsonDocument.Parse("""{"a": "\ud800"}""").RootElement }).Error?.Code);

    [Fact]
    public void Render_StrftimeNow_UsesTheOffsetGiven() =>
        Assert.Equal("2026-02-03 04:05", Render("{{ strftime_now('%Y-%m-%d %H:%M') }}", Hello));

    [Fact]
    public void Render_CaseOfOtherScripts_IsThatOfUnicode() =>
        Assert.Equal("STRASSE \u1F08\u0399 I \u03B1\u03C2 i\u0307", Render("{{ 'stra\u00DFe \u1F80 \u0131' | upper }} {{ '\u0391\u03A3 \u0130' | lower }}", Hello));

    [Fact]
    public void ChatMl_Chat_IsInChatMlForm() => Assert.Equal(
        "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n",
        BuiltInTemplates.ChatMl.Render(Hello).OrThrow().Text);

    [Fact]
    public void Render_ManyThreads_GiveTheSameText()
    {
        var template = ChatTemplate.Parse("{% for m in messages %}{{ m.role | upper }}{{ m.content * 3 }}{% endfor %}", "t").OrThrow();
        var texts = new string[64];

        Parallel.For(0, texts.Length, i => texts[i] = template.Render(Hello).OrThrow().Text);

        Assert.All(texts, text => Assert.Equal("USERHiHiHi", text));
    }

    private static string Render(string source, ChatTemplateInput input) => ChatTemplate.Parse(source, "t").OrThrow().Render(input).OrThrow().Text;
}
