using System.Text.Json;
using Penstock.Contracts.Requests;

namespace Penstock.Wire.Responses;

/// <summary>A canonical chat as the body of OpenAI's <c>POST /v1/responses</c>, which the provider is told not to store. Values that mean the default are left out.</summary>
public static class ResponsesRequestWriter
{
    /// <summary>Writes the body.</summary>
    /// <param name="json">Output.</param>
    /// <param name="request">A chat.</param>
    /// <param name="model">The model's name as the provider knows it.</param>
    /// <param name="translation">Gets what could not be said. When it has a refusal the body must not be sent.</param>
    public static void Write(Utf8JsonWriter json, InferenceRequest request, string model, Translation translation)
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteBoolean("store", false);
        if (request.Choices != 1)
        {
            translation.Refuse("n", "The provider's form has one choice a request. Send several requests, or use a model that is served here.");
        }

        ItemWriter.Write(json, request.Messages ?? [], translation);
        WriteTools(json, request);
        ConstraintWriter.WriteResponses(json, request.Constraint, translation);
        SamplingWriter.WriteResponses(json, request, translation);
        ExtensionWriter.Lose(request, translation, thinking: false);
        if (request.MaxOutputTokens is { } most)
        {
            json.WriteNumber("max_output_tokens", most);
        }

        if (request.EndUser is { } user)
        {
            json.WriteString("user", user);
        }

        if (request.Stream)
        {
            json.WriteBoolean("stream", true);
        }

        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, InferenceRequest request)
    {
        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in request.Tools)
        {
            WriteTool(json, tool);
        }

        json.WriteEndArray();
        switch (request.ToolChoice)
        {
            case { Mode: ToolChoiceMode.None }:
                json.WriteString("tool_choice", "none");
                break;
            case { Mode: ToolChoiceMode.Required, Name: { } name }:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteString("name", name);
                json.WriteEndObject();
                break;
            case { Mode: ToolChoiceMode.Required }:
                json.WriteString("tool_choice", "required");
                break;
        }

        if (!request.ToolChoice.Parallel)
        {
            json.WriteBoolean("parallel_tool_calls", false);
        }
    }

    private static void WriteTool(Utf8JsonWriter json, ToolDefinition tool)
    {
        var parts = new ToolJson(tool);
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteString("name", tool.Name);
        if (parts.Description is { } description)
        {
            json.WriteString("description", description);
        }

        json.WritePropertyName("parameters");
        json.WriteRawValue(parts.Parameters?.GetRawText() ?? """{"type":"object"}""", skipInputValidation: true);
        if (parts.Strict is { } strict)
        {
            json.WriteBoolean("strict", strict);
        }
        else
        {
            // Left out it would mean true in this form.
            json.WriteBoolean("strict", false);
        }

        json.WriteEndObject();
    }
}
