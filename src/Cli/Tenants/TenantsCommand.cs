using System.CommandLine;
using System.Text.Json.Nodes;
using Penstock.Cli.Admin;
using Penstock.Cli.Output;

namespace Penstock.Cli.Tenants;

/// <summary><c>penstock tenants</c>: who spends, and how much they may, on a running gateway.</summary>
public static class TenantsCommand
{
    public static Command Create()
    {
        var verbs = new AdminVerbs();
        var name = new Argument<string>("name") { Description = "The tenant." };
        var parent = new Option<string?>("--parent") { Description = "The tenant above.", HelpName = "tenant" };
        var limits = new Option<string[]>("--limit") { Description = "What it may spend, in the place of all limits that it has; may be given several times. Windows are 1m, 1h, day, month; units tokens, requests, usd.", HelpName = "month:usd=50|1m:tokens=1000|concurrency=8" };
        return new Command("tenants", "Look at and change the tenants of a running gateway.")
        {
            verbs.Make("list", "Every tenant, with its limits.", [], (_, admin) => admin.AskAsync(HttpMethod.Get, "tenants"), (terminal, answer) => AdminTable.Write(
                terminal,
                answer,
                ("tenant", item => AdminTable.Text(item, "name")),
                ("parent", item => AdminTable.Text(item, "definition", "parent")),
                ("limits", item => AdminTable.Text(item, "definition", "limits")),
                ("keys", item => AdminTable.Text(item, "keys")),
                ("source", item => AdminTable.Text(item, "source")))),
            verbs.Make("show", "One tenant, with those above and below (penstock tenants show acme).", [name], (result, admin) => admin.AskAsync(HttpMethod.Get, Path(result.GetRequiredValue(name))), AdminTable.WriteFields),
            verbs.Make("set", "Make a tenant, or change it (penstock tenants set acme --parent group --limit 1m:tokens=100000 --limit month:usd=50).", [name, parent, limits], (result, admin) =>
            {
                var given = (result.GetValue(limits) ?? []).Select(Limit).ToArray();
                return admin.ChangeAsync(Path(result.GetRequiredValue(name)), definition =>
                {
                    if (result.GetValue(parent) is { } above)
                        definition["parent"] = above;
                    if (given.Length > 0)
                        definition["limits"] = new JsonArray(given);
                });
            }, AdminTable.Line("is in force")),
            verbs.Make("remove", "Remove a tenant that has no keys and no tenants below it.", [name], (result, admin) => admin.AskAsync(HttpMethod.Delete, Path(result.GetRequiredValue(name))), AdminTable.Line("is removed")),
        };
    }

    private static string Path(string name) => $"tenants/{AdminConnection.Escape(name)}";

    // 1m:tokens=1000, or concurrency=8.
    private static JsonNode Limit(string text)
    {
        var (window, rest) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? (text[..colon], text[(colon + 1)..]) : (null, text);
        var parts = rest.Split('=');
        if (parts.Length != 2 || !decimal.TryParse(parts[1], out var amount))
            throw new CommandException($"--limit {text}: write window:unit=amount, such as 1m:tokens=1000, or concurrency=8.", ExitCode.WrongUsage);

        var limit = new JsonObject { [parts[0]] = amount };
        if (window is not null)
            limit["window"] = window;
        return limit;
    }
}
