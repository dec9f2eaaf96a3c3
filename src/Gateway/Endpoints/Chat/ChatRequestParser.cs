using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Chat;

/// <summary>The wire form of <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatRequestParser
{
    public static ParsedRequest Parse(WireObject body, Caller caller)
    {
        RefusedFields.CheckChat(body);
        var tools = ToolsParser.Parse(body);
        var request = new InferenceRequest
        {
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
            ApiKeyId = caller.ApiKeyId,
            Kind = RequestKind.Chat,
            Model = OutputParser.Model(body),
            Messages = MessagesParser.Parse(body),
            Tools = tools,
            ToolChoice = ToolChoiceParser.Parse(body, tools),
            TemplateArguments = TemplateArgumentsParser.Parse(body),
            MaxOutputTokens = body.Integer("max_completion_tokens", 1, int.MaxValue),
            EndUser = body.Field("user") is { Kind: JsonValueKind.String } user ? user.AsText() : null,
        };
        return OutputParser.Parse(body, request, TopLogProbs(body));
    }

    private static int? TopLogProbs(WireObject body)
    {
        var top = body.Integer("top_logprobs", 0, 20);
        if (body.Flag("logprobs"))
        {
            return top ?? 0;
        }

        if (top > 0)
        {
            body.Faults.Invalid("top_logprobs", "top_logprobs is only allowed with logprobs: true.");
        }

        return null;
    }
}
