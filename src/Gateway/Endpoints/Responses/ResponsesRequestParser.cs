using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>The wire form of <c>POST /v1/responses</c>.</summary>
internal static class ResponsesRequestParser
{
    public static ParsedRequest Parse(WireObject body, Caller caller)
    {
        var tools = ResponseToolsParser.Parse(body);
        var terms = TermsParser.Parse(body);
        var request = new InferenceRequest
        {
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
            ApiKeyId = caller.ApiKeyId,
            Kind = RequestKind.Chat,
            Model = OutputParser.Model(body),
            Adapter = AdapterParser.Parse(body),
            Messages = [.. Instructions(body), .. InputParser.Parse(body)],
            Tools = tools,
            ToolChoice = ToolChoiceParser.ParseFlat(body, tools),
            TemplateArguments = ReasoningParser.Parse(body),
            Constraint = TextFormatParser.Parse(body),
            MaxOutputTokens = body.Integer("max_output_tokens", 1, int.MaxValue),
            Sampling = SamplingParser.Parse(body, topLogProbs: null),
            Stop = StopParser.Parse(body),
            Stream = body.Flag("stream"),
            IgnoreEndOfGeneration = body.Flag("ignore_eos"),
            Terms = terms,
            EndUser = body.Text("safety_identifier") ?? body.Text("user"),
        };
        StatefulFields.Check(body);
        Refuse(body);
        Let(body);
        return new(request with { Losses = [.. body.Faults.Losses] }, IncludeUsage: true, TermsParser.ServedTier(body), body.Flag("receipt") || terms.Deterministic);
    }

    private static IReadOnlyList<ChatMessage> Instructions(WireObject body) =>
        body.Text("instructions") is { } text ? [new ChatMessage { Role = "system", Content = text }] : [];

    private static void Refuse(WireObject body)
    {
        if (body.Field("context_management") is { } field)
        {
            body.Faults.Unsupported(field.Path, $"{field.Path} is not supported. The server edits no history; shorten input yourself.");
        }

        foreach (var item in body.Items("include", 64))
        {
            if (item.AsText() == "message.output_text.logprobs")
            {
                body.Faults.Unsupported(item.Path, $"{item.Path} asks for log-probabilities, which this form has not here. Use /v1/chat/completions with logprobs.");
            }
        }
    }

    // What does not change what the answer means.
    private static void Let(WireObject body)
    {
        if (body.Text("truncation") == "auto")
        {
            body.Faults.Lost("truncation", "Nothing is dropped from a conversation: one that does not fit is refused.");
        }

        if (body.Field("max_tool_calls") is { } calls)
        {
            body.Faults.Lost(calls.Path, "It bounds tools that a provider runs itself, and there are none.");
        }

        foreach (var item in body.Items("include", 64))
        {
            if (item is { Kind: JsonValueKind.String })
            {
                body.Faults.Lost(item.Path, "There is nothing of this kind to include.");
            }
        }
    }
}
