using System.CommandLine;
using System.Text.Json;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Engine;

/// <summary><c>penstock engine status</c>: what each model's engine is doing, once or refreshed every second.</summary>
internal sealed class StatusCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly EngineServer server = new();
    private readonly Option<bool> watch = new("--watch") { Description = "Go on, refreshed every second, until Ctrl+C; with --json one object a line." };
    private readonly Option<bool> json = CommonOptions.Json();

    public static Command Create() => new StatusCommand().Build();

    private Command Build()
    {
        var command = new Command("status", "Steps, budget, queues, KV, prefix tree and gap causes of each model.") { watch, json };
        foreach (var option in server.Options)
            command.Options.Add(option);
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    private async Task<int> RunAsync(ParseResult result)
    {
        var terminal = Terminal.Of(result);
        using var interruption = new Interruption();
        using var http = server.Connect(result);
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

    private static Task<JsonElement> ReadAsync(HttpClient http, CancellationToken cancellationToken) =>
        EngineServer.AskAsync(http, HttpMethod.Get, "/engine/status", null, cancellationToken);

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
