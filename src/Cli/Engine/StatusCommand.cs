using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Engine;

/// <summary><c>penstock engine status</c>: what each model's engine is doing, once or refreshed every second.</summary>
internal sealed class StatusCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly Option<string> url = new("--url") { Description = "The server.", DefaultValueFactory = _ => "http://127.0.0.1:8080", HelpName = "address" };
    private readonly Option<string?> apiKeyEnv = new("--api-key-env") { Description = "The environment variable that holds an operator's API key.", HelpName = "variable" };
    private readonly Option<bool> watch = new("--watch") { Description = "Go on, refreshed every second, until Ctrl+C; with --json one object a line." };
    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create() => new StatusCommand().Build();

    private Command Build()
    {
        var command = new Command("status", "Steps, budget, queues, KV, prefix tree and gap causes of each model.") { url, apiKeyEnv, watch, json };
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result)
    {
        var terminal = Terminal.Of(result);
        using var interruption = new Interruption();
        using var http = Client(result);
        if (result.GetValue(json))
        {
            await PrintAsync(terminal, http, result.GetValue(watch), interruption.Token);
            return ExitCode.Done;
        }

        var (first, at) = (await ReadAsync(http, interruption.Token), TimeProvider.System.GetTimestamp());
        if (!result.GetValue(watch))
        {
            terminal.Results.Write(StatusTable.Of(first, null, default));
            return ExitCode.Done;
        }

        await terminal.Results.Live(StatusTable.Of(first, null, default)).StartAsync(async live =>
        {
            while (await WaitAsync(interruption.Token))
            {
                var (next, now) = (await ReadAsync(http, interruption.Token), TimeProvider.System.GetTimestamp());
                live.UpdateTarget(StatusTable.Of(next, first, TimeProvider.System.GetElapsedTime(at, now)));
                (first, at) = (next, now);
            }
        });
        return ExitCode.Done;
    }

    private static async Task PrintAsync(Terminal terminal, HttpClient http, bool watch, CancellationToken cancellationToken)
    {
        if (!watch)
        {
            terminal.WriteJson(await ReadAsync(http, cancellationToken));
            return;
        }

        do
        {
            terminal.WriteJsonLine(await ReadAsync(http, cancellationToken));
        }
        while (await WaitAsync(cancellationToken));
    }

    private HttpClient Client(ParseResult result)
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

    private static async Task<JsonElement> ReadAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/engine/status", UriKind.Relative), cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new CommandException($"{http.BaseAddress} answers HTTP {(int)response.StatusCode}: {Message(body)}");
            return JsonSerializer.Deserialize<JsonElement>(body);
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

    // False once the user has had enough.
    private static async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Refresh, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
