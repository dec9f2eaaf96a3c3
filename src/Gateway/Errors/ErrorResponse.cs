using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Errors;

/// <summary>OpenAI's error shape: <c>{"error":{"message","type","param","code"}}</c>; Anthropic's on the paths that are in its form.</summary>
internal static class ErrorResponse
{
    /// <summary>Answers with the error, unless the response has begun.</summary>
    public static async Task WriteAsync(HttpResponse response, PenstockError error)
    {
        if (response.HasStarted)
        {
            return;
        }

        var form = ErrorTable.For(error.Code);
        response.StatusCode = form.Status;
        if (error.Code == ErrorCode.RunLimitReached || error.Budget is { } budget && budget.Asked > budget.Limit)
        {
            // The official SDKs repeat every 429 unless told otherwise.
            response.Headers["x-should-retry"] = "false";
        }

        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString();
        }
        else if (form.Status is 429 or 503 && error.Code != ErrorCode.RunLimitReached)
        {
            response.Headers.RetryAfter = "1";
        }

        if (form.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        await JsonResponse.WriteAsync(response, json => Write(json, error, response));
    }

    /// <summary>The error object in the form that the response's path has.</summary>
    public static void Write(Utf8JsonWriter json, PenstockError error, HttpResponse response)
    {
        if (AnthropicErrorJson.IsSpokenBy(response.HttpContext.Request))
        {
            AnthropicErrorJson.Write(json, error, response.Headers["x-request-id"]);
        }
        else
        {
            Write(json, error);
        }
    }

    /// <summary>OpenAI's error object, for a body or for an event in a stream.</summary>
    public static void Write(Utf8JsonWriter json, PenstockError error)
    {
        var form = ErrorTable.For(error.Code);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", error.Message);
        json.WriteString("type", form.Type);
        json.WriteString("param", error.Param);
        json.WriteString("code", form.Code);
        if (error.Budget is { } budget)
        {
            BudgetJson.Write(json, budget);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
