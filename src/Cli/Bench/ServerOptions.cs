using System.CommandLine;
using Penstock.Cli.Bench.Streaming;
using Penstock.Cli.Output;

namespace Penstock.Cli.Bench;

/// <summary>The options that name a server, alike in all benchmarks.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string> url = new("--url")
    {
        Description = "The server, with or without /v1.",
        DefaultValueFactory = _ => "http://127.0.0.1:8080",
        HelpName = "address",
    };

    private readonly Option<string?> model = new("--model") { Description = "The model's name. Without it: the first that the server lists.", HelpName = "name" };

    private readonly Option<string?> apiKeyEnv = new("--api-key-env") { Description = "The environment variable that holds the API key.", HelpName = "variable" };

    public void AddTo(Command command)
    {
        command.Options.Add(url);
        command.Options.Add(model);
        command.Options.Add(apiKeyEnv);
    }

    /// <summary>Connects, and learns how long prompts must be written for the server.</summary>
    /// <exception cref="CommandException">The address or the key makes no sense, or the server or the model does not answer.</exception>
    public async Task<BenchServer> OpenAsync(ParseResult result, TimeProvider time, CancellationToken cancellationToken)
    {
        var client = await ConnectAsync(result, time, cancellationToken);
        var (prompts, failure) = await SyntheticPrompt.CalibrateAsync(client, cancellationToken);
        if (prompts is not null)
            return new BenchServer(client, prompts);
        client.Dispose();
        throw new CommandException($"The server at {client.Root} refused a first small request for model \"{client.Model}\": {failure}.");
    }

    /// <summary>A client of the server and the model that are named.</summary>
    /// <exception cref="CommandException">The address or the key makes no sense, or no model was named and the server lists none.</exception>
    public async Task<ChatClient> ConnectAsync(ParseResult result, TimeProvider time, CancellationToken cancellationToken)
    {
        var address = result.GetRequiredValue(url);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new CommandException($"--url \"{address}\" is not an address. Write it like http://127.0.0.1:8080.", ExitCode.WrongUsage);

        var key = ApiKey(result);
        return new ChatClient(server, result.GetValue(model) ?? await FirstModelAsync(server, key, cancellationToken), key, time);
    }

    /// <summary>The API key in the variable that is named; null when none is.</summary>
    /// <exception cref="CommandException">The variable is not set.</exception>
    public string? ApiKey(ParseResult result) => result.GetValue(apiKeyEnv) is { } variable ? KeyIn(variable) : null;

    /// <summary>The API key in an environment variable.</summary>
    /// <exception cref="CommandException">It is not set.</exception>
    public static string KeyIn(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key
            ? key
            : throw new CommandException($"The environment variable {variable}, which is to hold an API key, is not set.", ExitCode.WrongUsage);

    private static async Task<string> FirstModelAsync(Uri server, string? key, CancellationToken cancellationToken)
    {
        try
        {
            return await ChatClient.FirstModelAsync(server, key, cancellationToken)
                ?? throw new CommandException($"{server} does not list its models. Name one with --model.");
        }
        catch (HttpRequestException)
        {
            throw new CommandException($"No server answers at {server}. Start one with \"penstock serve\", or name another with --url.");
        }
    }
}
