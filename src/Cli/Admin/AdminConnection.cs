using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Cli.Output;

namespace Penstock.Cli.Admin;

/// <summary>A running gateway's administration: one answer a request, and its errors as the command's.</summary>
internal sealed class AdminConnection(HttpClient http, CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Asks and gives the answer.</summary>
    /// <exception cref="CommandException">Nobody answers, or with an error.</exception>
    public async Task<JsonElement> AskAsync(HttpMethod method, string path, JsonObject? body = null) => (await SendAsync(method, path, body, null)).Answer;

    /// <summary>Changes a definition that is there, or makes one: what somebody else changes in between is not overwritten.</summary>
    /// <param name="path">Of the item.</param>
    /// <param name="change">Changes its definition; that of a new one is empty.</param>
    /// <param name="mustBe">Whether it has to be there.</param>
    public async Task<JsonElement> ChangeAsync(string path, Action<JsonObject> change, bool mustBe = false)
    {
        var (found, tag, status) = await SendAsync(HttpMethod.Get, path, null, null, missingIsFine: !mustBe);
        var definition = status == HttpStatusCode.NotFound ? [] : JsonObject.Create(found.GetProperty("definition").Clone())!;
        change(definition);
        return (await SendAsync(HttpMethod.Put, path, definition, tag, create: status == HttpStatusCode.NotFound)).Answer;
    }

    public void Dispose() => http.Dispose();

    public static string Escape(string name) => Uri.EscapeDataString(name);

    private async Task<(JsonElement Answer, EntityTagHeaderValue? Tag, HttpStatusCode Status)> SendAsync(HttpMethod method, string path, JsonObject? body, EntityTagHeaderValue? tag, bool missingIsFine = false, bool create = false)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri($"/admin/v1/{path}", UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("penstock-actor", Environment.UserName);
            if (tag is not null)
                request.Headers.IfMatch.Add(tag);
            if (create)
                request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return response.IsSuccessStatusCode || (missingIsFine && response.StatusCode == HttpStatusCode.NotFound)
                ? (answer, response.Headers.ETag, response.StatusCode)
                : throw new CommandException(Message(answer));
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            throw new CommandException($"No administration answers at {http.BaseAddress}. Start a server with admin: {{ listen: ... }} in its configuration, or name it with --admin.");
        }
    }

    private static string Message(JsonElement answer)
    {
        var error = answer.GetProperty("error");
        return error.TryGetProperty("faults", out var faults) && faults.GetArrayLength() > 0
            ? string.Join($"{Environment.NewLine}error: ", faults.EnumerateArray().Select(fault => $"{Text(fault, "key")}: {Text(fault, "given")}; {Text(fault, "allowed")}. {Text(fault, "remedy")}"))
            : Text(error, "message");
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
