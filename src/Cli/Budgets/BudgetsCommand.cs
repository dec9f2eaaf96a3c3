using System.CommandLine;
using System.Text.Json;
using Penstock.Cli.Admin;
using Penstock.Cli.Output;
using Spectre.Console;

namespace Penstock.Cli.Budgets;

/// <summary><c>penstock budgets</c>: how the limits of a running gateway stand.</summary>
public static class BudgetsCommand
{
    public static Command Create()
    {
        var verbs = new AdminVerbs();
        var node = new Argument<string>("node") { Description = "A tenant, or tenant/key." };
        return new Command("budgets", "See how the limits of a running gateway stand.")
        {
            verbs.Make("list", "Every limit: used, reserved, kept for others, and when it begins anew.", [], (_, admin) => admin.AskAsync(HttpMethod.Get, "budgets"), (terminal, answer) => Show(terminal, answer.GetProperty("data").EnumerateArray())),
            verbs.Make("show", "One node, with what is reserved on it and below it (penstock budgets show acme/ada-1).", [node], (result, admin) =>
                admin.AskAsync(HttpMethod.Get, $"budgets/{string.Join('/', result.GetRequiredValue(node).Split('/').Select(AdminConnection.Escape))}"), (terminal, answer) =>
                {
                    Show(terminal, [answer]);
                    foreach (var reservation in answer.GetProperty("reservations").EnumerateArray())
                        terminal.WriteLine($"  reserved  {AdminTable.Text(reservation)}");
                }),
        };
    }

    private static void Show(Terminal terminal, IEnumerable<JsonElement> nodes)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("node", "window", "unit");
        foreach (var number in (string[])["used", "reserved", "kept", "limit"])
            table.AddColumn(new TableColumn(number).RightAligned());
        table.AddColumn("resets at");
        foreach (var (node, limit) in nodes.SelectMany(node => node.GetProperty("limits").EnumerateArray().Select(limit => (node, limit))))
            table.AddRow([.. new[] { AdminTable.Text(node, "node") }.Concat(((string[])["window", "unit", "used", "reserved", "kept", "limit", "resets_at"]).Select(field => AdminTable.Text(limit, field))).Select(Markup.Escape)]);
        terminal.Results.Write(table);
    }
}
