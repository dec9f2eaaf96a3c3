using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Penstock.Cli.Output;
using Penstock.Gateway.Administration;
using Penstock.Gateway.Hosting;
using Penstock.Gateway.Settings;
using Spectre.Console;

namespace Penstock.Cli.Serve;

/// <summary><c>penstock serve</c>: the server.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var arguments = new ServeArguments();
        var command = new Command("serve", "Serve models over an OpenAI-compatible API.");
        arguments.AddTo(command);
        command.SetAction(async (result, _) =>
        {
            var (terminal, options) = (Terminal.Of(result), arguments.Read(result));
            foreach (var warning in arguments.Warnings(result, options))
                terminal.Notes.WriteLine($"warning: {warning}");

            return await RunAsync(terminal, result.InvocationConfiguration, options, new ServeSettings(arguments, result));
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, InvocationConfiguration streams, ServeOptions options, ServeSettings settings)
    {
        var time = TimeProvider.System;
        var parts = await ServerParts.OpenAsync(options, time, LoadProgress.On(terminal, streams.Error, time));
        foreach (var warning in parts.Models.Select(model => model.Warning).OfType<string>())
            terminal.Notes.WriteLine($"warning: {warning}");

        await using var app = PenstockServer.Build(options, parts, time, settings);
        var drain = app.Services.GetRequiredService<DrainSignal>();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var reloader = app.Services.GetRequiredService<SettingsReloader>();
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Reload);
        await StartAsync(app, options);
        await Task.WhenAny(app.Services.GetRequiredService<Readiness>().Warm, drain.Drained);
        if (!drain.Draining)
            Banner.Write(streams.Output, app.Urls.First(), options, parts, app.Services.GetService<AdminListener>()?.Address);

        // The listener stays up until then: whoever comes meanwhile is told 503 and when to come back, instead of being refused a connection.
        await drain.Drained;
        await app.StopAsync();
        return ExitCode.Done;

        // What comes of it is in the log: a signal has no answer.
        void Reload(PosixSignalContext context)
        {
            context.Cancel = true;
            _ = Task.Run(() => reloader.ReloadAsync("SIGHUP"));
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            if (drain.Draining)
                drain.EndNow();
            else
                drain.Begin();
        }
    }

    private static async Task StartAsync(WebApplication app, ServeOptions options)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw new CommandException($"{string.Join(", ", options.Urls)} is in use by another program. Stop that, or choose another port: --urls http://127.0.0.1:8081");
        }
        catch (SocketException exception)
        {
            throw new CommandException($"Cannot listen on {string.Join(", ", options.Urls)}: {exception.Message}. Choose an address of this machine and a port above 1023: --urls http://127.0.0.1:8081");
        }
    }
}
