using System.Text.Json;
using Penstock.Contracts.Errors;
using Penstock.Contracts.Generation;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Endpoints.Responses;

/// <summary>The object <c>response</c>, whole or as a stream's events carry it.</summary>
internal sealed class ResponseJson(AnswerHead head, ResponseEcho echo)
{
    public const string IdPrefix = "resp_";
    public const string InProgress = "in_progress";
    public const string Completed = "completed";
    public const string Incomplete = "incomplete";

    /// <summary>The answer's id without its prefix.</summary>
    public string Answer => head.Id[IdPrefix.Length..];

    /// <summary>A response that has just begun.</summary>
    public void WriteBegun(Utf8JsonWriter json)
    {
        Begin(json, InProgress, null, truncated: false);
        json.WriteStartArray("output");
        json.WriteEndArray();
        json.WriteNull("usage");
        json.WriteEndObject();
    }

    /// <summary>A response that is whole, or was cut at a limit.</summary>
    public void Write(Utf8JsonWriter json, ResponseOutput output, GenerationSummary summary)
    {
        Begin(json, output.Truncated ? Incomplete : Completed, null, output.Truncated);
        WriteOutput(json, output);
        WriteUsage(json, summary, output.ReasoningTokens);
        if (head.Receipt)
        {
            ReceiptJson.Write(json, head.Fingerprint, summary.Digest);
        }

        json.WriteEndObject();
    }

    /// <summary>A response that failed on the way.</summary>
    public void WriteFailed(Utf8JsonWriter json, ResponseOutput output, PenstockError error)
    {
        Begin(json, "failed", error, truncated: false);
        WriteOutput(json, output);
        json.WriteNull("usage");
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, ResponseOutput output)
    {
        json.WriteStartArray("output");
        foreach (var item in output.Items)
        {
            item.Write(json, output.StatusOf(item));
        }

        json.WriteEndArray();
    }

    private void Begin(Utf8JsonWriter json, string status, PenstockError? error, bool truncated)
    {
        json.WriteStartObject();
        json.WriteString("id", head.Id);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", head.Created);
        json.WriteString("model", head.Model);
        json.WriteString("status", status);
        json.WritePropertyName("error");
        WriteError(json, error);
        json.WritePropertyName("incomplete_details");
        if (truncated)
        {
            json.WriteStartObject();
            json.WriteString("reason", "max_output_tokens");
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        echo.Write(json);
        json.WriteString("service_tier", head.ServiceTier ?? "default");
    }

    // This form knows few codes of its own; ours stands beside them.
    private static void WriteError(Utf8JsonWriter json, PenstockError? error)
    {
        if (error is null)
        {
            json.WriteNullValue();
            return;
        }

        var form = ErrorTable.For(error.Code);
        json.WriteStartObject();
        json.WriteString("code", form.Status == 429 ? "rate_limit_exceeded" : form.Status >= 500 ? "server_error" : "invalid_prompt");
        json.WriteString("message", error.Message);
        json.WriteString("penstock_code", form.Code);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, GenerationSummary summary, int reasoning)
    {
        var tokens = summary.Tokens;
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", tokens.Prompt);
        json.WriteStartObject("input_tokens_details");
        json.WriteNumber("cached_tokens", tokens.Cached);
        json.WriteEndObject();
        json.WriteNumber("output_tokens", tokens.Sampled);
        json.WriteStartObject("output_tokens_details");
        json.WriteNumber("reasoning_tokens", tokens.HiddenReasoning + reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens", tokens.Prompt + tokens.Sampled);
        json.WriteEndObject();
    }
}
