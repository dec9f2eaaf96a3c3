using System.Text.Json;
using Penstock.Contracts.Requests;
using Penstock.Wire.Chat;

namespace Penstock.Wire;

/// <summary>
/// What Penstock's own fields say of service and rendering. A deadline is not among them: whoever sends the request on holds it himself.
/// </summary>
internal static class ExtensionWriter
{
    /// <summary>Writes them as an extended server knows them; for a plain one, and in other forms, they are lost or refused.</summary>
    public static void Write(Utf8JsonWriter json, InferenceRequest request, ChatDialect dialect, Translation translation)
    {
        if (dialect == ChatDialect.Plain)
        {
            Lose(request, translation, thinking: false);
            if (request.ContinuesAnswer)
            {
                translation.Refuse("continue_final_message", "The provider that serves this model begins every answer anew. Use a model that is served here, or set the target's extensions if it can go on with one.");
            }

            return;
        }

        if (request.ContinuesAnswer)
        {
            json.WriteBoolean("continue_final_message", true);
            json.WriteBoolean("add_generation_prompt", false);
        }

        if (request.TemplateArguments is { } arguments)
        {
            json.WritePropertyName("chat_template_kwargs");
            json.WriteRawValue(arguments.GetRawText(), skipInputValidation: true);
        }

        if (request.IgnoreEndOfGeneration)
        {
            json.WriteBoolean("ignore_eos", true);
        }

        var terms = request.Terms;
        if (terms.Class != ServiceClass.Standard)
        {
            json.WriteString("class", terms.Class == ServiceClass.Batch ? "batch" : "interactive");
        }

        if (terms.Priority != 0)
        {
            json.WriteNumber("priority", terms.Priority);
        }

        if (terms.CacheSalt is { } salt)
        {
            json.WriteString("cache_salt", salt);
        }

        if (terms.Deterministic)
        {
            json.WriteBoolean("deterministic", true);
        }

        WriteAdapter(json, request.Adapter);
    }

    /// <summary>Notes what a form without these fields cannot say.</summary>
    /// <param name="request">The request.</param>
    /// <param name="translation">Gets it.</param>
    /// <param name="thinking">Whether the form has a word for thinking.</param>
    public static void Lose(InferenceRequest request, Translation translation, bool thinking)
    {
        if (ThinkingSwitch.HasOthers(request) || (!thinking && ThinkingSwitch.Of(request) is not null))
        {
            translation.Lost("chat_template_kwargs", "The provider renders prompts itself and has no switches for it.");
        }

        if (request.Terms.Class != ServiceClass.Standard)
        {
            translation.Lost("class", "The provider has no classes of service in this form.");
        }

        if (request.Terms.Priority != 0)
        {
            translation.Lost("priority", "The provider orders requests itself.");
        }

        if (request.Terms.CacheSalt is not null)
        {
            translation.Lost("cache_salt", "Who shares cached prefixes is the provider's to say.");
        }

        if (request.IgnoreEndOfGeneration)
        {
            translation.Refuse("ignore_eos", "ignore_eos is not known to the provider that serves this model. Use a model that is served here.");
        }

        if (request.Terms.Deterministic)
        {
            translation.Refuse("deterministic", "The provider that serves this model does not promise the same bytes alone or in a crowd. Leave deterministic out, or use a model that is served here.");
        }

        if (request.Adapter is not null)
        {
            translation.Refuse("adapter", "The provider that serves this model takes no adapters. Use a model that is served here.");
        }
    }

    private static void WriteAdapter(Utf8JsonWriter json, AdapterSelection? adapter)
    {
        if (adapter is null)
        {
            return;
        }

        json.WriteStartObject("adapter");
        json.WriteString("name", adapter.Name);
        if (adapter.Scale is { } scale)
        {
            json.WriteNumber("scale", scale);
        }

        json.WriteEndObject();
    }
}
