using System.CommandLine;
using System.Text.Json;
using Penstock.Cli.Admin;
using Penstock.Cli.Output;

namespace Penstock.Cli.Targets;

/// <summary><c>penstock targets</c>: the targets of a running gateway and their health.</summary>
public static class TargetsCommand
{
    public static Command Create()
    {
        var verbs = new AdminVerbs();
        var name = new Argument<string>("name") { Description = "The target." };
        return new Command("targets", "Look at the targets of a running gateway, and take them out of service.")
        {
            verbs.Make("list", "Every target, with its health.", [], (_, admin) => admin.AskAsync(HttpMethod.Get, "targets"), (terminal, answer) => AdminTable.Write(
                terminal,
                answer,
                ("target", item => AdminTable.Text(item, "name")),
                ("address", item => AdminTable.Text(item, "base_url")),
                ("models", item => AdminTable.Text(item, "models")),
                ("credential", item => AdminTable.Text(item, "credential")),
                ("breaker", item => AdminTable.Text(item, "health", "breaker")),
                ("rests until", item => AdminTable.Text(item, "health", "rest_until")),
                ("last failure", item => AdminTable.Text(item, "health", "last_failure")),
                ("drained", item => AdminTable.Text(item, "drained")))),
            verbs.Make("show", "One target.", [name], (result, admin) => admin.AskAsync(HttpMethod.Get, Path(result.GetRequiredValue(name))), (terminal, answer) => AdminTable.WriteFields(terminal, answer.GetProperty("target"))),
            verbs.Make("drain", "Give a target no new requests, on all gateways; those under way go on (penstock targets drain openai).", [name], (result, admin) =>
                admin.AskAsync(HttpMethod.Post, $"{Path(result.GetRequiredValue(name))}/drain"), Line("takes no new requests")),
            verbs.Make("undrain", "Give a drained target requests again.", [name], (result, admin) => admin.AskAsync(HttpMethod.Post, $"{Path(result.GetRequiredValue(name))}/undrain"), Line("takes requests")),
        };
    }

    private static string Path(string name) => $"targets/{AdminConnection.Escape(name)}";

    private static Action<Terminal, JsonElement> Line(string what) => (terminal, answer) => terminal.WriteLine($"{AdminTable.Text(answer, "target", "name")} {what}.");
}
