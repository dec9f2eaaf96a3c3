using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Configuration;
using Penstock.Gateway.Errors;
using Penstock.Gateway.Streaming;

namespace Penstock.Gateway.Administration;

/// <summary>Answers of the administration's API: JSON objects, and errors in the shape of the rest of the server, with all faults where settings would be wrong.</summary>
internal static class AdminAnswer
{
    /// <param name="http">The request.</param>
    /// <param name="write">The fields.</param>
    /// <param name="revision">The item's, for its ETag; null = it has none.</param>
    /// <param name="created">Whether the item is new.</param>
    public static Task OkAsync(HttpContext http, Action<Utf8JsonWriter> write, long? revision = null, bool created = false)
    {
        http.Response.StatusCode = created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        http.Response.Headers.CacheControl = "no-store";
        if (revision is { } version)
        {
            http.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        }

        return JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        });
    }

    public static Task RefuseAsync(HttpContext http, PenstockError error) => ErrorResponse.WriteAsync(http.Response, error);

    /// <summary>422, with everything that is wrong.</summary>
    public static Task RefuseWholeAsync(HttpContext http, IReadOnlyList<OptionFault> faults)
    {
        var form = ErrorTable.For(ErrorCode.InvalidSettings);
        http.Response.StatusCode = form.Status;
        return JsonResponse.WriteAsync(http.Response, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", $"Nothing was changed: {string.Join("; ", faults)}");
            json.WriteString("type", form.Type);
            json.WriteString("param", faults.Count > 0 ? faults[0].Key : null);
            json.WriteString("code", form.Code);
            WriteFaults(json, faults);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public static void WriteFaults(Utf8JsonWriter json, IReadOnlyList<OptionFault> faults)
    {
        json.WriteStartArray("faults");
        foreach (var fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("key", fault.Key);
            json.WriteString("given", fault.Given);
            json.WriteString("allowed", fault.Allowed);
            json.WriteString("remedy", fault.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
