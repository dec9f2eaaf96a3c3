using Penstock.Contracts.Requests;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.Endpoints.Messages;

/// <summary>The wire form of <c>POST /v1/messages</c>.</summary>
internal static class MessagesRequestParser
{
    private static readonly (string Name, string Why)[] Refused =
    [
        ("container", "Code runs in no container here; run it in a tool of your own."),
        ("mcp_servers", "The server calls no other servers; declare their tools in tools."),
        ("context_management", "The server edits no history; shorten the messages yourself."),
    ];

    public static ParsedRequest Parse(WireObject body, Caller caller)
    {
        var maxTokens = body.Required("max_tokens")?.AsInteger(1, int.MaxValue);
        foreach (var (name, why) in Refused)
        {
            if (body.Field(name) is { } field)
            {
                body.Faults.Unsupported(field.Path, $"{field.Path} is not supported. {why}");
            }
        }

        var request = Prompt(body, caller) with
        {
            MaxOutputTokens = maxTokens,
            Sampling = SamplingParser.Parse(body, topLogProbs: null),
            Stop = StopParser.Parse(body, "stop_sequences"),
            Stream = body.Flag("stream"),
            IgnoreEndOfGeneration = body.Flag("ignore_eos"),
            Terms = TermsParser.Parse(body, tiers: false),
            Constraint = OutputConfigParser.Parse(body),
            EndUser = body.Object("metadata")?.Text("user_id"),
        };
        Let(body);
        return new(request with { Losses = [.. body.Faults.Losses] }, IncludeUsage: true, Receipt: body.Flag("receipt") || request.Terms.Deterministic);
    }

    /// <summary>What <c>/v1/messages/count_tokens</c> counts: a request that asks for one token.</summary>
    public static InferenceRequest ParseCount(WireObject body, Caller caller) => Prompt(body, caller) with { MaxOutputTokens = 1 };

    // All that makes the prompt.
    private static InferenceRequest Prompt(WireObject body, Caller caller)
    {
        var tools = MessageToolsParser.Parse(body);
        return new()
        {
            RequestId = caller.RequestId,
            Tenant = caller.Tenant,
            ApiKeyId = caller.ApiKeyId,
            Kind = RequestKind.Chat,
            Model = OutputParser.Model(body),
            Adapter = AdapterParser.Parse(body),
            Messages = [.. SystemParser.Parse(body), .. TurnsParser.Parse(body)],
            Tools = tools,
            ToolChoice = MessageToolsParser.Choice(body, tools),
            TemplateArguments = ThinkingParser.Parse(body),
        };
    }

    // What does not change what the answer means.
    private static void Let(WireObject body)
    {
        CacheMarks.Let(body);
        if (body.Text("service_tier") is { } tier && tier is not ("auto" or "standard_only"))
        {
            body.Faults.Invalid("service_tier", "service_tier must be auto or standard_only. A faster class has another name here: class, with interactive, standard or batch.");
        }

        if (body.Text("speed") is { } speed && speed != "standard")
        {
            body.Faults.Lost("speed", "There is one speed here; class: interactive puts a request before others.");
        }

        if (body.Field("inference_geo") is not null)
        {
            body.Faults.Unsupported("inference_geo", "inference_geo is not supported: the server computes where it runs, and promises nothing of providers. Leave it out.");
        }
    }
}
