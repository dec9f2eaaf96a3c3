using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Penstock.Contracts;
using Penstock.Contracts.Requests;
using Penstock.Models.Templates;
using Penstock.Tests.Support;

namespace Penstock.Models.Tests.Templates;

/// <summary>The recorded answers of the reference renderers, and the cases that they answered (<c>tools/template-oracle</c>).</summary>
internal static class Oracle
{
    private static readonly JsonElement Setup = Load("cases.json");

    /// <summary>File name, then case name, to an answer.</summary>
    public static JsonElement Real { get; } = Load("real.json");

    /// <summary>File name to an answer.</summary>
    public static JsonElement Language { get; } = Load("language.json");

    public static IEnumerable<(string Name, ChatTemplateInput Input)> Cases =>
        Setup.GetProperty("cases").EnumerateArray().Select(example => (example.GetProperty("name").GetString()!, Input(example)));

    /// <summary>What the templates of our own see beside the chat.</summary>
    public static ChatTemplateInput LanguageInput { get; } = new()
    {
        Messages = [],
        AddGenerationPrompt = true,
        Arguments = Setup.GetProperty("language"),
        Now = Setup.GetProperty("now").GetDateTimeOffset(),
    };

    public static string LanguageTemplate(string file) => File.ReadAllText(TestData.InRepository("tests", "Models", "Templates", "Fixtures", "language", file));

    /// <summary>Whether a render agrees with the answer of the reference dialect or, where that has none, with Python's.</summary>
    /// <remarks>Where neither has an answer, any outcome will do that is no exception.</remarks>
    public static bool Accepts(JsonElement answer, Outcome<RenderedPrompt> outcome)
    {
        var text = outcome.Value?.Text;
        if (Field(answer, "raises") is { } reason) return outcome.Error?.Message.Contains(reason.TrimEnd('.'), StringComparison.Ordinal) == true;
        if (Field(answer, "text") is { } expected) return text == expected;
        if (Field(answer, "sha256") is { } digest) return Digest(text) == digest;
        if (Field(answer, "python") is { } python) return AsPython(text) == python;
        return Field(answer, "python_sha256") is not { } pythonDigest || Digest(AsPython(text)) == pythonDigest;
    }

    /// <summary>Python prints <c>True</c> where the reference dialect prints <c>true</c>; the fixtures have the latter.</summary>
    private static string? AsPython(string? text) => text?.Replace("True", "true").Replace("False", "false");

    private static string Digest(string? text) => text is null ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static ChatTemplateInput Input(JsonElement example) => new()
    {
        Messages = [.. example.GetProperty("messages").EnumerateArray().Select(Message)],
        Tools = example.TryGetProperty("tools", out var tools) ? [.. tools.EnumerateArray().Select(name => Tool(name.GetString()!))] : [],
        AddGenerationPrompt = !example.TryGetProperty("add_generation_prompt", out var adds) || adds.GetBoolean(),
        BosToken = Setup.GetProperty("bos_token").GetString()!,
        EosToken = Setup.GetProperty("eos_token").GetString()!,
        Arguments = example.TryGetProperty("arguments", out var arguments) ? arguments : null,
        Now = Setup.GetProperty("now").GetDateTimeOffset(),
    };

    private static ToolDefinition Tool(string name)
    {
        var json = Setup.GetProperty("tools").GetProperty(name);
        return new ToolDefinition(json.GetProperty("function").GetProperty("name").GetString()!, json);
    }

    private static ChatMessage Message(JsonElement message) => new()
    {
        Role = message.GetProperty("role").GetString()!,
        Content = Field(message, "content"),
        Name = Field(message, "name"),
        ReasoningContent = Field(message, "reasoning_content"),
        ToolCallId = Field(message, "tool_call_id"),
        ToolCalls = message.TryGetProperty("tool_calls", out var calls) ? [.. calls.EnumerateArray().Select(Call)] : [],
    };

    private static ToolCall Call(JsonElement call)
    {
        var function = call.GetProperty("function");
        return new ToolCall(Field(call, "id")!, Field(function, "name")!, Field(function, "arguments")!);
    }

    private static string? Field(JsonElement from, string name) => from.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonElement Load(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(TestData.InRepository("tests", "Models", "Templates", "Fixtures", file))).RootElement;
}
