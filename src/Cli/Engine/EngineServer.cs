using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Penstock.Cli.Output;

namespace Penstock.Cli.Engine;

/// <summary>The running server that an engine command talks to: its address, an operator's key, and one answer a request.</summary>
internal sealed class EngineServer
{
    private readonly Option<string> url = new("--url") { Description = "The server.", DefaultValueFactory = _ => "http://127.0.0.1:8080", HelpName = "address" };
    private readonly Option<string?> apiKeyEnv = new("--api-key-env") { Description = "The environment variable that holds an operator's API key.", HelpName = "variable" };

    public IReadOnlyList<Option> Options => [url, apiKeyEnv];

    /// <exception cref="CommandException">The address or the key's variable makes no sense.</exception>
    public HttpClient Connect(ParseResult result)
    {
        var address = result.GetRequiredValue(url);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new CommandException($"--url \"{address}\" is not an address. Write it like http://127.0.0.1:8080.", ExitCode.WrongUsage);

        var http = new HttpClient { BaseAddress = server };
        if (result.GetValue(apiKeyEnv) is { } variable)
        {
            var key = Environment.GetEnvironmentVariable(variable);
            if (string.IsNullOrEmpty(key))
                throw new CommandException($"--api-key-env: the environment variable {variable} is not set.", ExitCode.WrongUsage);
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }

    /// <summary>Asks and gives the answer.</summary>
    /// <exception cref="CommandException">Nobody answers, or with an error.</exception>
    public static async Task<JsonElement> AskAsync(HttpClient http, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new CommandException($"{http.BaseAddress} answers HTTP {(int)response.StatusCode}: {Message(answer)}");
            return JsonSerializer.Deserialize<JsonElement>(answer);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            throw new CommandException($"No Penstock server answers at {http.BaseAddress}. Start one with \"penstock serve\", or name another with --url.");
        }
    }

    private static string Message(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body).GetProperty("error").GetProperty("message").GetString() ?? "";
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "not a Penstock server";
        }
    }
}
