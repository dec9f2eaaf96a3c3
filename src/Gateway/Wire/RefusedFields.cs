using System.Text.Json;

namespace Penstock.Gateway.Wire;

/// <summary>
/// Fields that would change the answer and that Penstock does not do: refused by name rather than ignored, so that nobody
/// believes in a constraint that does not hold. Values that mean "the default" pass.
/// </summary>
internal static class RefusedFields
{
    private static readonly (string Name, string[] Harmless, string Instead)[] Chat =
    [
        ("functions", ["[]"], "Declare them in tools."),
        ("function_call", ["\"none\"", "\"auto\""], "Use tools and tool_choice."),
        ("modalities", ["[\"text\"]"], "Only text is produced."),
        ("audio", [], "Only text is produced."),
        ("web_search_options", [], "The server does not search the web; do it in a tool."),
        ("store", ["false"], "Answers are not stored; keep them yourself."),
        ("reasoning_effort", [], "Use chat_template_kwargs with the switch that the model's template knows, such as {\"enable_thinking\": false}."),
    ];

    private static readonly (string Name, string[] Harmless, string Instead)[] Completion =
    [
        ("suffix", ["\"\""], "Put the text before the gap into prompt."),
        ("echo", ["false"], "The answer never repeats the prompt; put it in front yourself."),
    ];

    private static readonly (string Name, string[] Harmless, string Instead)[] Both =
    [
        ("grammar", [], "Send a grammar as guided_grammar."),
        ("json_schema", [], "Send a schema in response_format, or as guided_json."),
        ("guided_whitespace_pattern", [], "White space between the values of a constrained answer is bounded by the server; leave it out."),
    ];

    public static void CheckChat(WireObject body) => Check(body, Chat, Both);

    public static void CheckCompletion(WireObject body) => Check(body, Completion, Both);

    private static void Check(WireObject body, params ReadOnlySpan<(string Name, string[] Harmless, string Instead)[]> tables)
    {
        foreach (var table in tables)
        {
            foreach (var (name, harmless, instead) in table)
            {
                if (body.Field(name) is { } field && !harmless.Any(value => IsSame(field.Json, value)))
                {
                    body.Faults.Unsupported(field.Path, $"{field.Path} is not supported with this value. {instead}");
                }
            }
        }
    }

    private static bool IsSame(JsonElement value, string json)
    {
        using var other = JsonDocument.Parse(json);
        return JsonElement.DeepEquals(value, other.RootElement);
    }
}
