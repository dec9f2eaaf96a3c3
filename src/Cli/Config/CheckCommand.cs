using System.CommandLine;
using Penstock.Cli.Output;
using Penstock.Cli.Serve;
using Penstock.Gateway.Configuration;

namespace Penstock.Cli.Config;

/// <summary><c>penstock config check</c>: a configuration as <c>serve</c> would read it, without opening or calling anything.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        // The same options as serve's, so that a command line can be checked by changing one word.
        var arguments = new ServeArguments();
        var json = CommonOptions.Json();
        var command = new Command("check", "Read a configuration as serve would, and say everything that is wrong with it. Exit code 1 when something is (penstock config check --config penstock.yaml).") { json };
        arguments.AddTo(command);
        command.SetAction(result => Run(Terminal.Of(result), arguments, result, result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, ServeArguments arguments, ParseResult result, bool json)
    {
        var faults = new List<OptionFault>();
        var options = arguments.Read(result, faults);
        if (json)
        {
            terminal.WriteJson(new { ok = faults.Count == 0, faults = faults.Select(fault => new { fault.Key, fault.Given, fault.Allowed, fault.Remedy }) });
            return faults.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }

        foreach (var fault in faults)
            terminal.WriteLine($"{fault}");
        if (faults.Count == 0)
            terminal.WriteLine($"Nothing is wrong with it: {Count(options.Models.Count, "model")}, {Count(options.Targets.Count, "target")}, {Count(options.Tenants.Count, "tenant")}, {Count(options.ApiKeys.Count, "key")}, {Count(options.Prices.Entries.Count, "price")}.");
        return faults.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
