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
        var address = result.GetRequiredValue(url);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new CommandException($"--url \"{address}\" is not an address. Write it like http://127.0.0.1:8080.", ExitCode.WrongUsage);

        var key = Key(result.GetValue(apiKeyEnv));
        var client = new ChatClient(server, result.GetValue(model) ?? await FirstModelAsync(server, key, cancellationToken), key, time);
        var (prompts, failure) = await SyntheticPrompt.CalibrateAsync(client, cancellationToken);
        if (prompts is not null)
            return new BenchServer(client, prompts);
        client.Dispose();
        throw new CommandException($"The server at {client.Root} refused a first small request for model \"{client.Model}\": {failure}.");
    }

    private static string? Key(string? variable) => variable is null
        ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key
            ? key
            : throw new CommandException($"--api-key-env: the environment variable {variable} is not set.", ExitCode.WrongUsage);

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
