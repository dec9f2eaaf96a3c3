using System.Text.Json;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary><c>reasoning</c>: its effort becomes the switch <c>enable_thinking</c> that most families' templates know.</summary>
internal static class ReasoningParser
{
    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    public static JsonElement? Parse(WireObject body)
    {
        var arguments = TemplateArgumentsParser.Parse(body);
        if (body.Object("reasoning") is not { } reasoning)
        {
            return arguments;
        }

        foreach (var name in (string[])["summary", "generate_summary"])
        {
            if (reasoning.Field(name) is { } summary)
            {
                body.Faults.Lost(summary.Path, "Thinking is not summed up: where the model thinks, it is shown.");
            }
        }

        if (reasoning.Text("effort") is not { } effort)
        {
            return arguments;
        }

        if (!Efforts.Contains(effort))
        {
            reasoning.Faults.Invalid(reasoning.PathOf("effort"), $"{reasoning.PathOf("effort")} must be one of {string.Join(", ", Efforts)}.");
        }
        else if (effort != "none")
        {
            reasoning.Faults.Lost(reasoning.PathOf("effort"), "Thinking is switched on; how much of it is the model's to say.");
        }

        return TemplateArgumentsParser.WithThinking(arguments, effort != "none");
    }
}
