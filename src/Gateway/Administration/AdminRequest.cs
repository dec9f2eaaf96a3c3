using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Contracts;
using Penstock.Contracts.Errors;
using Penstock.Gateway.Wire;
using Penstock.Ledger.Administration;

namespace Penstock.Gateway.Administration;

/// <summary>What a request to the administration's API carries beside its path.</summary>
internal static class AdminRequest
{
    /// <summary>A definition has a few lines; nobody has a megabyte of limits.</summary>
    private const long MostBytes = 1 << 20;

    private const int LongestActor = 128;

    /// <summary>The body, an object; an empty body is an empty one.</summary>
    public static async Task<Outcome<JsonObject>> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength is 0 or null && !http.Request.Headers.ContainsKey("transfer-encoding"))
        {
            return new JsonObject();
        }

        var body = await RequestBody.ReadAsync(http.Request.BodyReader, MostBytes, http.RequestAborted);
        if (!body.Ok)
        {
            return body.Error;
        }

        using JsonDocument document = body.Value;
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(document.RootElement.Clone())!
            : new PenstockError(ErrorCode.InvalidRequest, "The body must be a JSON object.");
    }

    public static string Name(HttpContext http) => http.GetRouteValue("name") as string ?? "";

    /// <summary>Who asks, as he says himself; the log of changes has it.</summary>
    public static string Actor(HttpContext http)
    {
        var actor = http.Request.Headers["penstock-actor"].ToString();
        return actor.Length is > 0 and <= LongestActor && actor.All(character => character is >= ' ' and <= '~') ? actor : "admin";
    }

    /// <summary>Why the item is not as the caller takes it to be (RFC 9110, 13.1); null when it is, or the caller does not say.</summary>
    public static PenstockError? Mismatch(HttpContext http, AdministeredItem? item)
    {
        var (match, noneMatch) = (http.Request.Headers.IfMatch.ToString(), http.Request.Headers.IfNoneMatch.ToString());
        var present = item is null ? null : $"\"{item.Revision}\"";
        return match.Length > 0 && match != present && !(match == "*" && item is not null)
            ? new(ErrorCode.PreconditionFailed, item is null ? "There is none of that name any more, or there never was. Look again, and leave If-Match out to make one." : $"It was changed since: its ETag is {present}. Look again, and repeat the change with that.")
            : noneMatch.Length > 0 && item is not null && noneMatch is "*"
                ? new(ErrorCode.PreconditionFailed, $"There is one of that name already, with the ETag {present}. Choose another name, or send If-Match to change it.")
                : null;
    }
}
