using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using Penstock.Cli.Output;

namespace Penstock.Cli.Admin;

/// <summary>Makes commands that ask a running gateway's administration: where it is, its credential, JSON or a table.</summary>
internal sealed class AdminVerbs
{
    private const string KeyVariable = "PENSTOCK_ADMIN_KEY";

    private readonly Option<string> admin = new("--admin") { Description = "The administration's address.", DefaultValueFactory = _ => "http://127.0.0.1:8081", HelpName = "address" };
    private readonly Option<string?> credentialFile = new("--credential-file") { Description = $"The file that has the administration's credential. Default: the environment variable {KeyVariable}, where it is set.", HelpName = "file" };
    private readonly Option<bool> json = CommonOptions.Json();

    /// <param name="name">The command's word.</param>
    /// <param name="description">What it does, with an example.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="ask">Asks the administration.</param>
    /// <param name="show">Shows the answer to people.</param>
    public Command Make(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, AdminConnection, Task<JsonElement>> ask, Action<Terminal, JsonElement> show)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        }

        foreach (var option in (Option[])[admin, credentialFile, json])
            command.Options.Add(option);
        command.SetAction(async (result, _) =>
        {
            var terminal = Terminal.Of(result);
            using var interruption = new Interruption();
            using var connection = Connect(result, interruption.Token);
            var answer = await ask(result, connection);
            if (result.GetValue(json))
                terminal.WriteJson(answer);
            else
                show(terminal, answer);
            return ExitCode.Done;
        });
        return command;
    }

    private AdminConnection Connect(ParseResult result, CancellationToken cancellationToken)
    {
        var address = result.GetRequiredValue(admin);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            throw new CommandException($"--admin \"{address}\" is not an address. Write it like http://127.0.0.1:8081.", ExitCode.WrongUsage);

        var http = new HttpClient { BaseAddress = server };
        if (Key(result) is { } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new AdminConnection(http, cancellationToken);
    }

    private string? Key(ParseResult result)
    {
        if (result.GetValue(credentialFile) is not { } path)
            return Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--credential-file {path} cannot be read: {unreadable.Message}", ExitCode.WrongUsage);
        }
    }
}
