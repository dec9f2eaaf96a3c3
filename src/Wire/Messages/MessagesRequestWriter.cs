using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Messages;

/// <summary>A canonical chat as the body of Anthropic's <c>POST /v1/messages</c>. Values that mean the default are left out.</summary>
public static class MessagesRequestWriter
{
    /// <summary>The form wants a bound; every model that is served in it has at least this.</summary>
    public const int DefaultMaxTokens = 4096;

    /// <summary>Writes the body.</summary>
    /// <param name="json">Output.</param>
    /// <param name="request">A chat.</param>
    /// <param name="model">The model's name as the provider knows it.</param>
    /// <param name="translation">Gets what could not be said. When it has a refusal the body must not be sent.</param>
    public static void Write(Utf8JsonWriter json, InferenceRequest request, string model, Translation translation)
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteNumber("max_tokens", request.MaxOutputTokens ?? DefaultMaxTokens);
        if (request.MaxOutputTokens is null)
        {
            translation.Lost("max_tokens", $"The provider's form wants a bound; {DefaultMaxTokens} was sent.");
        }

        if (request.Choices != 1)
        {
            translation.Refuse("n", "The provider's form has one choice a request. Send several requests, or use a model that is served here.");
        }

        var messages = request.Messages ?? [];
        var first = SystemWriter.Write(json, messages, translation);
        TurnWriter.Write(json, messages, first, translation);
        MessageToolsWriter.Write(json, request);
        WriteThinking(json, request);
        ConstraintWriter.WriteMessages(json, request.Constraint, translation);
        SamplingWriter.WriteMessages(json, request, translation);
        ExtensionWriter.Lose(request, translation, thinking: true);
        if (request.EndUser is { } user)
        {
            json.WriteStartObject("metadata");
            json.WriteString("user_id", user);
            json.WriteEndObject();
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }

        json.WriteEndObject();
    }

    private static void WriteThinking(Utf8JsonWriter json, InferenceRequest request)
    {
        if (ThinkingSwitch.Of(request) is { } on)
        {
            json.WriteStartObject("thinking");
            json.WriteString("type", on ? "adaptive" : "disabled");
            json.WriteEndObject();
        }
    }
}
