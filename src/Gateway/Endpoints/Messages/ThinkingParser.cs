using System.Text.Json;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>
/// <c>thinking</c>: the switch <c>enable_thinking</c> that most families' templates know. Left out, the model does as its template has it.
/// <c>chat_template_kwargs</c>, Penstock's own field, says the same and more.
/// </summary>
internal static class ThinkingParser
{
    public static JsonElement? Parse(WireObject body)
    {
        var arguments = TemplateArgumentsParser.Parse(body);
        if (body.Object("thinking") is not { } thinking || thinking.Required("type")?.AsText() is not { } type)
        {
            return arguments;
        }

        if (thinking.Field("budget_tokens") is { } budget)
        {
            _ = budget.AsInteger(0, int.MaxValue);
            body.Faults.Lost(budget.Path, "Thinking has no bound of its own; it counts towards max_tokens.");
        }

        if (thinking.Text("display") == "omitted")
        {
            body.Faults.Lost(thinking.PathOf("display"), "Thinking is shown where the model thinks; leave out the blocks of type thinking.");
        }

        switch (type)
        {
            case "enabled" or "adaptive":
                return TemplateArgumentsParser.WithThinking(arguments, true);
            case "disabled":
                return TemplateArgumentsParser.WithThinking(arguments, false);
            default:
                thinking.Faults.Unsupported(thinking.PathOf("type"), $"{thinking.PathOf("type")} must be one of enabled, adaptive, disabled.");
                return arguments;
        }
    }
}
