using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;

namespace Penstock.Gateway.Errors;

/// <summary>
/// Anthropic's error shape: <c>{"type":"error","error":{"type","message"},"request_id"}</c>. Its <c>details</c> keep the stable code and the field's path,
/// for which that form has no place of its own.
/// </summary>
internal static class AnthropicErrorJson
{
    /// <summary>Whether a request's client expects this shape: at the paths of its own, and where it names the version of Anthropic's API.</summary>
    public static bool IsSpokenBy(HttpRequest request) => request.Path.StartsWithSegments("/v1/messages", StringComparison.Ordinal)
        || (request.Headers.ContainsKey("anthropic-version") && request.Path.StartsWithSegments("/v1/models", StringComparison.Ordinal));

    /// <summary>The error object, for a body or for an event in a stream.</summary>
    public static void Write(Utf8JsonWriter json, PenstockError error, string? requestId)
    {
        var form = ErrorTable.For(error.Code);
        json.WriteStartObject();
        json.WriteString("type", "error");
        json.WriteStartObject("error");
        json.WriteString("type", TypeOf(form));
        json.WriteString("message", error.Message);
        json.WriteStartObject("details");
        json.WriteString("error_code", form.Code);
        json.WriteString("param", error.Param);
        if (error.Budget is { } budget)
        {
            BudgetJson.Write(json, budget);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("request_id", requestId);
        json.WriteEndObject();
    }

    private static string TypeOf(ErrorTable.WireForm form) => form.Status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable => "overloaded_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };
}
