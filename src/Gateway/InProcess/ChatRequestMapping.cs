using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Contracts;
using Penstock.Contracts.Requests;
using Penstock.Gateway.Tenancy;
using Penstock.Gateway.Wire;

namespace Penstock.Gateway.InProcess;

/// <summary>Messages and options of Microsoft.Extensions.AI as a canonical request, within the same bounds as over HTTP.</summary>
internal static class ChatRequestMapping
{
    private const int MaxStops = 16;

    public static Outcome<InferenceRequest> Map(IEnumerable<Microsoft.Extensions.AI.ChatMessage> messages, ChatOptions? options, string model, string requestId, AdapterSelection? adapter = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var faults = new WireFaults();
        options ??= new ChatOptions();
        Refuse(options, model, faults);
        List<Contracts.Requests.ChatMessage> mapped = [.. messages.SelectMany((message, index) => ChatMessageMapping.Map(message, $"messages[{index}]", faults))];
        if (options.Instructions is { Length: > 0 } instructions)
        {
            mapped.Insert(0, new() { Role = "system", Content = instructions });
        }

        if (mapped.Count == 0)
        {
            faults.Invalid("messages", "messages is empty. Send at least one message.");
        }

        var request = new InferenceRequest
        {
            RequestId = requestId,
            Tenant = Authorization.LocalTenant,
            Kind = RequestKind.Chat,
            Model = model,
            Messages = mapped,
            Tools = ToolMapping.Map(options, faults),
            ToolChoice = ToolMapping.Choice(options, faults),
            Constraint = Constraint(options, faults),
            Sampling = Sampling(options, faults),
            Stop = Stops(options, faults),
            Terms = Terms(options, faults),
            Adapter = Adapter(options, model, faults) ?? adapter,
            MaxOutputTokens = options.MaxOutputTokens is { } limit ? Bounded(nameof(options.MaxOutputTokens), limit, 1, int.MaxValue, faults) : null,
        };
        return faults.First is { } fault ? fault : request;
    }

    private static void Refuse(ChatOptions options, string model, WireFaults faults)
    {
        if (options.ModelId is { } wanted && wanted != model && !wanted.StartsWith(model + ":", StringComparison.Ordinal))
        {
            faults.Invalid(nameof(options.ModelId), $"ModelId is not '{model}', the model of this client. Leave it out, put an adapter behind it with a colon, or make a client for the other model.");
        }

        if (options.ConversationId is not null)
        {
            faults.Unsupported(nameof(options.ConversationId), "ConversationId is not supported: conversations are not stored. Send all messages each time.");
        }
    }

    private static OutputConstraint? Constraint(ChatOptions options, WireFaults faults)
    {
        if (options.ResponseFormat is null or ChatResponseFormatText)
        {
            return null;
        }

        if (options.ResponseFormat is not ChatResponseFormatJson json)
        {
            faults.Unsupported(nameof(options.ResponseFormat), $"ResponseFormat is a {options.ResponseFormat.GetType().Name}; it must be text or JSON.");
            return null;
        }

        return json.Schema is { } schema
            ? new OutputConstraint { Kind = ConstraintKind.JsonSchema, Param = nameof(options.ResponseFormat), Source = schema.GetRawText() }
            : new OutputConstraint { Kind = ConstraintKind.JsonObject, Param = nameof(options.ResponseFormat) };
    }

    private static SamplingOptions Sampling(ChatOptions options, WireFaults faults) => new()
    {
        Temperature = Bounded(nameof(options.Temperature), options.Temperature ?? 1, 0, 100, faults),
        TopP = Bounded(nameof(options.TopP), options.TopP ?? 1, 1e-6f, 1, faults),
        TopK = Bounded(nameof(options.TopK), options.TopK ?? 0, 0, int.MaxValue, faults),
        PresencePenalty = Bounded(nameof(options.PresencePenalty), options.PresencePenalty ?? 0, -2, 2, faults),
        FrequencyPenalty = Bounded(nameof(options.FrequencyPenalty), options.FrequencyPenalty ?? 0, -2, 2, faults),
        Seed = options.Seed is { } seed ? unchecked((ulong)seed) : null,
    };

    private static ServiceTerms Terms(ChatOptions options, WireFaults faults) =>
        options.AdditionalProperties is { Count: > 0 } ? TermsParser.Parse(Wire(options, faults)) : ServiceTerms.Default;

    // As over HTTP: behind the model's name, or by itself.
    private static AdapterSelection? Adapter(ChatOptions options, string model, WireFaults faults)
    {
        var own = options.AdditionalProperties is { Count: > 0 } ? AdapterParser.Parse(Wire(options, faults)) : null;
        var named = options.ModelId?.Length > model.Length + 1 ? options.ModelId[(model.Length + 1)..] : null;
        if (own is not null && named is not null && own.Name != named)
        {
            faults.Invalid(nameof(options.ModelId), "ModelId names one adapter after its colon and adapter another. Send one of the two.");
        }

        return own ?? (named is null ? null : new AdapterSelection(named));
    }

    // The same names, values and bounds as over HTTP: the properties are read as the JSON that they are there.
    private static WireObject Wire(ChatOptions options, WireFaults faults)
    {
        var given = options.AdditionalProperties!.Where(property => TermsParser.Fields.Contains(property.Key) || property.Key == AdapterParser.Field)
            .ToDictionary(property => property.Key, property => property.Value);
        return new WireObject(JsonSerializer.SerializeToElement(given, AIJsonUtilities.DefaultOptions), "", faults);
    }

    private static IReadOnlyList<string> Stops(ChatOptions options, WireFaults faults)
    {
        if (options.StopSequences is not { } stops)
        {
            return [];
        }

        if (stops.Count > MaxStops || stops.Any(stop => stop.Length is 0 or > 1024))
        {
            faults.Invalid(nameof(options.StopSequences), $"StopSequences may have {MaxStops} entries of 1 to 1024 characters.");
        }

        return [.. stops];
    }

    private static T Bounded<T>(string name, T value, T min, T max, WireFaults faults)
        where T : System.Numerics.INumber<T>
    {
        // Written so that a NaN fails too.
        if (!(value >= min && value <= max))
        {
            faults.Invalid(name, $"{name} must be from {min} to {max}; got {value}.");
        }

        return value;
    }
}
