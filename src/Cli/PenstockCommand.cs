using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Penstock.Cli.Bench;
using Penstock.Cli.Budgets;
using Penstock.Cli.Chat;
using Penstock.Cli.Config;
using Penstock.Cli.Constrain;
using Penstock.Cli.Engine;
using Penstock.Cli.Front;
using Penstock.Cli.Keys;
using Penstock.Cli.Lab;
using Penstock.Cli.Ledger;
using Penstock.Cli.Models;
using Penstock.Cli.Output;
using Penstock.Cli.Plan;
using Penstock.Cli.Prices;
using Penstock.Cli.Serve;
using Penstock.Cli.Targets;
using Penstock.Cli.Tenants;
using Penstock.Contracts.Errors;
using Penstock.Engine.Llama;
using Penstock.Ledger;
using Penstock.Models.Gguf;
using Penstock.Planning;

namespace Penstock.Cli;

/// <summary>The root of the command line: lists the command groups, runs one, and turns every failure into one line and an exit code.</summary>
public static class PenstockCommand
{
    /// <summary>Each group is one folder with a static class whose <c>Create()</c> gives its command.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Penstock runs, routes and accounts for LLM inference.")
        {
            ServeCommand.Create(),
            ChatCommand.Create(),
            EngineCommand.Create(),
            ConstrainCommand.Create(),
            FrontCommand.Create(),
            ConfigCommand.Create(),
            TenantsCommand.Create(),
            BenchCommand.Create(),
            LedgerCommand.Create(),
            KeysCommand.Create(),
            BudgetsCommand.Create(),
            PricesCommand.Create(),
            TargetsCommand.Create(),
            LabCommand.Create(),
            ModelsCommand.Create(),
            PlanCommand.Create(),
        };
        // Without a command there is nothing to do but to say what could be done.
        root.SetAction(result => new HelpAction().Invoke(result));
        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after <c>penstock</c>.</param>
    /// <param name="output">For results: what a script reads.</param>
    /// <param name="error">For errors, progress and notes.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var result = Create().Parse(args);
        if (result.Action is ParseErrorAction)
        {
            UsageErrors.Write(result, error);
            return ExitCode.WrongUsage;
        }

        if (UsageErrors.Empty(result) is { } name)
        {
            UsageErrors.Write(result, $"{name}: the value is empty. Give one, or leave the option out.", error);
            return ExitCode.WrongUsage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // Commands decide what Ctrl+C and SIGTERM mean: a server drains, a chat stops one answer (see Interruption).
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await result.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("Stopped.");
            return ExitCode.Interrupted;
        }
        catch (CommandException failure)
        {
            Terminal.WriteError(error, failure.Message);
            return failure.ExitCode;
        }
        catch (Exception failure) when (failure is GgufException or PlanningFileException or LlamaLibraryException or LedgerException or PenstockException or IOException or UnauthorizedAccessException)
        {
            Terminal.WriteError(error, failure.Message);
            return ExitCode.Failed;
        }
    }
}
