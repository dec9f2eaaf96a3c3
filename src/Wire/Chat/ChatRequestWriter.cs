using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Chat;

/// <summary>A canonical chat as the body of <c>POST /v1/chat/completions</c>. Values that mean the default are left out.</summary>
public static class ChatRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="json">Output.</param>
    /// <param name="request">A chat.</param>
    /// <param name="model">The model's name as the server knows it.</param>
    /// <param name="dialect">Which fields that server knows.</param>
    /// <param name="translation">Gets what could not be said. When it has a refusal the body must not be sent.</param>
    public static void Write(Utf8JsonWriter json, InferenceRequest request, string model, ChatDialect dialect, Translation translation)
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteStartArray("messages");
        for (var index = 0; index < (request.Messages?.Count ?? 0); index++)
        {
            ChatMessageWriter.Write(json, request.Messages![index], $"messages[{index}]", dialect, translation);
        }

        json.WriteEndArray();
        WriteTools(json, request);
        ConstraintWriter.WriteChat(json, request.Constraint, dialect, translation);
        SamplingWriter.WriteChat(json, request, dialect, translation);
        if (request.MaxOutputTokens is { } most)
        {
            json.WriteNumber("max_completion_tokens", most);
        }

        if (request.Choices != 1)
        {
            json.WriteNumber("n", request.Choices);
        }

        if (request.EndUser is { } user)
        {
            json.WriteString("user", user);
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
            json.WriteStartObject("stream_options");
            json.WriteBoolean("include_usage", true);
            json.WriteEndObject();
        }

        ExtensionWriter.Write(json, request, dialect, translation);
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, InferenceRequest request)
    {
        if (request.Tools.Count > 0)
        {
            json.WriteStartArray("tools");
            foreach (var tool in request.Tools)
            {
                json.WriteRawValue(tool.Json.GetRawText(), skipInputValidation: true);
            }

            json.WriteEndArray();
        }

        var choice = request.ToolChoice;
        switch (choice.Mode)
        {
            case ToolChoiceMode.None:
                json.WriteString("tool_choice", "none");
                break;
            case ToolChoiceMode.Required when choice.Name is { } name:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolChoiceMode.Required:
                json.WriteString("tool_choice", "required");
                break;
        }

        if (!choice.Parallel && request.Tools.Count > 0)
        {
            json.WriteBoolean("parallel_tool_calls", false);
        }
    }
}
