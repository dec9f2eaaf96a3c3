using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Penstock.Cli.Output;

namespace Penstock.Cli.Chat;

/// <summary>A model of an OpenAI-compatible server.</summary>
internal sealed class RemoteSession : IChatSession
{
    private readonly HttpClient http;

    private RemoteSession(HttpClient http, string model)
    {
        this.http = http;
        Model = model;
        Client = new RemoteChatClient(http, model);
    }

    public IChatClient Client { get; }

    public string Model { get; }

    /// <summary>Connects; without a name it takes the first model that the server lists.</summary>
    public static async Task<RemoteSession> OpenAsync(string url, string? model, string? adapter, string? key)
    {
        if (!Uri.TryCreate(url.EndsWith('/') ? url : $"{url}/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new CommandException($"--url {url} is not an address. Write http://127.0.0.1:8080", ExitCode.WrongUsage);

        // A relative path keeps a prefix such as /v1 of the given address only once.
        var root = address.AbsolutePath.EndsWith("/v1/", StringComparison.Ordinal) ? new Uri(address, "../") : address;
        var client = new HttpClient(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { BaseAddress = root, Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            var name = model ?? await FirstModelAsync(client);
            return new RemoteSession(client, adapter is null ? name : $"{name}:{adapter}");
        }
        catch (HttpRequestException exception)
        {
            client.Dispose();
            throw new CommandException($"{url} does not answer: {exception.Message}. Start a server with: penstock serve");
        }
    }

    // How much a server samples beyond what arrives is known to the server alone.
    public AnswerCost LastCost(int received) => new(received, received);

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<string> FirstModelAsync(HttpClient client)
    {
        using var response = await client.GetAsync("v1/models");
        if (!response.IsSuccessStatusCode)
            throw new CommandException($"{client.BaseAddress}v1/models answers {(int)response.StatusCode}. Name the model with --model{((int)response.StatusCode == 401 ? " and the key with --api-key" : "")}.");
        using var models = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return models.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).FirstOrDefault()
            ?? throw new CommandException("The server lists no models.");
    }
}
